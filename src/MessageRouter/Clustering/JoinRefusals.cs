namespace MessageRouter.Clustering;

/// <summary>Why a node that wants to join is refused.</summary>
internal static class JoinRefusals
{
    public const string Certificate = "certificate";

    public const string Clock = "clock";

    public const string Cluster = "cluster";

    public const string Name = "name";

    public const string Version = "version";

    public static IReadOnlyList<string> All { get; } = [Certificate, Clock, Cluster, Name, Version];
}
