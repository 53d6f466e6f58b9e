using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MessageRouter.Ledger;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using NetMQ;
using NetMQ.Sockets;

namespace MessageRouter.NetMq;

/// <summary>
/// A publishing or a PUSH socket of NetMQ. To publish an XPUB socket is used: it tells of the subscriptions, and it can
/// be emptied of whatever else peers send.
/// </summary>
internal sealed class NetMqSender : NetMqSocket, IZeroMqSender
{
    /// <summary>Messages that are sent before other sockets have their turn.</summary>
    private const int Budget = 256;

    /// <summary>
    /// The longest frame that a peer may send here: a subscription and a byte. NetMQ walks its subscriptions by
    /// recursion, and one of 100,000 bytes would end the process.
    /// </summary>
    private const int MaxIncomingFrame = 4 << 10;

    /// <summary>Incoming frames that are read in one go; the rest is read when the others have had their turn.</summary>
    private const int IncomingBudget = 4096;

    private readonly SenderSettings _settings;
    private readonly ISenderSink _sink;
    private readonly Action _closing;
    private readonly ConcurrentQueue<MessageBatch> _queue = new();
    private readonly EventHandler<NetMQSocketEventArgs> _onReceiveReady;
    private readonly EventHandler<NetMQSocketEventArgs> _onSendReady;
    private readonly Action _guardedPump;
    private readonly Subscriptions? _subscriptions;

    /// <summary>
    /// A PUSH socket that connects takes messages before there is anybody to take them from it. They would count as
    /// sent, and be lost without a word when the node stops.
    /// </summary>
    private readonly bool _needsConnection;

    /// <summary>Held while sending, so that nothing is sent any more when <see cref="Close"/> has returned.</summary>
    private readonly Lock _sending = new();

    private MessageBatch? _batch;
    private int _next;
    private int _pumpPosted;
    private bool _holding;
    private int _connections;
    private bool _awaitingRoom;
    private bool _incomingMore;
    private bool _closed;
    private Msg _incoming;

    /// <param name="loop">Whose thread the socket belongs to.</param>
    /// <param name="settings">The socket's.</param>
    /// <param name="sink">Hears of the outcome.</param>
    /// <param name="closing">Called once, when it begins to be closed.</param>
    public NetMqSender(NetMqLoop loop, SenderSettings settings, ISenderSink sink, Action closing)
        : base(loop, settings.Socket == SenderSocket.Pub ? new XPublisherSocket() : new NetMQ.Sockets.PushSocket())
    {
        _settings = settings;
        _sink = sink;
        _closing = closing;
        _needsConnection = settings.Socket == SenderSocket.Push && settings.Bind.Count == 0 && settings.Connect.All(endpoint => endpoint.IsTcp);
        if (settings.Socket == SenderSocket.Pub)
        {
            _subscriptions = new Subscriptions();
            _holding = true;
        }
        _incoming.InitEmpty();
        Action pump = Pump;
        Action roomAgain = () =>
        {
            StopAwaitingRoom();
            Pump();
        };
        _onReceiveReady = (_, _) => Guard(pump);
        _onSendReady = (_, _) => Guard(roomAgain);
        _guardedPump = () =>
        {
            Interlocked.Exchange(ref _pumpPosted, 0);
            Guard(pump);
        };
    }

    public void Send(MessageBatch batch)
    {
        _queue.Enqueue(batch);
        PostPump();
    }

    public void StopHolding() => Loop.Post(() => Guard(() =>
    {
        _holding = false;
        Pump();
    }));

    public void Close()
    {
        lock (_sending)
        {
            if (_closed) return;
            _closed = true;
        }
        _closing();
        Leave();
        Loop.Post(() =>
        {
            Ignore();
            Dispose();
        });
    }

    protected override void Configure(SocketSettings settings)
    {
        Socket.Options.SendHighWatermark = settings.HighWaterMark;
        Socket.Options.MaxMsgSize = MaxIncomingFrame;
        if (_subscriptions is not null) Socket.ReceiveReady += _onReceiveReady;
    }

    protected override void Ignore()
    {
        if (_subscriptions is not null) Socket.ReceiveReady -= _onReceiveReady;
        StopAwaitingRoom();
    }

    protected override void PeerChanged(PeerChange change)
    {
        _sink.PeerChanged(change);
        _connections = Math.Max(0, _connections + (change.Connected ? 1 : -1));
        if (change.Connected) Pump();
    }

    protected override void Report(Exception exception) => _sink.Failed(exception);

    private void PostPump()
    {
        if (Interlocked.Exchange(ref _pumpPosted, 1) == 0) Loop.Post(_guardedPump);
    }

    /// <summary>Sends what there is, up to the budget, as long as a peer can take it.</summary>
    private void Pump()
    {
        lock (_sending)
        {
            if (_closed) return;
            if (_subscriptions is not null)
            {
                ReadSubscriptions(_subscriptions);
                _holding &= !_subscriptions.Any;
            }
            if (_holding || _awaitingRoom || (_needsConnection && _connections == 0)) return;

            var counts = new OutcomeRun(_sink);
            var left = Budget;
            try
            {
                while (left > 0 && TryPeek(out var message))
                {
                    if (!TrySend(message, ref counts))
                    {
                        AwaitRoom();
                        break;
                    }
                    _next++;
                    left--;
                }
            }
            finally
            {
                counts.Report();
            }
            if (left == 0) PostPump();
        }
    }

    private bool TryPeek(out Message message)
    {
        while (_batch is null || _next == _batch.Count)
        {
            _next = 0;
            if (!_queue.TryDequeue(out _batch))
            {
                message = null!;
                return false;
            }
        }
        message = _batch[_next];
        return true;
    }

    private bool TrySend(Message message, ref OutcomeRun counts)
    {
        var frames = message.LeadingFrameArray;
        if (message.Size > _settings.MaxMessageSize)
        {
            counts.Add(DropReasons.TooLarge);
            return true;
        }
        if (_subscriptions is not null && !_subscriptions.Matches((frames.Length > 0 ? frames[0] : message.Payload).Span))
        {
            counts.Add(DropReasons.NoSubscriber);
            return true;
        }

        for (var i = 0; i < frames.Length; i++)
        {
            if (TrySend(frames[i], more: true)) continue;
            if (i > 0) Swallow(message, i + 1);
            return false;
        }
        if (!TrySend(message.Payload, more: false)) return false;
        counts.Add(null);
        return true;
    }

    /// <summary>
    /// A peer that left in the middle of a message takes what was sent of it along, and NetMQ drops the frames up to
    /// the next message's beginning: they are given to it, and the whole message is sent again later.
    /// </summary>
    private void Swallow(Message message, int from)
    {
        var frames = message.LeadingFrameArray;
        for (var i = from; i < frames.Length; i++) TrySend(frames[i], more: true);
        TrySend(message.Payload, more: false);
    }

    private bool TrySend(ReadOnlyMemory<byte> bytes, bool more)
    {
        var frame = default(Msg);
        if (!MemoryMarshal.TryGetArray(bytes, out var array)) array = bytes.ToArray();
        frame.InitGC(array.Array ?? [], array.Offset, array.Count);
        return Socket.TrySend(ref frame, TimeSpan.Zero, more);
    }

    private void ReadSubscriptions(Subscriptions subscriptions)
    {
        for (var left = IncomingBudget; left > 0 && Socket.TryReceive(ref _incoming, TimeSpan.Zero); left--)
        {
            var first = !_incomingMore;
            _incomingMore = _incoming.HasMore;
            ReadOnlySpan<byte> bytes = _incoming.SliceAsMemory().Span;
            if (!first || bytes.Length == 0) continue;
            if (bytes[0] == 1) subscriptions.Add(bytes[1..]);
            else if (bytes[0] == 0) subscriptions.Remove(bytes[1..]);
        }
    }

    /// <summary>A poller calls as long as there is room, so it is asked only while there is something to send.</summary>
    private void AwaitRoom()
    {
        _awaitingRoom = true;
        Socket.SendReady += _onSendReady;
    }

    private void StopAwaitingRoom()
    {
        if (!_awaitingRoom) return;
        _awaitingRoom = false;
        Socket.SendReady -= _onSendReady;
    }
}
