using MessageRouter.Distribution;

namespace MessageRouter.Clustering;

/// <summary>That a component of a node feeds a stream.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Delivery">How.</param>
/// <param name="Route">Which of those who take it get a message, as it is written.</param>
/// <param name="Key">By what messages are told apart, as it is written; null where they are not.</param>
internal sealed record StreamFeeding(string Stream, DeliveryMode Delivery, string Route, string? Key = null)
{
    /// <summary>Where it feeds by key, its number; 0 as long as it does not ask to.</summary>
    public long Feeder { get; init; }

    /// <summary>The newest table by which it has nothing out of the slots that are nobody's.</summary>
    public long Finished { get; init; }

    /// <summary>How it feeds, for people.</summary>
    public string Way => $"{(Key is null ? Route : $"key {Key}")}, {(Delivery == DeliveryMode.AtLeastOnce ? "at-least-once" : "at-most-once")}";
}
