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

    /// <summary>Has all who feed a stream know that a component of this node takes it.</summary>
    IStreamOffering Offer(string stream, string endpoint, DeliveryMode delivery);

    /// <summary>Done when no component of this node feeds a stream any more.</summary>
    Task WhenNotFedHere(string stream);

    /// <summary>Tells who takes a stream: at once, and whenever that changes, one call at a time, on any thread.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="changed">Told all that take it.</param>
    IDisposable Follow(string stream, Action<IReadOnlyList<StreamOffer>> changed);
}

/// <summary>What a component of this node offers, until it is disposed.</summary>
internal interface IStreamOffering : IDisposable
{
    /// <summary>Offers it only to this node's own components any more: what these still have has to go somewhere when the node stops.</summary>
    void WithdrawFromOthers();
}

/// <summary>That a component of a node takes a stream.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Endpoint">Where the component listens, as others reach it.</param>
/// <param name="Delivery">How it takes messages.</param>
internal sealed record StreamOffer(string Stream, string Node, string Endpoint, DeliveryMode Delivery);
