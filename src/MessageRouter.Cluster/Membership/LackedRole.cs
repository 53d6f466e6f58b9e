namespace MessageRouter.Cluster.Membership;

/// <summary>That a node has none of the roles for something that its file has.</summary>
/// <param name="Name">What it is: an input, a filter or a group of processes.</param>
/// <param name="Roles">Those of which it would need one.</param>
/// <param name="IsSingleton">Whether it is a singleton; otherwise its copies or processes are placed.</param>
internal sealed record LackedRole(string Name, IReadOnlyList<string> Roles, bool IsSingleton);
