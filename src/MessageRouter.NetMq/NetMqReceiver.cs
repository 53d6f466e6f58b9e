using MessageRouter.Monitoring;
using MessageRouter.ZeroMq;
using NetMQ;
using NetMQ.Sockets;

namespace MessageRouter.NetMq;

/// <summary>A SUB or PULL socket of NetMQ.</summary>
internal sealed class NetMqReceiver : NetMqSocket, IZeroMqReceiver
{
    /// <summary>Messages that are read before other sockets have their turn.</summary>
    private const int Budget = 256;

    /// <summary>Messages that are still read when the socket is closed and its high-water mark sets no limit.</summary>
    private const int MostAtTheEnd = 10_000;

    private readonly ReceiverSettings _settings;
    private readonly IReceiverSink _sink;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EventHandler<NetMQSocketEventArgs> _onReceiveReady;
    private readonly Message[] _messages = new Message[Budget];
    private readonly List<ReadOnlyMemory<byte>> _frames = [];
    private Msg _frame;
    private long _size;
    private bool _reading = true;
    private int _closing;

    public NetMqReceiver(NetMqLoop loop, ReceiverSettings settings, IReceiverSink sink)
        : base(loop, settings.Socket == ReceiverSocket.Pull ? new PullSocket() : new SubscriberSocket())
    {
        _settings = settings;
        _sink = sink;
        _frame.InitEmpty();
        Action drain = () => Drain();
        _onReceiveReady = (_, _) => Guard(drain);
    }

    public Func<IReadOnlyList<ConnectionLine>>? Connections => null;

    public void Resume() => Loop.Post(() => Guard(() =>
    {
        if (_reading || _closed.Task.IsCompleted) return;
        _reading = true;
        Socket.ReceiveReady += _onReceiveReady;
    }));

    public Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _closing, 1) == 0)
        {
            Leave();
            Loop.Post(Close);
        }
        return _closed.Task;
    }

    protected override bool MayStandUnread => _settings.Pauses;

    protected override void Configure(SocketSettings settings)
    {
        Socket.Options.ReceiveHighWatermark = _settings.HighWaterMark;
        Socket.Options.MaxMsgSize = _settings.MaxMessageSize;
        foreach (var prefix in _settings.Subscriptions) ((SubscriberSocket)Socket).Subscribe(prefix);
        Socket.ReceiveReady += _onReceiveReady;
    }

    protected override void Ignore()
    {
        _reading = false;
        Socket.ReceiveReady -= _onReceiveReady;
    }

    protected override void PeerChanged(PeerChange change) => _sink.PeerChanged(change);

    protected override void Report(Exception exception) => _sink.Failed(exception);

    private void Close()
    {
        try
        {
            Guard(ReadTheRest);
            Dispose();
        }
        finally
        {
            _closed.TrySetResult();
        }
    }

    /// <summary>What has arrived counts as received by those who sent it.</summary>
    private void ReadTheRest()
    {
        Ignore();
        var most = _settings.HighWaterMark is 0 ? MostAtTheEnd : _settings.HighWaterMark;
        for (var read = 0; read < most;)
        {
            var count = Drain();
            if (count == 0) return;
            read += count;
        }
    }

    /// <summary>Hands over what has arrived, up to the budget.</summary>
    /// <returns>How many messages were read, too large ones included.</returns>
    private int Drain()
    {
        var read = 0;
        var count = 0;
        while (read < Budget && Socket.TryReceive(ref _frame, TimeSpan.Zero))
        {
            // The pool is the garbage collector: the frame's bytes are this message's alone.
            ReadOnlyMemory<byte> bytes = _frame.SliceAsMemory();
            var more = _frame.HasMore;
            _size += bytes.Length;
            var fits = _size <= _settings.MaxMessageSize;
            if (more)
            {
                if (fits) _frames.Add(bytes);
                else _frames.Clear();
                continue;
            }

            read++;
            if (fits) _messages[count++] = new Message(bytes, _sink.Format, _frames.Count == 0 ? null : [.. _frames]);
            else _sink.TooLarge(_size);
            _size = 0;
            _frames.Clear();
        }
        if (count == 0) return read;

        var batch = new MessageBatch(_messages[..count], count);
        Array.Clear(_messages, 0, count);
        if (!_sink.Take(batch) && _reading) Ignore();
        return read;
    }
}
