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
    /// <param name="stream">The stream's name.</param>
    /// <param name="input">The component's name.</param>
    /// <param name="endpoint">Where the component listens.</param>
    /// <param name="delivery">How it takes messages.</param>
    /// <param name="weight">How many shares of the stream it takes, beside others.</param>
    /// <param name="table">Told whose the keys are, on any thread.</param>
    IStreamOffering Offer(string stream, string input, string endpoint, DeliveryMode delivery, int weight, Action<SlotTable> table);

    /// <summary>Done when no component of this node feeds a stream any more.</summary>
    Task WhenNotFedHere(string stream);

    /// <summary>Tells who takes a stream: at once, and whenever that changes, one call at a time, on any thread.</summary>
    /// <param name="feeding">How the stream is fed.</param>
    /// <param name="changed">Told all that take it.</param>
    /// <param name="table">Told whose the keys are, where the cluster has agreed on that; null where nothing is known of it.</param>
    IStreamFollowing Follow(StreamFeeding feeding, Action<IReadOnlyList<StreamOffer>> changed, Action<SlotTable?> table);

    /// <summary>Which time it is that this process runs without a pause so long that the others may have taken it to be gone meanwhile; negative where it is not known to run.</summary>
    long Awake { get; }

    /// <summary>
    /// Which time it is that what the cluster has agreed on counts for this node; negative where it may not, since the others may have taken it to be gone: the process has stood still, or it has been out of touch with them.
    /// </summary>
    long Standing { get; }
}

/// <summary>That a component of this node feeds a stream, until it is disposed.</summary>
internal interface IStreamFollowing : IDisposable
{
    /// <summary>Has all nodes know how far it is.</summary>
    /// <param name="feeder">Its number; 0 for none.</param>
    /// <param name="finished">The table by which it has nothing out of the slots that are nobody's.</param>
    void Say(long feeder, long finished);
}

/// <summary>What a component of this node offers, until it is disposed.</summary>
internal interface IStreamOffering : IDisposable
{
    /// <summary>Offers it only to this node's own components any more: what these still have has to go somewhere when the node stops.</summary>
    void WithdrawFromOthers();

    /// <summary>Has all nodes know by which table it has nothing any more of outputs that are not in it.</summary>
    void Say(long finished);
}

/// <summary>That a component of a node takes a stream.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Endpoint">Where the component listens, as others reach it.</param>
/// <param name="Delivery">How it takes messages.</param>
internal sealed record StreamOffer(string Stream, string Node, string Endpoint, DeliveryMode Delivery)
{
    /// <summary>The component's name; empty where the node does not tell it.</summary>
    public string Input { get; init; } = "";

    /// <summary>Whether only this node's own components are to feed it any more.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>How much of the stream it takes, beside others; 0 for nothing now.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The newest table by which it has nothing any more of outputs that are not in it.</summary>
    public long Finished { get; init; }
}
