namespace MessageRouter.Ledger;

/// <summary>What a component knows of the messages of one sender: a component of one run of another node, as that said of itself.</summary>
/// <remarks>At every moment <see cref="Sent"/> = <see cref="Received"/> + <see cref="LostInTransit"/> + <see cref="UnderWay"/>.</remarks>
public sealed record UpstreamLine
{
    /// <summary>The sender's node; null where the line sums up several.</summary>
    public string? Node { get; init; }

    /// <summary>The run of the node: 32 hexadecimal digits.</summary>
    public string? Epoch { get; init; }

    /// <summary>The component that sends.</summary>
    public string? Component { get; init; }

    /// <summary>The number of the account that the sender keeps of this component; a second one means that it had forgotten the first. Null for at-least-once links.</summary>
    public long? Account { get; init; }

    /// <summary>
    /// <c>connected</c>; <c>finished</c> where the sender has had a last word, or gives to others what was not answered for; <c>broken</c> where the connection has ended without one, so that what it had sent last is not known;
    /// <c>left</c> where this component has ended the connection before such a word, since it stops; <c>others</c> for peers that tell nothing; <c>earlier</c> for senders of which only the sum is kept.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Connections up to now.</summary>
    public long Connections { get; init; }

    /// <summary>Messages that it is known to have sent.</summary>
    public long Sent { get; init; }

    /// <summary>Messages that have come.</summary>
    public long Received { get; init; }

    /// <summary>Messages that it had sent over connections that have ended, and that never came.</summary>
    public long LostInTransit { get; init; }

    /// <summary>Messages that it had sent over connections that it knows to have ended, and this side does not: they may still come.</summary>
    public long UnderWay { get; init; }

    /// <summary>Messages that were for this component and that it has not sent, by reason.</summary>
    public IReadOnlyDictionary<string, long> DroppedBySender { get; init; } = new Dictionary<string, long>();

    /// <summary>Messages that a publisher had published before this component first subscribed.</summary>
    public long BeforeSubscribe { get; init; }

    /// <summary>Messages that have come without having been subscribed to, and were not taken; null for none.</summary>
    public long? NotWanted { get; init; }

    /// <summary>There was a time in which nobody counted what this component missed; null where there was none.</summary>
    public bool? Uncounted { get; init; }

    /// <summary>What the sender said contradicts itself, or what has come; null where nothing does.</summary>
    public string? Contradiction { get; init; }
}
