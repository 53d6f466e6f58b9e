using MessageRouter.Components;
using MessageRouter.Routing;

namespace MessageRouter.Trials;

/// <summary>Follows one message through a node, along every branch.</summary>
/// <param name="definition">The node.</param>
/// <param name="hide">Leaves secrets out of what stands in its files.</param>
internal sealed class Explainer(NodeDefinition definition, Func<string, string>? hide = null)
{
    /// <summary>Steps that are shown of one message.</summary>
    private const int MostSteps = 200;

    private readonly Outlook _outlook = new(definition);
    private readonly Dictionary<string, ComponentDefinition> _byName = definition.Components.ToDictionary(component => component.Name);
    private readonly StepReasons _reasons = new(hide ?? (text => text));
    private readonly List<string> _ends = [];
    private int _steps;
    private bool _isCut;

    /// <param name="trial">Where it is tried.</param>
    /// <param name="component">What the message comes to.</param>
    /// <param name="payload">The message.</param>
    /// <param name="peer">Who has sent it; null where that is not known.</param>
    public async Task<Explanation> ExplainAsync(TrialNode trial, ComponentDefinition component, ReadOnlyMemory<byte> payload, MessagePeer? peer = null)
    {
        (_steps, _isCut) = (0, false);
        _ends.Clear();
        var message = AsRead(payload).WithPeer(peer);
        var step = await FollowAsync(trial, component, null, message);
        return new Explanation(definition.Name, MessageDiff.Show(message), step, [.. _ends.Distinct()], _isCut ? true : null);
    }

    /// <summary>What an input would have made of it, for components that come after one.</summary>
    private static Message AsRead(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return Message.FromJson(payload);
        }
        catch (FormatException)
        {
            return new Message(payload, System.Text.Unicode.Utf8.IsValid(payload.Span) ? MessageFormat.Text : MessageFormat.Bytes);
        }
    }

    private async Task<ExplainedStep> FollowAsync(TrialNode trial, ComponentDefinition component, string? from, Message message)
    {
        _steps++;
        var step = await trial.StepAsync(component.FullName, message);
        var passed = new List<PassedOn>();
        foreach (var next in step.Passed)
        {
            var isSame = ReferenceEquals(next, message) || next.Payload.Span.SequenceEqual(message.Payload.Span);
            var to = new List<ExplainedStep>();
            foreach (var target in component.To)
            {
                if (_steps < MostSteps) to.Add(await FollowAsync(trial, _byName[target], component.FullName, next));
                else _isCut = true;
            }
            passed.Add(new PassedOn(isSame ? null : MessageDiff.Show(next), MessageDiff.Between(message, next), to));
        }
        var isChanged = passed.Exists(one => one.Message is not null);
        var outcome = StepText.Outcome(component, step, isChanged);
        var text = StepText.Of(component, step, isChanged);
        if (component.Role == ComponentRole.Output || step.Passed.Count == 0) _ends.Add($"{component.FullName} {text}");
        return new ExplainedStep(
            component.FullName, component.Type.Name, component.Origin?.ToString(), outcome, text, _reasons.Of(component, step, message), Math.Round(step.Took.TotalSeconds, 6),
            step.Waited > TimeSpan.Zero ? step.Waited.TotalSeconds : null, _outlook.Of(component.FullName, from), passed, Error(step));
    }

    private ExplainedError? Error(TrialStep step)
    {
        if (step.Error is not { } error) return null;
        var output = definition.Errors;
        return new ExplainedError(
            error.Kind, step.Problem ?? "", error.Exception, error.Attempts,
            $"{output.FullName} ({output.Type.Name}{(output.Origin is { } origin ? $", {origin}" : "")})");
    }
}
