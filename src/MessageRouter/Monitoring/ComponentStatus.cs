using MessageRouter.Ledger;

namespace MessageRouter.Monitoring;

/// <summary>One component at one moment: its line of the ledger, and what goes on in it.</summary>
public sealed record ComponentStatus : ComponentLine
{
    /// <summary>Makes one of a line of the ledger.</summary>
    public ComponentStatus(
        string name, string type, long @in, long created, long @out, long filtered, long failed, IReadOnlyDictionary<string, long> dropped,
        long queued, long restarts, IReadOnlyList<string> endpoints, IReadOnlyList<WorkerLine>? workers = null)
        : base(name, type, @in, created, @out, filtered, failed, dropped, queued, restarts, endpoints, workers)
    {
    }

    internal ComponentStatus(ComponentLine line)
        : base(line)
    {
    }

    /// <summary><c>input</c>, <c>filter</c> or <c>output</c>.</summary>
    public string Role { get; init; } = "";

    /// <summary>The full names of those that it sends to.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>
    /// <c>starting</c>, <c>running</c>, <c>blocked</c> by whom it sends to, <c>paused</c> since it can take no more itself, <c>backing-off</c> before its
    /// restart, <c>set-aside</c> since it keeps failing, <c>ending</c>, <c>ended</c>, or <c>stopped</c> by its supervision.
    /// </summary>
    public string State { get; init; } = "";

    /// <summary>The stream of the cluster that it takes or feeds; null for what does neither.</summary>
    public string? Stream { get; init; }

    /// <summary>Who holds it up; null where nobody does.</summary>
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>Seconds until it is tried again; null where it does not wait for that.</summary>
    public double? BackingOffSeconds { get; init; }

    /// <summary>Seconds that it has been at what it took last; null while it is at nothing.</summary>
    public double? BusySeconds { get; init; }

    /// <summary>What went wrong last; null where nothing did.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Where its block stands: <c>node.conf:14:5</c>; null where it was made in code.</summary>
    public string? Place { get; init; }

    /// <summary>Its mailbox.</summary>
    public MailboxStatus Mailbox { get; init; } = new();

    /// <summary>What came in a second, what it made itself included.</summary>
    public Rates InRate { get; init; } = Rates.None;

    /// <summary>What went on a second.</summary>
    public Rates OutRate { get; init; } = Rates.None;

    /// <summary>What failed a second.</summary>
    public Rates FailedRate { get; init; } = Rates.None;

    /// <summary>What was dropped a second, by reason.</summary>
    public IReadOnlyDictionary<string, Rates> DroppedRate { get; init; } = new Dictionary<string, Rates>();

    /// <summary>
    /// Peers that were refused, or ended later because they had broken a rule, by the rule: a fixed set of words, such as <c>connections-per-second</c> and <c>protocol</c>; null for what has no
    /// peers.
    /// </summary>
    public IReadOnlyDictionary<string, long>? Refused { get; init; }

    /// <summary>Its connections to peers; null for what has none.</summary>
    public IReadOnlyList<ConnectionLine>? Connections { get; init; }
}

/// <summary>A component's mailbox, with what is kept before it and within the component.</summary>
public sealed record MailboxStatus
{
    /// <summary>Messages in it.</summary>
    public long Queued { get; init; }

    /// <summary>Messages that have room.</summary>
    public long Capacity { get; init; }

    /// <summary>The bytes of those that are in it.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes that have room.</summary>
    public long MaxBytes { get; init; }

    /// <summary>How full it is, in messages or bytes, whichever is more: 0 to 1.</summary>
    public double Fill { get; init; }

    /// <summary>Seconds that the message has waited that waits longest, to about a second; null where none waits, or it has waited for longer than ten minutes.</summary>
    public double? OldestSeconds { get; init; }

    /// <summary>Seconds that it has been full, or nearly, without a break; null where it is not.</summary>
    public double? FullSeconds { get; init; }
}

/// <summary>Who holds a component up: the one at the end of the chain of those that wait for one another.</summary>
/// <param name="Component">Its full name.</param>
/// <param name="Why">What it is at, as a part of a sentence.</param>
/// <param name="Path">Those between, and it, nearest first.</param>
public sealed record WaitingFor(string Component, string Why, IReadOnlyList<string> Path);

/// <summary>One edge at one moment.</summary>
public sealed record EdgeStatus
{
    /// <summary>The sender's full name.</summary>
    public required string From { get; init; }

    /// <summary>The receiver's full name.</summary>
    public required string To { get; init; }

    /// <summary>Sent, whether the receiver's mailbox took them or not.</summary>
    public long Offered { get; init; }

    /// <summary>Those of them that got into the receiver's mailbox.</summary>
    public long Delivered { get; init; }

    /// <summary>Those of them that did not, or were evicted from it, by reason.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();

    /// <summary>Those of them that are kept until there is room.</summary>
    public long Waiting { get; init; }

    /// <summary>What the sender sent to others only, before a reload connected the two or after one had parted them; null for none.</summary>
    public long? NotConnected { get; init; }

    /// <summary>What is sent a second.</summary>
    public Rates Rate { get; init; } = Rates.None;

    /// <summary>What is dropped a second.</summary>
    public Rates DroppedRate { get; init; } = Rates.None;
}

/// <summary>A connection to a peer at one moment.</summary>
/// <param name="Peer">Of a peer that has connected its address, of one that was connected to the endpoint: <c>tcp://10.0.0.7:4711</c>.</param>
/// <param name="Direction"><c>accepted</c> where the peer has connected, <c>connected</c> where this node has.</param>
/// <param name="Socket">The type of this side's socket: <c>sub</c>, <c>pull</c>, <c>pub</c>, <c>push</c>, or <c>dealer</c> and <c>router</c> of at-least-once links.</param>
/// <param name="SinceSeconds">Seconds since it was made.</param>
/// <param name="MessagesIn">Messages that came over it, the words of an at-least-once link included; subscriptions are none.</param>
/// <param name="BytesIn">Bytes that came over it, those of the protocol included.</param>
/// <param name="MessagesOut">Messages that were written to it, counted in the same way.</param>
/// <param name="BytesOut">Bytes that were written to it, those of the protocol included.</param>
/// <param name="Queued">Messages that wait to be written to it.</param>
/// <param name="Unconfirmed">Messages that were written and that the peer's machine has not confirmed; known on Linux and while nothing is being written, else 0.</param>
/// <param name="SilentSeconds">Seconds since anything was read from it, heartbeats included; it is not read while the node has no room.</param>
public sealed record ConnectionLine(
    string Peer, string Direction, string Socket, double SinceSeconds, long MessagesIn, long BytesIn, long MessagesOut, long BytesOut,
    long Queued, long Unconfirmed, double SilentSeconds);
