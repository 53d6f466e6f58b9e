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
    private readonly List<Puller> _takers = [];
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
            var given = Give(waiting);
            if (given == 0) return;
            if (given < waiting.Batch.Count) first.Value = waiting with { Batch = waiting.Batch.Skip(given) };
            else _waiting.RemoveFirst();
        }
    }

    /// <returns>How many messages are dealt with: one that was too large, or as many before the next such as there is room for.</returns>
    private int Give(Waiting waiting)
    {
        if (IsTooLarge(waiting.Batch, 0))
        {
            _sink.Dropped(1, DropReasons.TooLarge);
            return 1;
        }
        var most = (int)Math.Min(waiting.Batch.Count, _pullers.Sum(puller => (long)Room(puller)));
        if (most == 0) return 0;
        var fitting = 1;
        while (fitting < most && !IsTooLarge(waiting.Batch, fitting)) fitting++;
        var given = GiveInTurn(waiting.Batch.Slice(0, fitting));
        if (given > 0 && !waiting.IsSaid) _sink.Sent(given);
        return given;
    }

    private bool IsTooLarge(MessageBatch batch, int index) => batch.SizeAt(index) > _settings.MaxMessageSize;

    private int GiveInTurn(MessageBatch batch)
    {
        var given = 0;
        while (given < batch.Count && Takers() is > 0 and var room)
        {
            var rest = batch.Count - given;
            if (rest < _takers.Count) _takers.RemoveRange(rest, _takers.Count - rest);
            var rounds = Math.Min(room, rest / _takers.Count);
            for (var i = 0; i < _takers.Count; i++)
                _takers[i].Give(_takers.Count == 1 ? batch.Slice(given, rounds) : batch.Every(given + i, _takers.Count, rounds));
            given += rounds * _takers.Count;
            _turn = _pullers.IndexOf(_takers[^1]);
        }
        return given;
    }

    /// <summary>Finds the peers that have room, the one whose turn it is first.</summary>
    /// <returns>For how many messages each of them has room.</returns>
    private int Takers()
    {
        _takers.Clear();
        var least = int.MaxValue;
        for (var i = 1; i <= _pullers.Count; i++)
        {
            var puller = _pullers[(_turn + i) % _pullers.Count];
            var room = Room(puller);
            if (room == 0) continue;
            _takers.Add(puller);
            least = Math.Min(least, room);
        }
        return _takers.Count == 0 ? 0 : least;
    }

    private int Room(Puller puller) => _settings.HighWaterMark == 0 ? int.MaxValue : Math.Max(0, _settings.HighWaterMark - puller.Load);

    /// <param name="Batch">Messages.</param>
    /// <param name="IsSaid">Whether they were given to a peer before, and the sink was told so.</param>
    private readonly record struct Waiting(MessageBatch Batch, bool IsSaid);

    /// <summary>A peer and what was given to it.</summary>
    private sealed class Puller(IPeer peer)
    {
        private readonly Queue<MessageBatch> _unwritten = [];
        private int _writtenOfFirst;

        /// <summary>Messages that were given to it and are not written.</summary>
        public int Load { get; private set; }

        public void Give(MessageBatch batch)
        {
            if (batch.Count == 0) return;
            _unwritten.Enqueue(batch);
            Load += batch.Count;
            peer.Send(batch);
        }

        public void Written(int count)
        {
            Load -= count;
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
