namespace MessageRouter.Cluster.Singletons;

/// <summary>That a component of a node can be a singleton.</summary>
/// <param name="Name">The component's name.</param>
/// <param name="Number">A number of its own, which it has until it has closed: whoever is named by it is at work, or may be.</param>
internal sealed record SingletonCandidate(string Name, long Number);
