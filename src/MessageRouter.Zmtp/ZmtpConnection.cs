using System.Net;
using System.Net.Sockets;
using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>One connection, from its first byte to its last, whichever side opened it.</summary>
internal sealed partial class ZmtpConnection : IPeer, IPartialOwner, IDisposable
{
    private const int LargeBuffer = 64 << 10;

    /// <summary>For peers that send only commands: two of the largest.</summary>
    private const int SmallBuffer = 8 << 10;

    /// <summary>Messages that are handed in together: a target that is full has to keep so many more.</summary>
    private const int MostAtOnce = 512;

    /// <summary>Reads after which others may use the thread.</summary>
    private const int Turn = 16;

    private readonly Socket _socket;
    private readonly PeerSettings _settings;
    private readonly TimeProvider _clock;
    private readonly IPeerSink _sink;
    private readonly ConnectionSecurity _security;
    private readonly FrameReader _reader;

    /// <summary>Null where nothing is sealed.</summary>
    private SealedFrames? _sealed;

    private readonly ConnectionWriter _writer;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationToken _end;
    private readonly ReceivedMessages _messages = new();

    /// <summary>Held while the sink is told something, so that it hears one thing after the other.</summary>
    private readonly Lock _telling = new();

    private readonly Lock _lock = new();
    private string? _reason;
    private long? _tooLarge;
    private ZmtpException? _problem;
    private volatile bool _answersPings;
    private ITimer? _lingering;

    private readonly SharedPoller _poller;

    private readonly long _madeAt;

    // Of the task that reads, and alone changed by it; the numbers are read on any thread.
    private ReadWaiter? _readable;
    private bool _hasReadAll;
    private long _messagesIn;
    private long _bytesIn;
    private long _bytesOfIntroduction;
    private long _heardAt;

    public ZmtpConnection(Socket socket, string name, bool accepted, PeerSettings settings, LimitsInForce limits, TimeProvider clock, IPeerSink sink, SharedPoller poller)
    {
        Name = name;
        IsAccepted = accepted;
        Address = accepted ? Admission.AddressOf(socket.RemoteEndPoint) : null;
        _socket = socket;
        _settings = settings;
        _limitsInForce = limits;
        _clock = clock;
        _sink = sink;
        _poller = poller;
        _end = _ended.Token;
        _security = settings.Security?.For(accepted) ?? NullSecurity.Instance;
        _madeAt = _heardAt = clock.GetTimestamp();
        _partial = settings.Partial?.Share(this);
        if (socket.AddressFamily != AddressFamily.Unix) socket.NoDelay = true;
        socket.Blocking = false;
        var receives = settings.Socket != PeerSocketType.Push;
        _reader = new FrameReader(Capacity, settings.MaxMessageSize, receives, _partial) { AwaitsIntroduction = true };
        _writer = new ConnectionWriter(socket, OnWritten, End, _end);
    }

    public string Name { get; }

    public bool IsAccepted { get; }

    public PeerIdentity Identity { get; private set; } = PeerIdentity.Unknown;

    public PeerMetadata Metadata { get; private set; } = PeerMetadata.Empty;

    public int Unconfirmed => _writer.Unconfirmed;

    public PeerTraffic Traffic
    {
        get
        {
            var (messagesOut, bytesOut, waiting) = _writer.Traffic;
            bytesOut += Volatile.Read(ref _bytesOfIntroduction);
            if (_settings.Socket is PeerSocketType.Sub or PeerSocketType.Pull) messagesOut = waiting = 0;
            var messagesIn = _settings.Socket == PeerSocketType.Pub ? 0 : Volatile.Read(ref _messagesIn);
            return new PeerTraffic(messagesIn, Volatile.Read(ref _bytesIn), messagesOut, bytesOut, waiting, _clock.GetElapsedTime(_madeAt), Silence);
        }
    }

    /// <summary>The peer has introduced itself and the sink was told of it.</summary>
    public bool Introduced { get; private set; }

    /// <summary>Whether the peer has introduced itself and the connection has not ended.</summary>
    public bool IsThere
    {
        get
        {
            lock (_lock) return Introduced && _reason is null;
        }
    }

    /// <summary>Why it ended.</summary>
    public string Reason => _reason ?? "";

    /// <summary>The rule that the peer has broken by which it ended; null for none.</summary>
    public string? Refusal { get; private set; }

    public void Send(ZmtpBatch batch) => _writer.Send(batch);

    public bool TrySend(byte[] command) => _writer.TrySend(command);

    public void Disconnect(string reason, string? refusal = null) => End(reason, refusal);

    public void Finish() => _writer.Complete();

    public void Close(string reason) => Close(reason, _settings.Linger);

    /// <inheritdoc cref="IPeer.Close"/>
    public void Close(string reason, TimeSpan linger)
    {
        lock (_lock)
        {
            if (_reason is not null || _lingering is not null) return;
            if (Introduced && linger > TimeSpan.Zero) _lingering = _clock.CreateTimer(_ => End(reason), null, linger, Timeout.InfiniteTimeSpan);
        }
        if (_lingering is null) End(reason);
        else _writer.Complete();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _sealed?.Dispose();
        _lingering?.Dispose();
        _readable?.Dispose();
        _socket.Dispose();
    }

    /// <summary>Introduces the two ends to each other.</summary>
    /// <returns>Whether that succeeded within the time; otherwise <see cref="Reason"/> says why not.</returns>
    public async Task<bool> IntroduceAsync(TimeSpan patience)
    {
        using var timer = _clock.CreateTimer(_ => End($"It did not introduce itself within {patience.TotalSeconds:0.#} s.", Refusals.HandshakeTime), null, patience, Timeout.InfiniteTimeSpan);
        try
        {
            Watch();
            await SendAsync(Greeting.Of(_security));
            while (!Greeting.IsComplete(_reader.Unread[..Math.Min(_reader.Unread.Length, Greeting.Length)], _security.Mechanism)) await ReadAsync();
            _answersPings = Greeting.AnswersPings(_reader.Unread);
            _reader.Skip(Greeting.Length);
            var shaken = await _security.ShakeHandsAsync(new Channel(this), PeerMetadata.Of(_settings.Socket, _settings.Metadata));
            if (shaken.Cipher is { } cipher) Seal(cipher);
            Command.CheckSocketType(shaken.Metadata, _settings.Socket);
            _settings.Inspect(shaken.Metadata);
            (Metadata, Identity) = (shaken.Metadata, shaken.Identity);
            _reader.AwaitsIntroduction = false;
        }
        catch (Exception exception)
        {
            End(exception);
        }
        lock (_lock) Introduced = _reason is null;
        return Introduced;
    }

    private int Capacity => _settings.Socket is PeerSocketType.Push or PeerSocketType.Pub ? SmallBuffer : LargeBuffer;

    /// <summary>What has come behind the handshake is sealed already.</summary>
    private void Seal(IFrameCipher cipher)
    {
        _sealed = new SealedFrames(cipher, Capacity, _settings.MaxMessageSize, _partial);
        _sealed.Arrived(_reader.Unread);
        _reader.Skip(_reader.Unread.Length);
        _writer.Cipher = cipher;
    }

    /// <summary>Receives until the connection ends. The sink is told of everything that happens meanwhile.</summary>
    public async Task RunAsync()
    {
        using (var heartbeat = new Heartbeat(
            _clock, _settings.HeartbeatInterval, _settings.HeartbeatTimeout, _writer.Ping, () => End($"It was silent for {_settings.HeartbeatTimeout.TotalSeconds:0.#} s."))
        { IsBehind = () => !_answersPings || _writer.IsAheadOfPeer, HostIsSilent = () => HostAnswer.IsMissing(_socket) })
        {
            try
            {
                lock (_telling) _sink.Connected(this);
                for (var turn = 1; ; turn++)
                {
                    FollowLimits();
                    var found = HandleFrames(out var room);
                    if (!room.IsCompleted) await WithoutHearingAsync(heartbeat, room.WaitAsync(_end));
                    if (_problem is not null) throw _problem;
                    if (Starving is { } body)
                    {
                        var taking = _partial!.TakeAsync(body.Wanted, body.Taken, RoomPatience, _clock, _end);
                        await WithoutHearingAsync(heartbeat, taking);
                        if (!await taking) throw new NoRoomException();
                        body.Granted();
                        continue;
                    }
                    if (_rate?.Pause() is { } pause)
                    {
                        await WithoutHearingAsync(heartbeat, Task.Delay(pause, _clock, _end));
                        continue;
                    }
                    if (found) continue;
                    if (_sealed?.Pour(_reader) ?? false) continue;
                    if (Starving is not null) continue;
                    NoteUnfinished();
                    while (!TryRead())
                    {
                        turn = 0;
                        await ReadableAsync();
                    }
                    heartbeat.Heard();
                    if (turn % Turn == 0) await Task.Yield();
                }
            }
            catch (Exception exception)
            {
                _tooLarge = (exception as MessageTooLargeException)?.Size;
                End(exception);
            }
        }
        await _writer.Stopped;
        var end = new PeerEnd(Reason, _writer.Unconfirmed, _tooLarge, Refusal);
        lock (_telling) _sink.Disconnected(this, end);
    }

    /// <summary>A frame that there is no room for at the moment.</summary>
    private PartialBody? Starving => _reader.Body.Wanted > 0 ? _reader.Body : _sealed?.Body is { Wanted: > 0 } body ? body : null;

    /// <param name="room">Done when more may be handed in.</param>
    /// <returns>Whether there may be more in what was read.</returns>
    private bool HandleFrames(out Task room)
    {
        var most = _rate?.Most(MostAtOnce) ?? MostAtOnce;
        try
        {
            while (_messages.Count < most)
            {
                _reader.TakeRuns(_messages, most);
                if (_messages.Count >= most) break;
                var found = _reader.Next();
                if (found is FrameReader.Found.Nothing or FrameReader.Found.NoRoom)
                {
                    room = HandIn();
                    return false;
                }
                if (found == FrameReader.Found.Message) _messages.Add(_reader.Payload, _reader.LeadingFrames);
                else if (_settings.Socket == PeerSocketType.Pub && Command.Subscription(_reader.Command) is { } subscription) _messages.Add(subscription, []);
                else if (Command.IsPong(_reader.Command)) Ponged();
                else if (Command.Answer(_reader.Command, out var known) is { } answer) _writer.Pong(answer);
                else if (!known && !Tell(out room)) return true;
            }
        }
        catch (ZmtpException problem)
        {
            // What came before was good.
            _problem = problem;
        }
        room = HandIn();
        return true;
    }

    /// <summary>Tells the sink of a command, after the messages that came before it.</summary>
    /// <returns>Whether more may be handed in.</returns>
    private bool Tell(out Task room)
    {
        room = HandIn();
        lock (_telling) _sink.Commanded(this, _reader.Command);
        return room.IsCompleted;
    }

    private void Ponged()
    {
        _answersPings = true;
        _writer.Answered();
    }

    private Task HandIn()
    {
        if (_messages.Count == 0) return Task.CompletedTask;
        var batch = _messages.Take();
        Volatile.Write(ref _messagesIn, _messagesIn + batch.Count);
        var taken = _rate?.Take(batch) ?? batch.Count;
        lock (_telling)
        {
            if (taken < batch.Count) _sink.Dropped(this, batch.Slice(taken, batch.Count - taken));
            return taken > 0 ? _sink.Received(this, batch.Slice(0, taken)) : Task.CompletedTask;
        }
    }

    private void Watch()
    {
        if (_poller.Get() is not { } poller) return;
        var readable = _readable = poller.Watch(_socket);
        _end.Register(() => readable.Signal());
    }

    private async ValueTask ReadAsync()
    {
        while (!TryRead()) await ReadableAsync();
    }

    private ValueTask ReadableAsync() => _readable?.WaitAsync() ?? new ValueTask(_socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, _end).AsTask());

    /// <returns>Whether something was there.</returns>
    private bool TryRead()
    {
        _end.ThrowIfCancellationRequested();
        if (_hasReadAll)
        {
            _hasReadAll = false;
            return false;
        }
        var space = (_sealed?.Space ?? _reader.Space).Span;
        var count = _socket.Receive(space, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return false;
        if (error != SocketError.Success) throw new SocketException((int)error);
        if (count == 0) throw new ZmtpException("The peer has closed the connection.", refusal: null);

        // What came less than there was room for is all: whatever comes after it is told of.
        _hasReadAll = count < space.Length && _readable is { HasEnded: false };
        if (_sealed is { } frames) frames.Arrived(count);
        else _reader.Arrived(count);
        Volatile.Write(ref _bytesIn, _bytesIn + count);
        _rate?.Read(count);
        Volatile.Write(ref _heardAt, _clock.GetTimestamp());
        return true;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = await _socket.SendAsync(bytes, SocketFlags.None, _end);
            Volatile.Write(ref _bytesOfIntroduction, _bytesOfIntroduction + sent);
            bytes = bytes[sent..];
        }
    }

    private void OnWritten(int count)
    {
        lock (_telling) _sink.Written(this, count);
    }

    private void End(Exception exception) => End(Explain(exception), (exception as ZmtpException)?.Refusal);

    /// <summary>Has both tasks of the connection end; the first reason counts.</summary>
    private void End(string reason, string? refusal = null)
    {
        lock (_lock)
        {
            if (_reason is not null) return;
            Refusal = refusal;
            _reason = reason;
        }
        _ = _ended.CancelAsync();
    }

    private static string Explain(Exception exception) => exception switch
    {
        ZmtpException => exception.Message,
        SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted } => "The peer has broken the connection off.",
        _ => exception.Message,
    };

    private sealed class Channel(ZmtpConnection connection) : HandshakeChannel
    {
        public override string PeerName => connection.Name;

        public override IPAddress? PeerAddress => connection.Address;

        public override CancellationToken Ended => connection._end;

        public override ValueTask SendAsync(byte[] frame) => connection.SendAsync(frame);

        public override async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync()
        {
            FrameReader.Found found;
            while ((found = connection._reader.Next()) == FrameReader.Found.Nothing) await connection.ReadAsync();
            if (found != FrameReader.Found.Command) throw new ZmtpException("It sent a message before it had introduced itself.");
            return connection._reader.CommandMemory;
        }
    }
}
