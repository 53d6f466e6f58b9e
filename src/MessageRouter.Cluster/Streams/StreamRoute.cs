namespace MessageRouter.Cluster.Streams;

/// <summary>Which of the nodes that take a stream get a message.</summary>
internal enum StreamRoute
{
    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>The one that has the fewest.</summary>
    LeastBusy,

    /// <summary>The same node, as long as that has room.</summary>
    LocalFirst,

    /// <summary>All of them.</summary>
    Broadcast,

    /// <summary>The one whose the message's key is.</summary>
    Key,
}
