namespace MessageRouter.Cluster.Membership;

/// <summary>When a node begins a cluster, where it is the one that may and nobody who answers is in one.</summary>
internal enum Beginning
{
    /// <summary>It was in none before.</summary>
    AsFirst,

    /// <summary>The others have taken it to be gone. Those who go on where it does not reach them are more than half, so they are not where it reaches more than half.</summary>
    WithMoreThanHalf,

    /// <summary>The others have taken it to be gone, and those who go on may be few: only where all answer nobody goes on.</summary>
    WithAll,
}
