namespace MessageRouter.Trials;

/// <summary>What becomes of one message in a node: each step with its reasons, and where it ends.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Message">The message.</param>
/// <param name="Step">The component that it came to, and from there on.</param>
/// <param name="Ends">Where it ends, one phrase for each branch.</param>
/// <param name="Cut">True where there was more to say than is shown.</param>
internal sealed record Explanation(string Node, ShownPayload Message, ExplainedStep Step, IReadOnlyList<string> Ends, bool? Cut);

/// <summary>What one component does with a message.</summary>
/// <param name="Component">Its full name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Place">Where its block stands; null where it was made in code.</param>
/// <param name="Outcome"><c>passed</c>, <c>changed</c>, <c>stopped</c>, <c>multiplied</c>, <c>failed</c>, <c>dropped</c>, <c>held</c>, <c>delivered</c> or <c>not-started</c>.</param>
/// <param name="Text">The same as a sentence without a full stop.</param>
/// <param name="Reasons">Why.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="WaitedSeconds">How long it would have held the message, which was not waited for; null for no time.</param>
/// <param name="Mailbox">What happens when the component's mailbox is full.</param>
/// <param name="Passed">What goes on, and where to; of an output what it writes.</param>
/// <param name="Error">What the error chain is told; null where nothing failed.</param>
internal sealed record ExplainedStep(
    string Component, string Type, string? Place, string Outcome, string Text, IReadOnlyList<ShownReason> Reasons, double Seconds, double? WaitedSeconds,
    MailboxOutlook Mailbox, IReadOnlyList<PassedOn> Passed, ExplainedError? Error);

/// <summary>A reason with the place of the option that has decided.</summary>
/// <param name="Text">What was compared with what.</param>
/// <param name="Place">The file, line and column; null where no option has decided, or it was left out.</param>
/// <param name="Line">What stands there.</param>
internal sealed record ShownReason(string Text, string? Place, string? Line);

/// <summary>A message that goes on from a component.</summary>
/// <param name="Message">It; null where it is the one that came.</param>
/// <param name="Changes">What is different from the one that came.</param>
/// <param name="To">What becomes of it.</param>
internal sealed record PassedOn(ShownPayload? Message, IReadOnlyList<FieldChange> Changes, IReadOnlyList<ExplainedStep> To);

/// <summary>One difference between a message before and after.</summary>
/// <param name="Path">The field, as filters name it; empty for the payload as a whole.</param>
/// <param name="Before">Its value as JSON, or the text; null where it was not there.</param>
/// <param name="After">The same after; null where it is gone.</param>
internal sealed record FieldChange(string Path, string? Before, string? After);

/// <summary>What the error chain is told.</summary>
/// <param name="Kind"><c>failed</c>, <c>undecodable</c> or <c>unencodable</c>.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Exception">What was thrown; null where nothing was.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Output">The error chain's output with its type and place.</param>
internal sealed record ExplainedError(string Kind, string Problem, string? Exception, int Attempts, string Output);

/// <summary>A payload as it is shown.</summary>
/// <param name="Text">Where that is text.</param>
/// <param name="Base64">Where it is none.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Cut">True where only the beginning is shown.</param>
/// <param name="Frames">How many frames stand before it; null for none.</param>
internal sealed record ShownPayload(string? Text, string? Base64, int Length, bool? Cut, int? Frames);

/// <summary>What happens when a component's mailbox is full.</summary>
/// <param name="Policy"><c>drop-newest</c>, <c>drop-oldest</c> or <c>wait</c>.</param>
/// <param name="Capacity">Messages that have room.</param>
/// <param name="MaxBytes">Bytes that have room.</param>
/// <param name="Text">What follows, as a sentence without a full stop.</param>
/// <param name="HeldUp">Components that wait then, the nearest first; null where none do.</param>
internal sealed record MailboxOutlook(string Policy, int Capacity, long MaxBytes, string Text, IReadOnlyList<string>? HeldUp);
