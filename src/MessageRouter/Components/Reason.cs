namespace MessageRouter.Components;

/// <summary>One reason for what a filter does with a message.</summary>
/// <param name="Text">What was compared with what, as a phrase without a full stop: <c>`level` is "info", not "error"</c>.</param>
/// <param name="Key">
/// The option that has decided, as it stands in the filter's block, so that its line can be shown: <c>match</c>, a key within a block as <c>fields.site</c>, an element of a list
/// as <c>fields.0</c>. Null where it is none in particular.
/// </param>
public sealed record Reason(string Text, string? Key = null);
