namespace MessageRouter.Zmtp;

/// <summary>
/// Sends each batch to one PULL socket, in turn. What a connection that ends has not written goes to another one, in front of all that comes
/// later; while there is no peer with room, messages wait here, up to <see cref="ZmtpOptions.HighWaterMark"/> and <see cref="ZmtpOptions.HighWaterBytes"/>,
/// beside as many that each peer has been given.
/// </summary>
/// <example>
/// <code>
/// await using var push = new PushSocket(new ZmtpOptions { Connect = ["tcp://127.0.0.1:5223"] });
/// await push.SendAsync(new ZmtpMessage("hello"u8.ToArray()));
/// </code>
/// </example>
public sealed class PushSocket : SendingSocket
{
    private readonly List<Member> _ring = [];
    private BatchQueue _waiting = new();
    private TaskCompletionSource? _room;
    private int _next;

    /// <summary>Opens the socket.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or an endpoint is none.</exception>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound.</exception>
    public PushSocket(ZmtpOptions options)
        : base(options, PeerSocketType.Push) => Open();

    /// <summary>Sends a message, where there is room for it.</summary>
    /// <returns>False where there is none.</returns>
    /// <exception cref="ObjectDisposedException">The socket has been disposed.</exception>
    public bool TrySend(ZmtpMessage message) => TrySend(new ZmtpBatch(message));

    /// <summary>Sends a batch to one peer, where there is room for all of it.</summary>
    /// <returns>False where there is not; nothing of it is sent then.</returns>
    /// <exception cref="ObjectDisposedException">The socket has been disposed.</exception>
    public bool TrySend(ZmtpBatch batch)
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            if (_waiting.Messages == 0 && TryGive(batch)) return true;
            if (!_waiting.HasRoom(batch, Options.HighWaterMark, Options.HighWaterBytes)) return false;
            _waiting.Add(batch);
            return true;
        }
    }

    /// <summary>Sends a message as soon as there is room for it.</summary>
    /// <returns>Done when the socket has it; whether it has left says <see cref="SendingSocket.FlushAsync"/>.</returns>
    /// <exception cref="ObjectDisposedException">The socket has been disposed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was sent.</exception>
    public ValueTask SendAsync(ZmtpMessage message, CancellationToken cancellation = default) => SendAsync(new ZmtpBatch(message), cancellation);

    /// <summary>The same for a batch, which goes to one peer.</summary>
    /// <inheritdoc cref="SendAsync(ZmtpMessage, CancellationToken)"/>
    public async ValueTask SendAsync(ZmtpBatch batch, CancellationToken cancellation = default)
    {
        while (!TrySend(batch, out var room)) await room.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends a batch to one peer, where there is room for all of it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="room">Where there is none: done when there may be.</param>
    internal bool TrySend(ZmtpBatch batch, out Task room)
    {
        lock (Gate)
        {
            room = Task.CompletedTask;
            if (TrySend(batch)) return true;
            room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            return false;
        }
    }

    private protected override long Unassigned => _waiting.Messages;

    private protected override void Met(Member member)
    {
        _ring.Add(member);
        GiveWaiting();
    }

    private protected override void Written(Member member, int count)
    {
        GiveWaiting();
        base.Written(member, count);
    }

    private protected override void Left(Member member)
    {
        var index = _ring.IndexOf(member);
        _ring.RemoveAt(index);
        if (index < _next) _next--;
        if (member.Given.Messages > 0)
        {
            // What it was given goes to the front, and with it whatever of that stands before what somebody waits for.
            AwaitedUnassigned = AwaitedUnassigned > 0 ? AwaitedUnassigned + member.Given.Messages : member.Awaited;
            var later = _waiting;
            _waiting = member.Given;
            foreach (var batch in later.TakeAll()) _waiting.Add(batch);
        }
        GiveWaiting();
        base.Left(member);
    }

    private protected override void End()
    {
        Dropped += _waiting.Messages;
        _waiting = new BatchQueue();
        AwaitedUnassigned = 0;
        HasRoom();
        base.End();
    }

    private void GiveWaiting()
    {
        while (_waiting.TryPeek(out var batch) && TryGive(batch, isAwaited: AwaitedUnassigned > 0))
        {
            _waiting.TryTake(out _);
            AwaitedUnassigned = Math.Max(0, AwaitedUnassigned - batch.Count);
        }
        if (_waiting.Messages <= Options.HighWaterMark / 2) HasRoom();
    }

    private bool TryGive(ZmtpBatch batch, bool isAwaited = false)
    {
        for (var tried = 0; tried < _ring.Count; tried++)
        {
            if (_next >= _ring.Count) _next = 0;
            var member = _ring[_next++];
            if (!member.Given.HasRoom(batch, Options.HighWaterMark, Options.HighWaterBytes)) continue;
            member.Give(batch);
            if (isAwaited) member.Awaited = member.Given.Messages;
            return true;
        }
        return false;
    }

    private void HasRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
