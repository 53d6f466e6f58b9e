namespace MessageRouter.Distribution;

/// <summary>How a distributor chooses a worker for a message.</summary>
internal enum Balance
{
    /// <summary>One after the other; who is full keeps its turn.</summary>
    RoundRobin,

    /// <summary>The one that has the fewest messages; among equals one after the other.</summary>
    LeastQueued,
}
