namespace MessageRouter.Clustering;

/// <summary>Has components be at work on one node of the cluster at a time. Callable from any thread.</summary>
internal interface ISingletons
{
    /// <summary>A component of this node can be it.</summary>
    /// <param name="name">The component's name, the same on all nodes.</param>
    /// <param name="role">The role that a node has to have; empty for any.</param>
    ISingletonClaim Claim(string name, string role);
}

/// <summary>That a component of this node can be the one that works, until it is disposed: then another node's may.</summary>
internal interface ISingletonClaim : IDisposable
{
    /// <summary>Whether it is to work. It can end at any time, and the component closes then.</summary>
    bool IsHeld { get; }

    /// <summary>Whether what it has brought counts: not where this process has stood still so long that another node may have been it meanwhile.</summary>
    bool Counts { get; }

    /// <summary>Asks for it.</summary>
    /// <param name="changed">Called, on any thread, where <see cref="IsHeld"/> may have changed.</param>
    void Begin(Action changed);

    /// <summary>The component has closed, since it was not to work any more.</summary>
    void HasClosed();
}
