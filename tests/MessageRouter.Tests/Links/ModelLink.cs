using System.Net;
using System.Text;
using MessageRouter.Ledger;
using MessageRouter.Links;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Links;

/// <summary>
/// A connection without a network: what one side sends is taken by the operating system when the test says so, and read by the other side when the test says so, or never. Beside the books
/// that it feeds it keeps one by hand.
/// </summary>
internal sealed class ModelLink : IPeer
{
    private readonly Queue<Item> _given = [];
    private readonly Queue<Item> _inTheSystem = [];
    private readonly ModelPeer _receiverSide;
    private readonly int _mostGiven;
    private int _commands;

    public ModelLink(Run sender, Run receiver, string[] prefixes, int mostGiven = 4)
    {
        (Sender, Receiver) = (sender, receiver);
        Metadata = PeerMetadata.Of(PeerSocketType.Sub, (receiver.End with { Subscriptions = prefixes.Length }).Properties());
        _receiverSide = new ModelPeer(PeerMetadata.Of(PeerSocketType.Pub, sender.End.Properties()));
        _mostGiven = mostGiven;
        Unsaid = new Queue<string>(prefixes);
        Subscriptions = new Subscriptions(sender.Index);
        Down = sender.Down.Connect(this);
        Up = receiver.Up.Connect(_receiverSide);
        Truth = sender.TruthOf(receiver);
    }

    public Run Sender { get; }

    public Run Receiver { get; }

    public Truth Truth { get; }

    public DownstreamConnection Down { get; }

    public UpstreamConnection Up { get; }

    /// <summary>Prefixes that the receiver has yet to subscribe to.</summary>
    public Queue<string> Unsaid { get; }

    public Subscriptions Subscriptions { get; }

    public bool SenderIsOpen { get; private set; } = true;

    public bool ReceiverIsOpen { get; private set; } = true;

    public PeerMetadata Metadata { get; }

    /// <summary>From where the receiver has connected.</summary>
    public IPAddress? Address { get; init; }

    string IPeer.Name => "tcp://127.0.0.1:1";

    bool IPeer.IsAccepted => true;

    int IPeer.Unconfirmed => 0;

    PeerTraffic IPeer.Traffic => default;

    bool IPeer.TrySend(byte[] command)
    {
        // As a connection whose peer does not read.
        if (!SenderIsOpen || _commands >= 2) return false;
        _commands++;
        _given.Enqueue(new Item(null, command));
        return true;
    }

    void IPeer.Send(ZmtpBatch batch) => throw new NotSupportedException();

    void IPeer.Finish() => throw new NotSupportedException();

    void IPeer.Close(string reason) => throw new NotSupportedException();

    void IPeer.Disconnect(string reason, string? refusal) => throw new NotSupportedException();

    /// <summary>The same connection in another book of a receiver.</summary>
    public UpstreamConnection ConnectTo(Upstream book) => book.Connect(_receiverSide);

    /// <summary>The receiver subscribes to the next prefixes.</summary>
    public void Subscribe(int count)
    {
        count = Math.Min(count, Unsaid.Count);
        for (var i = 0; i < count; i++) Subscriptions.Add(Encoding.ASCII.GetBytes(Unsaid.Dequeue()));
        if (count > 0) Down.Subscribe(Subscriptions, count);
    }

    /// <summary>The sender has a message for the receiver, and gives it or has no room for it.</summary>
    public void Offer(string text)
    {
        if (_given.Count(item => item.Text is not null) >= _mostGiven)
        {
            Down.Drop(1, DropReasons.SubscriberFull);
            Truth.Drop(DropReasons.SubscriberFull, 1);
            return;
        }
        _given.Enqueue(new Item(text, null));
        Down.Give(1);
    }

    /// <summary>The operating system takes what it was given next.</summary>
    public void Write(int count)
    {
        for (; count > 0 && SenderIsOpen && _given.TryDequeue(out var item); count--)
        {
            _inTheSystem.Enqueue(item);
            if (item.Text is null)
            {
                _commands--;
                continue;
            }
            Down.Write(1);
            Truth.Written++;
        }
    }

    /// <summary>The receiver reads what has come.</summary>
    public void Read(int count)
    {
        for (; count > 0 && ReceiverIsOpen && _inTheSystem.TryDequeue(out var item); count--)
        {
            if (item.Text is not null)
            {
                Up.Add(1);
                Truth.Received++;
            }
            else
            {
                var tally = Tally.Read(BodyOf(item.Command!));
                Assert.NotNull(tally);
                Receiver.Up.Hear(Up, tally);
            }
        }
        if (!SenderIsOpen && _inTheSystem.Count == 0) EndAtReceiver();
    }

    /// <summary>The sender's connection ends; what the system has may still arrive.</summary>
    public void EndAtSender(bool arrives)
    {
        if (!SenderIsOpen) return;
        var lost = _given.Count(item => item.Text is not null);
        if (lost > 0)
        {
            Down.Drop(lost, DropReasons.SubscriberGone);
            Truth.Drop(DropReasons.SubscriberGone, lost);
        }
        SenderIsOpen = false;
        Down.Close(0);
        Subscriptions.Clear();
        if (!arrives) EndAtReceiver();
    }

    /// <summary>The receiver's connection ends, and the sender learns of it later.</summary>
    public void EndAtReceiver()
    {
        if (!ReceiverIsOpen) return;
        ReceiverIsOpen = false;
        Truth.LostUpToNow += _inTheSystem.Count(item => item.Text is not null);
        Receiver.Up.End(Up, hasLeft: false);
    }

    /// <summary>What the sender's system takes after the receiver has gone is lost.</summary>
    public void CountLate()
    {
        if (!ReceiverIsOpen) Truth.LostUpToNow = Truth.Written - Truth.Received;
    }

    private static ReadOnlySpan<byte> BodyOf(byte[] frame) => frame.AsSpan((frame[0] & FrameFlags.Long) == 0 ? FrameFlags.ShortestHeader : FrameFlags.LongestHeader);

    private readonly record struct Item(string? Text, byte[]? Command);

    private sealed class ModelPeer(PeerMetadata metadata) : IPeer
    {
        public string Name => "tcp://127.0.0.1:2";

        public bool IsAccepted => false;

        public PeerMetadata Metadata => metadata;

        public int Unconfirmed => 0;

        public PeerTraffic Traffic => default;

        public void Send(ZmtpBatch batch) => throw new NotSupportedException();

        public void Finish() => throw new NotSupportedException();

        public void Close(string reason) => throw new NotSupportedException();

        public void Disconnect(string reason, string? refusal = null) => throw new NotSupportedException();
    }
}

/// <summary>One run of a node with one component.</summary>
internal sealed class Run(string node, string component, TimeProvider clock)
{
    private readonly Dictionary<Run, Truth> _truths = [];

    public LinkEnd End { get; } = new(node, LinkEnd.NewEpoch(), component);

    public Downstream Down { get; } = new(clock);

    public Upstream Up { get; } = new();

    /// <summary>What those want who are connected.</summary>
    public SubscriptionIndex Index { get; } = new();

    /// <summary>Messages published.</summary>
    public long Published { get; set; }

    /// <summary>What this run has sent to another one.</summary>
    public Truth TruthOf(Run receiver)
    {
        if (!_truths.TryGetValue(receiver, out var truth)) _truths[receiver] = truth = new Truth();
        return truth;
    }

    public IEnumerable<(Run Receiver, Truth Truth)> Truths => _truths.Select(pair => (pair.Key, pair.Value));

    public UpstreamLine? LineOf(Run sender) => Up.Lines().SingleOrDefault(line => line.Epoch == sender.End.Epoch);

    public DownstreamLine DownLineOf(Run receiver) => Down.Lines().Single(line => line.Epoch == receiver.End.Epoch);
}

/// <summary>What has really become of the messages of one link.</summary>
internal sealed class Truth
{
    public long Written { get; set; }

    public long Received { get; set; }

    /// <summary>Written to connections that have ended at the receiver, and not read there.</summary>
    public long LostUpToNow { get; set; }

    public SortedDictionary<string, long> Dropped { get; } = new(StringComparer.Ordinal);

    public long BeforeSubscribe { get; set; }

    public void Drop(string reason, long count) => Dropped[reason] = Dropped.GetValueOrDefault(reason) + count;
}
