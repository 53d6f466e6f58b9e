using MessageRouter.Ledger;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>
/// A PUSH socket of the router's own engine: gives each message to the next peer that has room. A message counts as sent
/// when it is given to a peer's connection; what that has not written when it ends goes to another peer.
/// </summary>
internal sealed class NativePusher : IZeroMqSender, IPeerSink
{
    private readonly SenderSettings _settings;
    private readonly ISenderSink _sink;
    private readonly IPeerSocket _socket;
    private readonly Lock _lock = new();
    private readonly List<Puller> _pullers = [];
    private readonly Dictionary<IPeer, Puller> _known = [];

    /// <summary>What no peer has had yet, and before it what those who have gone had not been written.</summary>
    private readonly LinkedList<Waiting> _waiting = [];

    private int _turn;
    private bool _closed;

    public NativePusher(IPeerEngine engine, SenderSettings settings, ISenderSink sink)
    {
        _settings = settings;
        _sink = sink;
        lock (_lock) _socket = engine.Open(ZeroMqEngine.PeerSettings(settings, PeerSocketType.Push, settings.MaxMessageSize), this);
    }

    public IReadOnlyList<string> Endpoints => _socket.Endpoints;

    public void Send(MessageBatch batch)
    {
        lock (_lock)
        {
            if (_closed) return;
            _waiting.AddLast(new Waiting(batch, IsSaid: false));
            Distribute();
        }
    }

    public void StopHolding()
    {
    }

    public void Close()
    {
        lock (_lock)
        {
            if (_closed) return;
            _closed = true;
            var unsent = _waiting.Where(waiting => waiting.IsSaid).Sum(waiting => waiting.Batch.Count);
            if (unsent > 0) _sink.Unsent(unsent);
            _waiting.Clear();
        }
        _ = _socket.CloseAsync();
    }

    void IPeerSink.Connected(IPeer peer)
    {
        _sink.PeerChanged(new PeerChange(peer.Name, Connected: true));
        lock (_lock)
        {
            var puller = new Puller(peer);
            _pullers.Add(puller);
            _known.Add(peer, puller);
            Distribute();
        }
    }

    Task IPeerSink.Received(IPeer peer, MessageBatch batch) => Task.CompletedTask;

    void IPeerSink.Written(IPeer peer, int count)
    {
        lock (_lock)
        {
            _known[peer].Written(count);
            Distribute();
        }
    }

    void IPeerSink.Disconnected(IPeer peer, PeerEnd end)
    {
        var unsent = 0;
        lock (_lock)
        {
            _known.Remove(peer, out var puller);
            _pullers.Remove(puller!);
            if (_closed)
            {
                unsent = puller!.Load;
            }
            else
            {
                foreach (var batch in puller!.TakeUnwritten().Reverse()) _waiting.AddFirst(new Waiting(batch, IsSaid: true));
                Distribute();
            }
        }
        _sink.PeerChanged(PeerChange.Ended(peer.Name, end.Reason, unsent));
    }

    /// <summary>Gives what waits to peers with room, in order.</summary>
    private void Distribute()
    {
        while (!_closed && _waiting.First is { Value: var waiting } first)
        {
            var given = _pullers.Count == 1 ? GiveTo(_pullers[0], waiting) : GiveInTurn(waiting);
            if (given < waiting.Batch.Count)
            {
                first.Value = waiting with { Batch = waiting.Batch.Skip(given) };
                return;
            }
            _waiting.RemoveFirst();
        }
    }

    private int GiveTo(Puller puller, Waiting waiting)
    {
        var count = Math.Min(waiting.Batch.Count, Room(puller));
        var outcomes = new OutcomeRun(_sink);
        var begin = 0;
        for (var i = 0; i < count; i++)
        {
            if (waiting.Batch.SizeAt(i) <= _settings.MaxMessageSize)
            {
                if (!waiting.IsSaid) outcomes.Add(null);
                continue;
            }
            puller.Give(waiting.Batch.Slice(begin, i - begin));
            begin = i + 1;
            outcomes.Add(DropReasons.TooLarge);
        }
        puller.Give(waiting.Batch.Slice(begin, count - begin));
        outcomes.Report();
        return count;
    }

    private int GiveInTurn(Waiting waiting)
    {
        var outcomes = new OutcomeRun(_sink);
        var given = 0;
        for (; given < waiting.Batch.Count; given++)
        {
            if (waiting.Batch.SizeAt(given) > _settings.MaxMessageSize)
            {
                outcomes.Add(DropReasons.TooLarge);
                continue;
            }
            if (NextWithRoom() is not { } puller) break;
            puller.Gathered.Add(waiting.Batch[given]);
            if (!waiting.IsSaid) outcomes.Add(null);
        }
        foreach (var puller in _pullers) puller.GiveGathered();
        outcomes.Report();
        return given;
    }

    private Puller? NextWithRoom()
    {
        for (var tried = 0; tried < _pullers.Count; tried++)
        {
            var puller = _pullers[_turn = (_turn + 1) % _pullers.Count];
            if (Room(puller) > 0) return puller;
        }
        return null;
    }

    private int Room(Puller puller) => _settings.HighWaterMark == 0 ? int.MaxValue : Math.Max(0, _settings.HighWaterMark - puller.Load);

    /// <param name="Batch">Messages.</param>
    /// <param name="IsSaid">Whether they were given to a peer before, and the sink was told so.</param>
    private readonly record struct Waiting(MessageBatch Batch, bool IsSaid);

    /// <summary>A peer and what was given to it.</summary>
    private sealed class Puller(IPeer peer)
    {
        private readonly Queue<MessageBatch> _unwritten = [];
        private int _count;
        private int _writtenOfFirst;

        /// <summary>Messages that are given to it together.</summary>
        public List<Message> Gathered { get; } = [];

        /// <summary>Messages that were given to it and are not written.</summary>
        public int Load => _count + Gathered.Count;

        public void Give(MessageBatch batch)
        {
            if (batch.Count == 0) return;
            _unwritten.Enqueue(batch);
            _count += batch.Count;
            peer.Send(batch);
        }

        public void GiveGathered()
        {
            if (Gathered.Count == 0) return;
            var batch = new MessageBatch([.. Gathered], Gathered.Count);
            Gathered.Clear();
            Give(batch);
        }

        public void Written(int count)
        {
            _count -= count;
            while (count > 0)
            {
                var batch = _unwritten.Peek();
                var all = batch.Count - _writtenOfFirst;
                if (count < all)
                {
                    _writtenOfFirst += count;
                    return;
                }
                _unwritten.Dequeue();
                _writtenOfFirst = 0;
                count -= all;
            }
        }

        public IEnumerable<MessageBatch> TakeUnwritten() =>
            _unwritten.Select((batch, index) => index == 0 ? batch.Skip(_writtenOfFirst) : batch).Where(batch => batch.Count > 0).ToArray();
    }
}
