namespace MessageRouter.Reloading;

/// <summary>A file that somebody brings to a node, as it is.</summary>
/// <param name="Name">What who brings it calls it.</param>
/// <param name="Text">What it says.</param>
internal sealed record BroughtFile(string Name, string Text);
