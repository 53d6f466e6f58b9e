using System.Globalization;
using System.Text;
using MessageRouter.Trials;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Explaining;

/// <summary>An explanation for people: a tree of steps.</summary>
internal sealed class ExplanationText
{
    private readonly StringBuilder _text = new();

    public static string Print(Explanation explanation)
    {
        var text = new ExplanationText();
        text.Line("", Payload(explanation.Message));
        text.Step(explanation.Step, "", "");
        if (explanation.Cut is true) text.Line("", "… and more steps, which are not shown.");
        text.Line("", $"Ends: {string.Join("; ", explanation.Ends)}.");
        return text._text.ToString();
    }

    /// <param name="step">The step.</param>
    /// <param name="first">What stands before its first line.</param>
    /// <param name="rest">What stands before all others.</param>
    private void Step(ExplainedStep step, string first, string rest)
    {
        Line(first, $"{step.Component} ({step.Type}{(step.Place is null ? "" : $", {step.Place}")}) {step.Text}  [{Time(step.Seconds)}]");
        var children = step.Passed.Sum(passed => passed.To.Count);
        var inner = rest + (children > 0 ? "│ " : "  ");
        foreach (var reason in step.Reasons)
        {
            Line(inner, $"because {reason.Text}");
            if (reason.Place is not null) Line(inner, $"--> {reason.Place}: {reason.Line}");
        }
        if (step.Error is { } error) Line(inner, $"{error.Output} is told that it {error.Kind switch { "failed" => "failed", var kind => $"is {kind}" }}{(error.Exception is { } exception ? $": {exception.Split('\n')[0].Trim()}" : "")}");
        Line(inner, step.Mailbox.Text);
        foreach (var passed in step.Passed) Passed(passed, step.Passed.Count > 1, inner, rest, ref children);
    }

    private void Passed(PassedOn passed, bool isOneOfMany, string inner, string rest, ref int children)
    {
        if (isOneOfMany && passed.Message is { } message) Line(inner, Payload(message));
        else
        {
            foreach (var change in passed.Changes)
            {
                var name = change.Path.Length == 0 ? "" : $"{change.Path}: ";
                if (change.Before is { } before) Line(inner, $"- {name}{before}");
                if (change.After is { } after) Line(inner, $"+ {name}{after}");
            }
        }
        foreach (var next in passed.To)
        {
            var isLast = --children == 0;
            Step(next, rest + (isLast ? "└─ " : "├─ "), rest + (isLast ? "   " : "│  "));
        }
    }

    private void Line(string before, string text) => _text.Append(before).Append(SafeText.Of(text)).Append('\n');

    private static string Payload(ShownPayload payload) =>
        (payload.Text ?? $"base64 {payload.Base64}") + (payload.Cut is true ? string.Create(CultureInfo.InvariantCulture, $"… ({payload.Length} bytes)") : "")
        + (payload.Frames is { } frames ? string.Create(CultureInfo.InvariantCulture, $"  +{frames} frame{(frames == 1 ? "" : "s")}") : "");

    private static string Time(double seconds) => TimeText.Of(TimeSpan.FromMilliseconds(Math.Round(seconds * 1000, 2)));
}
