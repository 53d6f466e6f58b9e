using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Support;

/// <summary>A double of the peer engine: a test has peers connect, take what they are sent, and go.</summary>
internal sealed class FakePeers : IPeerEngine
{
    private Socket? _socket;
    private int _opened;

    public PeerSettings Settings { get; private set; } = null!;

    /// <summary>How many sockets were opened.</summary>
    public int Opened => Volatile.Read(ref _opened);

    public IPeerSocket Open(PeerSettings settings, IPeerSink sink)
    {
        Settings = settings;
        _socket = new Socket(settings, sink);
        Interlocked.Increment(ref _opened);
        return _socket;
    }

    public FakePeer Connect(string name, bool writesAtOnce = true, bool readsSlowly = false, bool? accepted = null, int? writesAtTheEnd = 0, PeerIdentity? identity = null)
    {
        var peer = new FakePeer(name, _socket!.Sink)
        {
            WritesAtOnce = writesAtOnce,
            ReadsSlowly = readsSlowly,
            WritesAtTheEnd = writesAtTheEnd,
            Identity = identity ?? PeerIdentity.Unknown,
            IsAccepted = accepted ?? Settings.Connect.All(endpoint => endpoint.ToString() != name),
        };
        _socket.Add(peer);
        return peer;
    }

    private sealed class Socket(PeerSettings settings, IPeerSink sink) : IPeerSocket
    {
        private readonly Lock _lock = new();
        private readonly List<FakePeer> _peers = [];
        private bool _closed;

        public IPeerSink Sink => sink;

        public void Add(FakePeer peer)
        {
            sink.Connected(peer);
            lock (_lock)
            {
                _peers.Add(peer);
                if (!_closed) return;
            }
            peer.Disconnect("The socket is closed.");
        }

        public IReadOnlyList<string> Endpoints { get; } = [.. settings.Bind.Concat(settings.Connect).Select(endpoint => endpoint.ToString())];

        public PeerSocketType Type => settings.Socket;

        public IReadOnlyList<IPeer> Peers
        {
            get
            {
                lock (_lock) return [.. _peers.Where(peer => !peer.HasGone)];
            }
        }

        public void TakeNoMorePeers()
        {
        }

        public Task CloseAsync()
        {
            FakePeer[] peers;
            lock (_lock)
            {
                _closed = true;
                peers = [.. _peers];
            }
            foreach (var peer in peers) peer.Close("The socket is closed.");
            return Task.CompletedTask;
        }
    }
}

/// <summary>One peer of <see cref="FakePeers"/>.</summary>
internal sealed class FakePeer(string name, IPeerSink sink) : IPeer
{
    private readonly Lock _lock = new();
    private readonly List<Message> _sent = [];
    private int _written;

    public string Name => name;

    public bool IsAccepted { get; init; } = true;

    public PeerIdentity Identity { get; init; } = PeerIdentity.Unknown;

    public int Unconfirmed { get; set; }

    /// <summary>Messages alone: it speaks no protocol, and no time passes for it.</summary>
    public PeerTraffic Traffic => new(0, 0, Volatile.Read(ref _written), 0, Sent.Count - Volatile.Read(ref _written), TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Whether its connection has ended.</summary>
    public bool HasGone { get; private set; }

    /// <summary>Whether it takes its time to read what was sent to it before it ends a connection that is finished.</summary>
    public bool ReadsSlowly { get; init; }

    /// <summary>Whether it was told that nothing more will come.</summary>
    public bool IsFinished { get; private set; }

    public void Finish()
    {
        IsFinished = true;
        if (!ReadsSlowly) HangUp();
    }

    /// <summary>Whether its connection takes everything at once.</summary>
    public bool WritesAtOnce { get; init; }

    /// <summary>How often something was sent to it.</summary>
    public int Sendings { get; private set; }

    /// <summary>Thrown by the next sending.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Runs when something is sent to it, on the sender's thread.</summary>
    public Action? OnSend { get; set; }

    /// <summary>Runs when it is disconnected, on the thread of who does that.</summary>
    public Action? OnDisconnect { get; set; }

    /// <summary>How many more messages turn out to be written when it is disconnected, which it says a moment later; null for one that says nothing then.</summary>
    public int? WritesAtTheEnd { get; init; } = 0;

    /// <summary>Why it was disconnected; null while it was not.</summary>
    public string? DisconnectedBecause { get; private set; }

    public IReadOnlyList<Message> Sent
    {
        get
        {
            lock (_lock) return [.. _sent];
        }
    }

    public IReadOnlyList<string> Texts => Sent.Select(message => message.ToString()).ToList();

    public void Send(ZmtpBatch sent)
    {
        var batch = MessageBatch.Of(sent, MessageFormat.Bytes);
        if (Failure is { } failure)
        {
            Failure = null;
            throw failure;
        }
        lock (_lock)
        {
            _sent.AddRange(batch);
            Sendings++;
        }
        if (WritesAtOnce) Write(batch.Count);
        OnSend?.Invoke();
    }

    /// <summary>Its connection takes this many more.</summary>
    public void Write(int count)
    {
        Interlocked.Add(ref _written, count);
        sink.Written(this, count);
    }

    /// <summary>Its connection takes all that was sent to it.</summary>
    public void WriteAll() => Write(Sent.Count - Volatile.Read(ref _written));

    public void Say(Message message) => sink.Received(this, MessageBatch.Of(message).ToWire());

    public void HangUp(int unconfirmed = 0)
    {
        HasGone = true;
        sink.Disconnected(this, new PeerEnd("The peer has hung up.", unconfirmed));
    }

    public void Close(string reason) => Disconnect(reason);

    public void Disconnect(string reason, string? refusal = null)
    {
        DisconnectedBecause ??= reason;
        if (HasGone) return;
        HasGone = true;
        OnDisconnect?.Invoke();
        if (WritesAtTheEnd is 0) sink.Disconnected(this, new PeerEnd(reason));
        else if (WritesAtTheEnd is { } late) _ = Task.Run(() =>
        {
            Write(late);
            sink.Disconnected(this, new PeerEnd(reason));
        });
    }
}
