using MessageRouter.Pools;

namespace MessageRouter.Clustering;

/// <summary>Has the cluster place copies of filters, and worker processes, on its nodes. Callable from any thread.</summary>
internal interface IPlacements
{
    /// <summary>This node can have some of them.</summary>
    /// <param name="name">What they are copies of, the same on all nodes: <c>filters.enrich</c>.</param>
    /// <param name="options">How many there are to be.</param>
    /// <param name="changed">Called, on any thread, with the number that this node is to have, whenever that changes.</param>
    IPlacement Join(string name, PlacementOptions options, Action<int> changed);

    /// <summary>Has there be another number of them on all nodes together.</summary>
    /// <returns>Done when it has been decided; the nodes then start or end them.</returns>
    /// <exception cref="InvalidOperationException">Nobody decides now, or no node has such a pool.</exception>
    Task ResizeAsync(string name, int total, CancellationToken cancellation);
}

/// <summary>That a node can have some of what is placed, until it is disposed: then others have them.</summary>
internal interface IPlacement : IDisposable
{
    /// <summary>The configuration has another number, or other roles.</summary>
    void Change(PlacementOptions options);

    /// <summary>The node is to have none any more, and is not told of it: those that it has end by themselves.</summary>
    void Leave();

    /// <summary>Has all nodes know how many there are here: what ends counts until it has ended.</summary>
    void Say(int running);
}
