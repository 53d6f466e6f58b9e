namespace MessageRouter.Benchmarks.Route;

/// <summary>How a message comes from one node to others.</summary>
internal enum ClusterWay
{
    /// <summary>PUSH and PULL.</summary>
    Sockets,

    /// <summary>A stream, each node in turn.</summary>
    Stream,

    /// <summary>A stream by key.</summary>
    Key,
}
