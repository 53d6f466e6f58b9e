using System.Buffers;
using MessageRouter.Client.Logging;
using MessageRouter.Zmtp;

namespace MessageRouter.Client;

/// <summary>
/// Sends messages from an application that must never stop because of them. <see cref="TrySend(ReadOnlySpan{byte})"/> copies the message and returns: it never
/// waits and never throws, whatever the network does. What waits is bounded in messages and bytes, and what is lost is counted by reason and told
/// to the other end. Lost connections come back by themselves.
/// </summary>
/// <remarks>
/// A process that ends without <see cref="DisposeAsync"/>, or is killed, loses what waits; a message that <see cref="MessageClientStatistics.Sent"/> counts is in the
/// hands of the operating system and survives that.
/// </remarks>
/// <example>
/// <code>
/// await using var client = new MessageClient("tcp://127.0.0.1:5224");
/// client.TrySend("""{"level":"info","message":"started"}"""u8);
/// </code>
/// </example>
public sealed class MessageClient : IAsyncDisposable
{
    /// <summary>What the socket may have beside what waits here, for each peer: enough to keep a connection busy. One that pushes has half of it for each, and half for all together.</summary>
    private const int InSocket = 2048;

    private const int InSocketBytes = 1 << 20;

    private static readonly TimeSpan DropsToldEvery = TimeSpan.FromSeconds(1);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _writer;

    private readonly MessageClientOptions _options;
    private readonly EndpointCounts _counts;
    private readonly OutgoingQueue _queue;
    private readonly SendingSocket _socket;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly ConnectionTrouble _trouble;
    private readonly Presence _presence;
    private readonly NotesInSocket _notes = new();
    private readonly ITimer _dropsTimer;
    private readonly Task _sending;
    private Task? _disposed;
    private long _handedOver;
    private long _lostByChoice;
    private long _lostInSocket;
    private long _dropsTold;

    /// <summary>Makes a client, which begins to connect at once and goes on trying.</summary>
    /// <param name="endpoint">Where to connect to: <c>tcp://logs:5224</c>, or <c>ipc:///run/logs.sock</c>.</param>
    /// <param name="options">What else is to be said.</param>
    /// <exception cref="ArgumentException">An endpoint is none or is there twice, or an option is out of range. Nothing later throws.</exception>
    public MessageClient(string endpoint, MessageClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _options = options ?? new MessageClientOptions();
        _options.Check(endpoint);
        Endpoint = endpoint;
        var isPush = _options.Socket == ClientSocket.Push;
        var wire = new ZmtpOptions
        {
            Connect = [endpoint, .. _options.MoreEndpoints],
            HighWaterMark = isPush ? InSocket / 2 : InSocket,
            HighWaterBytes = isPush ? InSocketBytes / 2 : InSocketBytes,
            Linger = Farewell,
            ReconnectMin = _options.ReconnectMin,
            ReconnectMax = _options.ReconnectMax,
            Security = _options.Security,
            Clock = _options.Clock,
        };
        _socket = isPush ? new PushSocket(wire) : new PubSocket(wire);
        _trouble = new ConnectionTrouble(_options.Clock);
        _socket.ConnectionFailed += (_, peer) => TellFailure(peer.Peer, peer.Reason ?? "");
        _socket.PeerDisconnected += (_, peer) => _trouble.Lost(peer.Peer, peer.Reason ?? "");
        _socket.PeerConnected += (_, peer) => _trouble.Connected(peer.Peer);
        _presence = new Presence(_socket);
        _counts = ClientMeter.Of(endpoint);
        Flaws = new EventFlaws(_counts);
        _queue = new OutgoingQueue(_options, _counts);
        _dropsTimer = _options.Clock.CreateTimer(_ => TellDrops(), null, DropsToldEvery, DropsToldEvery);
        _sending = Task.Run(SendAllAsync);
        _counts.Add(this);
    }

    /// <summary>Raised when messages were dropped, at most once a second, on a thread of the pool. What handlers throw is ignored.</summary>
    public event EventHandler<MessagesDroppedEventArgs>? Dropped;

    /// <summary>
    /// Raised when a connection could not be made or was refused: once for each reason, and once a minute while it lasts. Handlers run on a thread of the wire: they must be
    /// quick, and what they throw is ignored.
    /// </summary>
    public event EventHandler<ConnectionFailedEventArgs>? ConnectionFailed;

    /// <summary>The endpoint that was given.</summary>
    public string Endpoint { get; }

    /// <summary>Whether a peer is connected now.</summary>
    public bool IsConnected => _socket.HasPeers;

    /// <summary>Which endpoint could not be connected to last, or has gone, and why; null where it has been reached since, or nothing has failed.</summary>
    public string? LastError => _trouble.Last;

    /// <summary>What was counted up to now. Every message is in one of the counts.</summary>
    public MessageClientStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                var (waiting, lost) = _queue.Look();
                var socket = _socket is PushSocket ? _socket.Statistics : null;

                // What the socket has given up at its end is among the lost a moment later.
                var inSocket = socket is null ? 0 : socket.Waiting + socket.Dropped - _lostInSocket;
                return new MessageClientStatistics(_handedOver - _lostByChoice - inSocket, waiting + inSocket, lost, Flaws.Cut, Flaws.Failed);
            }
        }
    }

    /// <summary>Sends a message. The bytes are copied.</summary>
    /// <returns>False where it will not be sent; that is counted.</returns>
    public bool TrySend(ReadOnlySpan<byte> payload) => _queue.TryAdd(payload);

    /// <summary>Sends a message that a callback writes, into memory that is used again.</summary>
    /// <param name="state">What the callback is given.</param>
    /// <param name="write">Writes the message, on this thread. Where it throws, the message is dropped and counted as <see cref="DropReason.Failed"/>.</param>
    /// <returns>False where it will not be sent; that is counted.</returns>
    public bool TrySend<TState>(TState state, Action<TState, IBufferWriter<byte>> write)
    {
        var writer = _writer ?? new ArrayBufferWriter<byte>(1024);

        // A callback may send a message itself.
        _writer = null;
        try
        {
            write(state, writer);
        }
        catch (Exception)
        {
            _queue.Losses.Add(DropReason.Failed);
            return false;
        }
        var isSent = _queue.TryAdd(writer.WrittenSpan);
        if (writer.Capacity <= _options.MaxMessageSize)
        {
            writer.ResetWrittenCount();
            _writer = writer;
        }
        return isSent;
    }

    /// <summary>How long its disposal may take to send what waits.</summary>
    internal TimeSpan Linger => _options.Linger;

    /// <summary>Where log events count of which something is not as it was logged.</summary>
    internal EventFlaws Flaws { get; }

    /// <summary>Whether there may be room for a message of some size; where there is none it counts as dropped, and need not be made.</summary>
    internal bool MayTake(int size) => _queue.MayTake(size);

    /// <summary>Counts a message that could not be made.</summary>
    internal void CountFailed() => _queue.CountFailed();

    /// <summary>Sends a message that is written when it leaves.</summary>
    internal bool TryDefer<TMessage>(in TMessage message)
        where TMessage : struct, IDeferredMessage => _queue.TryAdd(message);

    /// <summary>What is sent when this client is closed goes to another one, also what was on its way here when it was closed.</summary>
    internal void SendOn(MessageClient next) => _queue.Next = next._queue;

    /// <summary>Whether another one tells its losses when it is closed.</summary>
    internal bool HasSuccessor => _queue.Next is not null;

    /// <summary>Whether it tells the other end what is lost.</summary>
    internal bool Tells => _options.TellLosses;

    /// <summary>Tells the other end what a closed client has lost and could not tell.</summary>
    internal void TellLossesOf(MessageClient closed)
    {
        if (closed.Tells) _queue.Losses.Inherit(closed._queue.Losses.TakeUntold());
    }

    /// <summary>Waits until the operating system has all that was sent before, or it is lost. What is sent meanwhile is not waited for.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        if (!_sending.IsCompleted) await _queue.PassedAsync().WaitAsync(cancellation).ConfigureAwait(false);
        await _socket.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes nothing more, and sends what waits within <see cref="MessageClientOptions.Linger"/>. It never throws; further calls share the first one's result.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock) return new ValueTask(_disposed ??= DisposeOnceAsync());
    }

    private async Task DisposeOnceAsync()
    {
        _queue.Close();
        await SendWhatWaitsAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _end.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _socket.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CountWhatIsLeft();
        _counts.Closed(this);
        await _dropsTimer.DisposeAsync().ConfigureAwait(false);
        TellDrops();
        _end.Dispose();
    }

    private async Task SendWhatWaitsAsync()
    {
        if (_options.Linger > TimeSpan.Zero) await FlushAsync().WaitAsync(_options.Linger - Farewell, _options.Clock).ConfigureAwait(false);
    }

    /// <summary>The part of the time at the end in which peers may read what their machines have and hang up: a connection that is closed earlier may take it from them.</summary>
    private TimeSpan Farewell => _options.Linger / 4;

    private void CountWhatIsLeft()
    {
        lock (_lock)
        {
            var left = _queue.Clear();
            _lostInSocket = _socket is PushSocket ? _socket.Statistics.Dropped : 0;
            _lostByChoice += _lostInSocket;
            _queue.Losses.Add(DropReason.Closed, _lostInSocket + left);
            _queue.Losses.PutBackUntold(_notes.Untold(_handedOver - _lostInSocket));
        }
    }

    private async Task SendAllAsync()
    {
        var batch = new OutgoingBatch();
        while (true)
        {
            // What the socket has cannot give way any more: while nobody is there, all waits here. Whom a publisher sends to is its socket's to know.
            if (_socket is PushSocket) await _presence.SomebodyAsync(_end.Token).ConfigureAwait(false);
            if (_queue.TryTake(out var run))
            {
                while (TryFill(batch, ref run, out var note)) await HandOverAsync(batch.Build(), note).ConfigureAwait(false);
                continue;
            }
            if (_queue.IsClosed && _queue.Messages == 0) return;
            await _queue.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Moves the oldest messages into a batch, which says with the first one that can how many were lost before.</summary>
    /// <returns>Whether there were any.</returns>
    private bool TryFill(OutgoingBatch batch, ref OutgoingRun run, out LossNote.Place note)
    {
        note = default;
        var mayTell = _options.TellLosses;
        while (!batch.IsFull && run.TryTake(out var payload, out var deferred))
        {
            var bytes = payload.Span;
            if (deferred is { } message && !TryWrite(message, out bytes)) continue;
            if (mayTell && LossNote.MayFit(bytes))
            {
                // Once for so many messages: while some are lost all the time, each would be one that tells.
                mayTell = false;
                var telling = Telling(bytes, out var told);
                if (told == 0)
                {
                    mayTell = _queue.Losses.HasUntold;
                }
                else if (_socket is PubSocket publisher)
                {
                    if (TryTell(publisher, batch, telling, told)) continue;
                }
                else
                {
                    note = new LossNote.Place(batch.Count, told);
                    bytes = telling;
                }
            }
            batch.Add(bytes);
        }
        return !batch.IsEmpty;
    }

    /// <summary>Publishes a message that says how many were lost before it, by itself, so that it is known whether somebody was given it.</summary>
    /// <returns>False where nobody was: who subscribes to how it begins without that may be given it as it is.</returns>
    private bool TryTell(PubSocket publisher, OutgoingBatch batch, ReadOnlySpan<byte> telling, long told)
    {
        if (!batch.IsEmpty) TryHandOver(batch.Build(), default, out _);
        batch.Add(telling);
        lock (_lock)
        {
            if (publisher.Send(batch.Build()) > 0)
            {
                _queue.HandedOver(1);
                _handedOver++;
                return true;
            }
        }
        _queue.Losses.PutBackUntold(told);
        return false;
    }

    /// <summary>A message that says how many were lost before it, as far as it can.</summary>
    private ReadOnlySpan<byte> Telling(ReadOnlySpan<byte> bytes, out long told)
    {
        told = _queue.Losses.TakeUntold();
        if (told > 0 && LossNote.Fits(bytes)) return LossNote.Add(bytes, told);
        _queue.Losses.PutBackUntold(told);
        told = 0;
        return bytes;
    }

    private bool TryWrite(DeferredMessage message, out ReadOnlySpan<byte> bytes)
    {
        var reason = DropReason.Failed;
        bytes = default;
        try
        {
            bytes = message.Write(Flaws).Span;
            if (bytes.Length <= _options.MaxMessageSize) return true;
            reason = DropReason.TooLarge;
        }
        catch (Exception)
        {
            // As for a callback that fails.
        }
        lock (_lock)
        {
            _queue.IsLost();
            _queue.Losses.Add(reason);
        }
        return false;
    }

    private async Task HandOverAsync(ZmtpBatch batch, LossNote.Place note)
    {
        try
        {
            while (!TryHandOver(batch, note, out var room)) await room.WaitAsync(_end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _queue.Losses.PutBackUntold(note.Told);
            throw;
        }
    }

    /// <summary>In one step for who looks at the counts: no message is in two of them.</summary>
    private bool TryHandOver(ZmtpBatch batch, LossNote.Place note, out Task room)
    {
        lock (_lock)
        {
            var lost = 0L;
            room = Task.CompletedTask;
            if (_socket is PushSocket push)
            {
                if (!push.TrySend(batch, out room)) return false;
                if (note.Told > 0) _notes.Add(_handedOver + note.At, note.Told, _handedOver + batch.Count - push.Statistics.Waiting);
            }
            else
            {
                lost = batch.Count - ((PubSocket)_socket).Send(batch);
            }
            _queue.HandedOver(batch.Count);
            _handedOver += batch.Count;
            _lostByChoice += lost;
            if (lost > 0) _queue.Losses.Add(DropReason.NotWanted, lost);
            return true;
        }
    }

    private void TellFailure(string endpoint, string reason)
    {
        var handlers = ConnectionFailed;
        if (_trouble.Failed(endpoint, reason, handlers is not null)) handlers!(this, new ConnectionFailedEventArgs(endpoint, reason));
    }

    private void TellDrops()
    {
        if (Dropped is not { } handlers) return;
        var statistics = Statistics;
        var count = statistics.Dropped - Interlocked.Exchange(ref _dropsTold, statistics.Dropped);
        if (count <= 0) return;
        try
        {
            handlers(this, new MessagesDroppedEventArgs(statistics, count));
        }
        catch (Exception)
        {
            // As documented.
        }
    }
}
