using MessageRouter.Distribution;

namespace MessageRouter.Clustering;

/// <summary>Which streams nodes offer to take, and where. Callable from any thread.</summary>
internal interface IStreamDirectory
{
    /// <summary>The name of this node.</summary>
    string Node { get; }

    /// <summary>The name or address under which others reach this node.</summary>
    string Host { get; }

    /// <summary>The address at which this node listens for them.</summary>
    string BindHost { get; }

    /// <summary>Has others know that a component of this node takes a stream, until the result is disposed.</summary>
    IDisposable Offer(string stream, string endpoint, DeliveryMode delivery);

    /// <summary>Tells who takes a stream: at once, and whenever that changes, one call at a time, on any thread.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="component">The component that feeds it, for status.</param>
    /// <param name="changed">Told all that take it.</param>
    IDisposable Follow(string stream, string component, Action<IReadOnlyList<StreamOffer>> changed);
}

/// <summary>That a component of a node takes a stream.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Endpoint">Where the component listens, as others reach it.</param>
/// <param name="Delivery">How it takes messages.</param>
internal sealed record StreamOffer(string Stream, string Node, string Endpoint, DeliveryMode Delivery);
