using MessageRouter.Configuration;
using MessageRouter.Routing;

namespace MessageRouter.Reloading;

/// <summary>A configuration that was read and is not in force yet.</summary>
/// <param name="Definition">What it says.</param>
/// <param name="Warnings">What is questionable about it.</param>
internal sealed record Reading(NodeDefinition Definition, IReadOnlyList<Diagnostic> Warnings);
