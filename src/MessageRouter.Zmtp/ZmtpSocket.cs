using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>
/// What the four kinds of sockets have in common: endpoints, peers, counts, an end. All members may be used from any thread. A connection that
/// is lost comes back by itself, and nothing that a peer does costs more than its own connection.
/// </summary>
public abstract class ZmtpSocket : IAsyncDisposable
{
    private static readonly SharedPoller Poller = new();

    private readonly PeerSocket _socket;
    private readonly PartialMemory _partial;
    private readonly RefusalCounts _refusals;
    private readonly Lock _closing = new();
    private Task? _closed;
    private long _refused;

    private protected ZmtpSocket(ZmtpOptions options, PeerSocketType type)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        var settings = options.Check(type);
        _partial = settings.Partial!;
        _refusals = settings.Refused;
        _socket = new PeerSocket(settings, new Sink(this), options.Clock, new ConnectionLog(this), Poller, new ListenerShelf());
    }

    /// <summary>Raised when a peer has introduced itself. Handlers run on the thread that reads from peers: they must be quick, and what they throw is ignored.</summary>
    public event EventHandler<ZmtpPeerEventArgs>? PeerConnected;

    /// <summary>Raised when a connection with a peer has ended; under the same conditions.</summary>
    public event EventHandler<ZmtpPeerEventArgs>? PeerDisconnected;

    /// <summary>
    /// Raised when a connection could not be made or accepted, or ended before the peer had introduced itself; under the same conditions. What is refused straight after it was accepted, as there
    /// may be thousands a second, is only counted (<see cref="ZmtpStatistics.Refusals"/>).
    /// </summary>
    public event EventHandler<ZmtpPeerEventArgs>? ConnectionFailed;

    /// <summary>The endpoints that are listened on, with their real ports, then those that are connected to.</summary>
    public IReadOnlyList<string> Endpoints => _socket.Endpoints;

    /// <summary>The peers that are there.</summary>
    public IReadOnlyList<ZmtpPeer> Peers
    {
        get
        {
            lock (Gate) return [.. Members.Values.Select(member => member.Status)];
        }
    }

    /// <summary>Whether there are any.</summary>
    internal bool HasPeers
    {
        get
        {
            lock (Gate) return Members.Count > 0;
        }
    }

    /// <summary>What was counted up to now.</summary>
    public ZmtpStatistics Statistics
    {
        get
        {
            lock (Gate) return Count(Interlocked.Read(ref _refused), _refusals.Snapshot());
        }
    }

    internal ZmtpOptions Options { get; }

    /// <summary>What messages take of which only a part has come.</summary>
    internal long PartialBytes => _partial.Taken;

    /// <summary>Whether a peer's message waits for room for such.</summary>
    internal bool IsShortOfPartialMemory => _partial.IsWanted;

    /// <summary>Guards all that a socket keeps about messages and peers.</summary>
    private protected Lock Gate { get; } = new();

    /// <summary>Under the gate.</summary>
    private protected Dictionary<IPeer, Member> Members { get; } = [];

    /// <summary>Whether it has been disposed, or is about to be.</summary>
    private protected bool IsClosed { get; private set; }

    /// <summary>
    /// Takes nothing more, lets what it was given leave and its peers hang up within <see cref="ZmtpOptions.Linger"/>, and ends the connections. Further calls
    /// share the first one's result.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Task closed;
        lock (_closing) closed = _closed ??= CloseAsync();
        await closed.ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins to listen and to connect; the last step of a constructor.</summary>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound.</exception>
    private protected void Open() => _socket.Open();

    /// <summary>A peer has come; under the gate.</summary>
    private protected virtual void Met(Member member)
    {
    }

    /// <summary>A peer has sent messages; not under the gate.</summary>
    /// <returns>Done when more may come.</returns>
    private protected virtual Task Heard(Member member, ZmtpBatch batch) => Task.CompletedTask;

    /// <summary>The oldest messages of a peer are in the hands of the operating system; under the gate.</summary>
    private protected virtual void Written(Member member, int count)
    {
    }

    /// <summary>Messages were dropped that are more than a peer may send in a second; under the gate.</summary>
    private protected virtual void OverRate(int count)
    {
    }

    /// <summary>A peer has gone and is no member any more; under the gate.</summary>
    private protected virtual void Left(Member member)
    {
    }

    /// <summary>Under the gate.</summary>
    private protected abstract ZmtpStatistics Count(long refused, IReadOnlyDictionary<string, long> refusals);

    /// <summary>Done when nothing is left to send, or will not be.</summary>
    private protected virtual Task Emptied() => Task.CompletedTask;

    /// <summary>The last step of the end; under the gate.</summary>
    private protected virtual void End()
    {
    }

    private async Task CloseAsync()
    {
        lock (Gate) IsClosed = true;
        try
        {
            var begun = Options.Clock.GetTimestamp();
            var emptied = Emptied();
            if (Options.Linger > TimeSpan.Zero) await emptied.WaitAsync(Options.Linger, Options.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var closed = _socket.CloseAsync(Options.Linger - Options.Clock.GetElapsedTime(begun));
            if (!emptied.IsCompleted) _socket.Abort();
            await closed.ConfigureAwait(false);
        }
        finally
        {
            lock (Gate) End();
        }
    }

    private void Raise(EventHandler<ZmtpPeerEventArgs>? handlers, string peer, string? reason)
    {
        try
        {
            handlers?.Invoke(this, new ZmtpPeerEventArgs(peer, reason));
        }
        catch (Exception)
        {
            // As documented: a handler's failure must not end a connection.
        }
    }

    /// <summary>What is kept about one peer. Under the gate.</summary>
    private protected sealed class Member(IPeer peer)
    {
        private long _sent;

        public IPeer Peer => peer;

        /// <summary>What it was given and has not been written.</summary>
        public BatchQueue Given { get; } = new();

        /// <summary>How many of these, the oldest, somebody waits for.</summary>
        public long Awaited { get; set; }

        /// <summary>Of a subscriber.</summary>
        public Subscriptions? Subscriptions { get; set; }

        public long Missed { get; set; }

        public long Received { get; set; }

        public ZmtpPeer Status
        {
            get
            {
                var traffic = peer.Traffic;
                return new ZmtpPeer
                {
                    Name = peer.Name,
                    IsAccepted = peer.IsAccepted,
                    Sent = _sent,
                    Waiting = Given.Messages,
                    Missed = Missed,
                    Received = Received,
                    BytesSent = traffic.BytesOut,
                    BytesReceived = traffic.BytesIn,
                    Age = traffic.Age,
                    Silence = traffic.Silence,
                };
            }
        }

        public void Give(ZmtpBatch batch)
        {
            Given.Add(batch);
            peer.Send(batch);
        }

        public void Written(int count)
        {
            Given.Remove(count);
            Awaited = Math.Max(0, Awaited - count);
            _sent += count;
        }
    }

    private sealed class Sink(ZmtpSocket socket) : IPeerSink
    {
        public void Connected(IPeer peer)
        {
            lock (socket.Gate)
            {
                var member = new Member(peer);
                socket.Members.Add(peer, member);
                socket.Met(member);
            }
            socket.Raise(socket.PeerConnected, peer.Name, null);
        }

        public Task Received(IPeer peer, ZmtpBatch batch)
        {
            Member? member;
            lock (socket.Gate)
            {
                if (!socket.Members.TryGetValue(peer, out member)) return Task.CompletedTask;
                member.Received += batch.Count;
            }
            return socket.Heard(member, batch);
        }

        public void Dropped(IPeer peer, ZmtpBatch batch)
        {
            lock (socket.Gate) socket.OverRate(batch.Count);
        }

        public void Written(IPeer peer, int count)
        {
            lock (socket.Gate)
            {
                if (!socket.Members.TryGetValue(peer, out var member)) return;
                member.Written(count);
                socket.Written(member, count);
            }
        }

        public void Disconnected(IPeer peer, PeerEnd end)
        {
            lock (socket.Gate)
            {
                if (socket.Members.Remove(peer, out var member)) socket.Left(member);
            }
            socket.Raise(socket.PeerDisconnected, peer.Name, end.Reason);
        }
    }

    private sealed class ConnectionLog(ZmtpSocket socket) : IConnectionLog
    {
        public void Refused(string peer, string reason, string refusal)
        {
            Interlocked.Increment(ref socket._refused);
            Fail(peer, reason);
        }

        public void TurnedAway(TurnedAway connection) => Interlocked.Increment(ref socket._refused);

        public void NotConnected(string endpoint, string reason) => Fail(endpoint, reason);

        public void NotAccepted(string endpoint, Exception exception) => Fail(endpoint, exception.Message);

        public void Failed(string peer, Exception exception) => Fail(peer, exception.Message);

        private void Fail(string peer, string reason) => socket.Raise(socket.ConnectionFailed, peer, reason);
    }
}
