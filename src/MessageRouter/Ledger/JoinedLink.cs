namespace MessageRouter.Ledger;

/// <summary>What both ends of a link say, or one of them.</summary>
/// <param name="From">The sender: node, run, component.</param>
/// <param name="To">The receiver.</param>
/// <param name="Account">The number of the account.</param>
internal sealed record JoinedLink(LedgerEnd From, LedgerEnd To, long Account)
{
    /// <summary>What the sender says; null where its ledger is not there.</summary>
    public DownstreamLine? Sender { get; init; }

    /// <summary>What the receiver says; null where its ledger is not there, or says nothing of the link.</summary>
    public UpstreamLine? Receiver { get; init; }

    /// <summary>Messages sent, as far as that is known.</summary>
    public long Sent => Sender?.Sent ?? Receiver!.Sent;

    /// <summary>Messages that have come; null where that is not known.</summary>
    public long? Received { get; init; }

    /// <summary>Messages that the receiver knows to be lost.</summary>
    public long LostInTransit => Receiver?.LostInTransit ?? 0;

    /// <summary>Of nodes that run: whether what was sent may still come.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether the receiver answers for each message, so that what does not come goes to another.</summary>
    public bool IsAnswered => Sender is not null ? Sender.Answered is not null : Receiver!.Account is null;

    /// <summary>Messages that were sent last and have not come, which the receiver was not told any more: the ledgers together show it. Null where one is missing.</summary>
    public long? LostAtTheEnd => Missing is not { } missing ? null : IsOpen || IsAnswered ? 0 : missing;

    /// <summary>Messages that may still come; null where one ledger is missing.</summary>
    public long? UnderWay => Missing is not { } missing ? null : IsAnswered ? Math.Min(missing, Sender!.Sent - (Sender.Answered ?? 0) - (Sender.Returned ?? 0)) : IsOpen ? missing : 0;

    /// <summary>At-least-once: messages that have not come, and went to another receiver; null where one ledger is missing.</summary>
    public long? WentToOthers => Missing is not { } missing ? null : IsAnswered ? missing - UnderWay : 0;

    private long? Missing => Sender is null || Received is not { } received ? null : Sender.Sent - received - LostInTransit;

    /// <summary>Messages that were for the receiver and were not sent, by reason: as the sender knows them, which knows them first.</summary>
    public IReadOnlyDictionary<string, long> Dropped => Sender?.Dropped ?? Receiver!.DroppedBySender;

    public long BeforeSubscribe => Sender?.BeforeSubscribe ?? Receiver!.BeforeSubscribe;

    /// <summary>What contradicts; empty where all adds up.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What cannot be known; null where all is.</summary>
    public string? Unknown { get; init; }
}

/// <summary>One end of a link.</summary>
internal sealed record LedgerEnd(string Node, string Epoch, string Component)
{
    public override string ToString() => LinkRows.NameOf(Node, Component, Epoch, "");
}
