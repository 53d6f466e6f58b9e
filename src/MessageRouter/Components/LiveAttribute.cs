namespace MessageRouter.Components;

/// <summary>
/// Marks an option that a component takes while it works: a reload that changes nothing else of it calls <c>ComponentActor.Change</c>, where for any
/// other option it puts a new component in its place.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class LiveAttribute : Attribute;
