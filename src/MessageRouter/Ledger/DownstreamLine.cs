namespace MessageRouter.Ledger;

/// <summary>What a component has sent to one receiver: a component of one run of another node, as that said of itself.</summary>
public sealed record DownstreamLine
{
    /// <summary>The receiver's node; null where the line sums up several.</summary>
    public string? Node { get; init; }

    /// <summary>The run of the node: 32 hexadecimal digits.</summary>
    public string? Epoch { get; init; }

    /// <summary>The component that receives.</summary>
    public string? Component { get; init; }

    /// <summary>The number of this account of the receiver; null for at-least-once links.</summary>
    public long? Account { get; init; }

    /// <summary>
    /// <c>connected</c>; <c>finished</c> where this component has had a last word, or every message has ended; <c>broken</c> where the connection has ended without one; <c>others</c> for peers that are told nothing;
    /// <c>earlier</c> for receivers of which only the sum is kept.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Connections up to now.</summary>
    public long Connections { get; init; }

    /// <summary>Messages that were written to its connections; of at-least-once links those that it was given, one that is given twice twice.</summary>
    public long Sent { get; init; }

    /// <summary>Of those, messages that the receiver is done with; null where it does not answer.</summary>
    public long? Answered { get; init; }

    /// <summary>Of those, messages that the receiver has failed on or gave back, or had no time to answer for: they went to another, or were given up. Null where it does not answer.</summary>
    public long? Returned { get; init; }

    /// <summary>Messages that it was given and that are not written yet.</summary>
    public long Queued { get; init; }

    /// <summary>Messages that were for it and were not sent, by reason.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();

    /// <summary>Messages that were published before it first subscribed.</summary>
    public long BeforeSubscribe { get; init; }

    /// <summary>Of those that were sent, messages that its machine had not confirmed when a connection ended, or whose end was not waited for.</summary>
    public long Unconfirmed { get; init; }

    /// <summary>There was a time in which it was away and nobody counted what it missed; null where there was none.</summary>
    public bool? Uncounted { get; init; }
}
