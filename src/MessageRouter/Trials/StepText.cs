using System.Globalization;
using MessageRouter.Components;

namespace MessageRouter.Trials;

/// <summary>Says in words what a component did with a message.</summary>
internal static class StepText
{
    /// <summary>One word, for programs.</summary>
    public static string Outcome(ComponentDefinition component, TrialStep step, bool isChanged) => step.End switch
    {
        TrialEnd.Passed when component.Role == ComponentRole.Output => "delivered",
        TrialEnd.Passed when step.Passed.Count > 1 => "multiplied",
        TrialEnd.Passed => isChanged ? "changed" : "passed",
        TrialEnd.Filtered => "stopped",
        TrialEnd.Failed => "failed",
        TrialEnd.Dropped => "dropped",
        TrialEnd.Held => "held",
        _ => "not-started",
    };

    /// <summary>A sentence whose subject is the component, without a full stop.</summary>
    public static string Of(ComponentDefinition component, TrialStep step, bool isChanged) =>
        Deed(component, step) + (step.Waited > TimeSpan.Zero && step.End == TrialEnd.Passed ? $" after {TimeText.Of(step.Waited)}" : "")
        + (isChanged && component.Role == ComponentRole.Filter && step.Passed.Count == 1 ? ", changed" : "")
        + (step.IsStopped ? ", and is ended by its supervision" : step.IsRestarted ? ", and is restarted by its supervision" : "");

    private static string Deed(ComponentDefinition component, TrialStep step) => (step.End, component.Role) switch
    {
        (TrialEnd.NotStarted, _) => $"cannot be started: {Phrase(step.Problem)}",
        (TrialEnd.Held, _) => "still has it when the time for the trial is over",
        (TrialEnd.Dropped, _) => $"drops it: {Phrase(step.Problem)}",
        (TrialEnd.Failed, ComponentRole.Input) => $"cannot read it as {Name(component.Codec)}: {Phrase(step.Problem)}",
        (TrialEnd.Failed, ComponentRole.Output) => $"cannot write it as {Name(component.Codec)}: {Phrase(step.Problem)}",
        (TrialEnd.Failed, _) => $"fails on it: {Phrase(step.Problem)}{(step.Error?.Attempts is > 1 and var attempts ? string.Create(CultureInfo.InvariantCulture, $" (tried {attempts} times within {TimeText.Of(step.Waited)})") : "")}",
        (TrialEnd.Filtered, _) when component.Type.ActorType.IsAssignableTo(typeof(EmittingFilterActor)) => "sends nothing on for it, now or within ten minutes; it may have kept it",
        (TrialEnd.Filtered, _) => "stops it",
        (_, ComponentRole.Input) => $"reads it as {Name(component.Codec)}",
        (_, ComponentRole.Output) => $"gets it as {Name(component.Codec)}",
        _ when step.Passed.Count > 1 => string.Create(CultureInfo.InvariantCulture, $"makes {step.Passed.Count} messages of it"),
        _ => "passes it on",
    };

    private static string Name(MessageFormat format) => format switch
    {
        MessageFormat.Json => "JSON",
        MessageFormat.Text => "text",
        _ => "bytes",
    };

    private static string Phrase(string? problem) => problem?.Trim().TrimEnd('.') ?? "for no reason that is known";
}
