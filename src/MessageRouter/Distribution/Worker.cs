using MessageRouter.Ledger;
using MessageRouter.Links;
using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>
/// One of the peers among which a distributor divides its messages. The distributor's actor alone changes it; its counts
/// and state may be read on any thread.
/// </summary>
internal sealed class Worker(string name, TimeProvider clock)
{
    private readonly RateMeter _rate = new(clock);
    private volatile string _name = name;
    private volatile WorkerState _state = WorkerState.Connecting;
    private volatile string? _lastError;

    public string Name
    {
        get => _name;
        set => _name = value;
    }

    public WorkerState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>The endpoint that it is connected to at; null for one that connects by itself.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Whether it is in the same node.</summary>
    public bool IsLocal { get; set; }

    /// <summary>How much it gets beside others; 0 for nothing now.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>What went wrong last.</summary>
    public string? LastError
    {
        get => _lastError;
        set => _lastError = value;
    }

    /// <summary>Its connection; null while there is none.</summary>
    public IPeer? Peer { get; set; }

    /// <summary>What is sent over the connection, and what is not; null while there is none, or where nobody is told.</summary>
    public DownstreamConnection? Link { get; set; }

    /// <summary>At-least-once: what is given to it and answered for; null where nobody counts that.</summary>
    public AnsweredAccount? Account { get; set; }

    /// <summary>At-least-once: for how long it has said nothing.</summary>
    public TimeSpan Silent { get; set; }

    /// <summary>How many messages it may have at once.</summary>
    public int Limit { get; set; }

    /// <summary>How many bytes it may have at once; it may have another message as long as it has fewer.</summary>
    public long LimitBytes { get; set; } = long.MaxValue;

    /// <summary>Turns that it has and did not take yet; see <see cref="RoundRobin"/>.</summary>
    public int Turns { get; set; }

    /// <summary>At-most-once: what it was given and what is not written to its connection yet.</summary>
    public WorkRuns Unwritten { get; } = new();

    /// <summary>At-least-once: what it was given and did not answer yet, by tag.</summary>
    public Dictionary<ulong, Handover> Unanswered { get; } = [];

    /// <summary>The bytes of these.</summary>
    public long UnansweredBytes { get; set; }

    /// <summary>PUB: messages that it was given and that are not written to its connection yet.</summary>
    public int Published { get; set; }

    /// <summary>The bytes of these.</summary>
    public long PublishedBytes { get; set; }

    /// <summary>By key: what is its own of messages that are being divided.</summary>
    public KeyedShare Share { get; } = new();

    /// <summary>Messages that are gathered for it and go to its connection together.</summary>
    public Outgoing Outgoing { get; } = new();

    /// <summary>Messages that it has at the moment.</summary>
    public int Load => Unwritten.Count + Unanswered.Count + Published;

    public long Bytes => Unwritten.Bytes + UnansweredBytes + PublishedBytes;

    public WorkerCounts Counts { get; } = new();

    /// <summary>How many more it may have.</summary>
    public int Room => Limit - Load;

    /// <summary>How many more bytes it may have, before which it takes another message.</summary>
    public long RoomInBytes => LimitBytes - Bytes;

    public bool HasRoom => _state == WorkerState.Connected && Weight > 0 && Room > 0 && RoomInBytes > 0;

    /// <summary>Counts messages that it has dealt with.</summary>
    public void Finished(int count)
    {
        Counts.Out.Add(count);
        _rate.Add(count);
    }

    /// <param name="answers">Whether workers answer for what they are given.</param>
    public WorkerLine Line(bool answers)
    {
        var load = Load;
        var state = _state == WorkerState.Connected && (load >= Limit || RoomInBytes <= 0) ? "busy" : _state.ToString().ToLowerInvariant();
        return Counts.Line(_name, state, load, _rate.PerSecond, answers) with { LastError = _lastError };
    }
}
