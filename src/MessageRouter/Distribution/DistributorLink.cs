using MessageRouter.Components;
using MessageRouter.Links;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Distribution;

/// <summary>
/// The worker's end of the link to one distributor. Answers are noted down by whoever is done with a message and sent by
/// a step on another thread, which takes all that have gathered until it runs. There is one step at a time: the one
/// that closes the link must not overtake the answers of another.
/// </summary>
internal sealed class DistributorLink : IThreadPoolWorkItem
{
    private static readonly MessageBatch Ping = MessageBatch.Of(LinkCodec.ToMessage(new LinkWord.WorkerPing()));

    private readonly Lock _lock = new();
    private readonly IPeer _peer;

    /// <summary>What its messages say of it.</summary>
    private readonly MessagePeer _sender;
    private readonly uint _window;
    private readonly TimeProvider _clock;
    private readonly DistributorLinkLog _log;
    private readonly Action<IThreadPoolWorkItem> _queue;
    private readonly ILinkGuard? _guard;
    private readonly Func<bool> _counts;

    // Of the thread that reads; there is nothing to answer before it knows the session.
    private ulong _session;
    private Heartbeat? _heartbeat;

    // Under the lock.
    private List<ulong> _done = [];
    private List<ulong> _returned = [];
    private List<LinkWord.Failed> _failed = [];
    private int _unanswered;
    private bool _leaving;
    private bool _saidSo;
    private bool _ended;
    private bool _stepIsDue;
    private bool _stepIsUnderWay;

    /// <param name="peer">The distributor.</param>
    /// <param name="hello">What it is told first.</param>
    /// <param name="clock">The node's clock.</param>
    /// <param name="log">Says of which distributors the node is a worker.</param>
    /// <param name="queue">Has another thread execute a step; by default one of the thread pool.</param>
    /// <param name="guard">Decides whether messages are taken of it; null where they are.</param>
    public DistributorLink(IPeer peer, LinkWord.Hello hello, TimeProvider clock, DistributorLinkLog log, Action<IThreadPoolWorkItem>? queue = null, ILinkGuard? guard = null)
    {
        _peer = peer;
        _sender = MessagePeer.Of(peer);
        _window = hello.Window;
        _clock = clock;
        _log = log;
        _guard = guard;
        _counts = guard?.Meet(peer) ?? (() => true);
        _queue = queue ?? (step => ThreadPool.UnsafeQueueUserWorkItem(step, preferLocal: false));
        peer.Send(MessageBatch.Of(LinkCodec.ToMessage(hello)));
    }

    /// <summary>What has come over it; null where nobody counts that.</summary>
    public AnsweredAccount? Account { get; init; }

    /// <summary>Held while what has come is read and handed in.</summary>
    public Lock Reading { get; } = new();

    /// <summary>Whether nothing that came by it is left in the node.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_lock) return _ended && _unanswered == 0;
        }
    }

    /// <summary>Ends the connection where nothing that comes by it counts any more.</summary>
    /// <returns>Whether something does.</returns>
    public bool StillCounts()
    {
        if (_counts()) return true;
        _peer.Disconnect("What it sends does not count any more.");
        return false;
    }

    /// <summary>Reads what the distributor says.</summary>
    /// <returns>The messages to work on.</returns>
    public List<Message> Read(MessageBatch batch, Intake intake)
    {
        _heartbeat?.Heard();
        if (!StillCounts()) return [];
        var work = new List<Message>(batch.Count);
        foreach (var message in batch.Messages)
        {
            var problem = LinkCodec.TryRead(message, out var word) ? Hear(word, message, intake, work) : "It said something that is no word of an at-least-once link.";
            if (problem is null) continue;
            _peer.Disconnect(problem, Refusals.Protocol);
            break;
        }
        return work;
    }

    /// <summary>Waits until there is room; meanwhile nothing is heard of the distributor, whatever it says.</summary>
    public async Task WithoutHearingAsync(Task room)
    {
        if (_heartbeat is { } heartbeat) heartbeat.IsDeaf = true;
        await room;
        _heartbeat?.Heard();
        if (_heartbeat is { } again) again.IsDeaf = false;
    }

    /// <summary>Has the distributor told what became of a delivery; on any thread, perhaps with a mailbox locked.</summary>
    public void Answer(DeliveryReceipt receipt, Fate fate, string? reason)
    {
        bool finished;
        lock (_lock)
        {
            finished = --_unanswered == 0 && _ended;
            switch (fate)
            {
                case Fate.Done:
                    _done.Add(receipt.Tag);
                    break;
                case Fate.Returned:
                    _returned.Add(receipt.Tag);
                    break;
                default:
                    _failed.Add(new LinkWord.Failed(receipt.Session, receipt.Tag, reason ?? ""));
                    break;
            }
            Wake();
        }
        if (finished) _guard?.Finished();
    }

    /// <summary>Takes no more, and ends the link when everything is answered.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _leaving = true;
            Wake();
        }
    }

    /// <summary>The connection has ended.</summary>
    /// <returns>How many deliveries were not answered.</returns>
    public int End()
    {
        _heartbeat?.Dispose();
        lock (_lock)
        {
            _ended = true;
            return _unanswered + _done.Count + _returned.Count + _failed.Count;
        }
    }

    /// <summary>Sends what has gathered.</summary>
    public void Execute()
    {
        List<ulong> done, returned;
        List<LinkWord.Failed> failed;
        bool sayLeaving, close;
        lock (_lock)
        {
            _stepIsDue = false;
            if (_ended) return;
            (done, _done) = (_done, []);
            (returned, _returned) = (_returned, []);
            (failed, _failed) = (_failed, []);
            sayLeaving = _leaving && !_saidSo;
            _saidSo |= sayLeaving;
            close = _leaving && _unanswered == 0;
        }
        IEnumerable<LinkWord> words =
        [
            .. done.Chunk(LinkWord.MostTags).Select(tags => new LinkWord.Done(_session, tags)),
            .. failed,
            .. returned.Chunk(LinkWord.MostTags).Select(tags => new LinkWord.Return(_session, tags)),
            .. sayLeaving ? [new LinkWord.Leaving()] : Array.Empty<LinkWord>(),
        ];
        _peer.Send(MessageBatch.Of(words.Select(LinkCodec.ToMessage)));
        if (close) _peer.Close("This worker has left.");
        lock (_lock)
        {
            _stepIsUnderWay = false;
            if (_stepIsDue) Wake();
        }
    }

    private void Wake()
    {
        if (_ended) return;
        _stepIsDue = true;
        if (_stepIsUnderWay) return;
        _stepIsUnderWay = true;
        _queue(this);
    }

    /// <returns>Why the link must end; null where it need not.</returns>
    private string? Hear(LinkWord word, Message message, Intake intake, List<Message> work)
    {
        switch (word)
        {
            case LinkWord.Deliver deliver when _heartbeat is not null && deliver.Session == _session:
                return Take(deliver, message, intake, work);
            case LinkWord.Welcome { Speaks: LinkWord.Version } welcome when _heartbeat is null:
                _session = welcome.Session;
                _heartbeat = new Heartbeat(
                    _clock, welcome.HeartbeatInterval, welcome.HeartbeatTimeout, () => _peer.Send(Ping), () => _peer.Disconnect("It was silent for longer than its heartbeat.timeout."));
                _log.Welcomed(_peer.Name, _window);
                return null;
            case LinkWord.DistributorPing:
                return null;
            case LinkWord.Refused refused:
                return $"It refuses this worker: {refused.Reason}";
            default:
                return $"It said {word.GetType().Name} at the wrong time.";
        }
    }

    private string? Take(LinkWord.Deliver deliver, Message message, Intake intake, List<Message> work)
    {
        lock (_lock)
        {
            if (_unanswered >= _window) return $"It sent more than {_window} messages at a time (window).";
            if (_leaving)
            {
                _returned.Add(deliver.Tag);
                Wake();
                return null;
            }
            _unanswered++;
        }
        var frames = message.LeadingFrameArray;
        work.Add(intake.NewMessage(message.Payload, frames.Length == 1 ? null : frames[1..], new DeliveryReceipt(this, deliver), _sender));
        return null;
    }
}
