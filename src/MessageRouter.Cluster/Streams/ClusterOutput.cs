using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Akka.Actor;
using Akka.Event;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Distribution;
using MessageRouter.Security;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Streams;

/// <summary>Feeds a stream: a distributor whose workers are the inputs that the cluster says take it.</summary>
internal sealed class ClusterOutput : DistributorOutput
{
    private readonly Options _options;
    private readonly StreamFeed _feed;
    private readonly ByTable? _slots;
    private readonly IStreamDirectory _streams;
    private readonly long _number = SlotKeeper.NewOutput();
    private SlotKeeper? _keeper;

    public ClusterOutput(Options options, IPeerEngine engine, NodeSecurity security, IStreamDirectory streams)
        : this(options, engine, security, streams, options.Balancer)
    {
    }

    private ClusterOutput(Options options, IPeerEngine engine, NodeSecurity security, IStreamDirectory streams, Balancer balancer)
        : base(options.AsDistributor([]), engine, security, options.Delivery == DeliveryMode.AtLeastOnce ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, balancer)
    {
        _options = options;
        _streams = streams;
        _slots = balancer as ByTable;
        _feed = new StreamFeed(options, streams, Cell, Roster);
        Receive<Offered>(offered =>
        {
            if (offered.Events != Events) return;
            _feed.Take(offered.Offers);
            Connect();
            AfterEvents();
        });
        Receive<LeftForGood>(left =>
        {
            if (left.Events == Events) Connect();
        });
        Receive<Agreed>(agreed =>
        {
            if (agreed.Events != Events) return;
            _keeper?.Take(agreed.Table);
            AfterEvents();
        });
        Receive<LookAgain>(look =>
        {
            if (look.Events == Events) AfterEvents();
        });
    }

    protected override PeerSettings Settings => StreamMark.Feeding(_options.Stream, base.Settings) is var settings && _slots is null ? settings : settings with { Metadata = [.. settings.Metadata, SlotFence.PropertyOf(_number)] };

    protected override void Open()
    {
        base.Open();
        var (self, events) = (Self, Events!);
        var following = _feed.Begin(offers => self.Tell(new Offered(events, offers)), table => self.Tell(new Agreed(events, table)));
        if (_slots is null) return;
        var keeper = _keeper = new SlotKeeper(_number, _slots, _streams, following, () => Workers);
        _slots.IsInForce = () => keeper.IsInForce;
        keeper.Take(null);
    }

    protected override void Close()
    {
        _feed.End();
        base.Close();
    }

    protected override void AfterEvents()
    {
        _keeper?.Look();
        base.AfterEvents();
    }

    protected override void Left(Worker worker, PeerEnd end, bool byItself)
    {
        base.Left(worker, end, byItself);
        if (byItself && _keeper is not null) Self.Tell(new LookAgain(Events!));
        if (byItself && worker.Endpoint is { } endpoint && !_feed.Endpoints.Contains(endpoint)) Self.Tell(new LeftForGood(Events!));
    }

    /// <remarks>Whoever answers, and offers nothing any more, says himself when he has answered for everything, and hangs up.</remarks>
    private void Connect()
    {
        var leaving = _options.Delivery == DeliveryMode.AtLeastOnce ? Workers.Select(worker => worker.Endpoint).OfType<string>() : [];
        Change(_options.AsDistributor([.. _feed.Endpoints.Union(leaving)]));
    }

    internal new sealed record Options : IStreamEnd, IChoosesActor, ISecured, IOpensInTurn, IHoldsMessages, IPromises, IValidatableObject
    {
        private const int DefaultMaxDeliveries = 5;

        /// <summary>Nodes that come back do so soon.</summary>
        private static readonly ReconnectOptions AtOnce = new() { Max = TimeSpan.FromSeconds(1) };

        private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

        [Description("The stream's name: who takes it names it too, and nobody an address.")]
        public required string Stream { get; init; }

        [Description("`round-robin` gives the nodes that take the stream one message after the other, so that their shares are even; `least-busy` gives each to the one that has the fewest; `local-first` keeps them in this node as long as that takes the stream and has room; `broadcast` gives each to all of them, once to a node that has several inputs, and a node that has as many as it may misses what comes then; `key` gives messages with the same `key` to one node, in their order, whoever feeds them.")]
        public StreamRoute Route { get; init; }

        [Description("route = key: the field, as in user.id, or what is known of who has sent a message, as in peer.identity, by which each message belongs to one node; every output that feeds the stream says the same.")]
        public string Key { get; init; } = "";

        [Description("`at-most-once` is done with a message that is written to a node's connection; with `at-least-once` nodes answer for each, and what a dead one had goes to another. The inputs say the same.")]
        public DeliveryMode Delivery { get; init; }

        [Description("Messages that one node may have at a time, queued for it or under way; it is passed over while it has that many.")]
        [Range(1, 100_000_000, ErrorMessage = "must be from 1 to 100000000")]
        public int Queue { get; init; } = 10_000;

        [ByteSize]
        [Description("Bytes that one node may have at a time, whichever of the two bounds is reached first; 0 for no limit. One message more may go beyond it.")]
        [Range(typeof(long), "0", "9223372036854775807", ErrorMessage = "must be 0, for no limit, or more")]
        public long QueueBytes { get; init; } = PeerQueue.DefaultBytes;

        [Description("At-least-once: how long a node may be at a message before another gets it too, which counts as a failure.")]
        public TimeSpan Lease { get; init; } = DefaultLease;

        [Description("At-least-once: how many nodes may fail on a message before it goes to the error chain. That a node dies does not count.")]
        [Range(1, 1_000_000, ErrorMessage = "must be from 1 to 1000000")]
        public int MaxDeliveries { get; init; } = DefaultMaxDeliveries;

        [Description("How a node that has gone silent is noticed.")]
        public WorkerHeartbeatOptions Heartbeat { get; init; } = new();

        [Description("How long the connections may still send what they were given when the output closes; never longer.")]
        public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

        [ByteSize]
        [Description("The largest message, all its frames together; a larger one is dropped and counted as too-large.")]
        [Range(1, int.MaxValue, ErrorMessage = "must be from 1B to 2047MiB")]
        public long MaxMessageSize { get; init; } = 16 << 20;

        [Description("Has nodes prove who they are, and encrypts the messages between them; `server` is the key of all inputs of the stream.")]
        public CurveOptions? Curve { get; init; }

        [Description("The user and his password, where there is no CURVE; nothing is encrypted.")]
        public PlainOptions? Plain { get; init; }

        internal EndpointSecurity? Security { get; init; }

        EndpointSecurity? ISecured.Security => Security;

        string? ISecured.OtherEngine => null;

        IEnumerable<string> ISecured.ReadableLinks => [];

        object ISecured.With(EndpointSecurity security) => this with { Security = security };

        Type? IChoosesActor.Actor => Route == StreamRoute.Broadcast ? typeof(ClusterBroadcast) : null;

        long? IHoldsMessages.MostBytes => PeerQueue.MostBytes(QueueBytes, known: 1);

        bool IHoldsMessages.IsRaised => PeerQueue.IsRaised(QueueBytes);

        Promise IPromises.Promise => Route == StreamRoute.Broadcast ? Promise.Lossy : Delivery == DeliveryMode.AtLeastOnce ? Promise.AtLeastOnce : Promise.AtMostOnce;

        string IPromises.Reason => Route == StreamRoute.Broadcast ? "nodes that are away or behind miss messages" : Delivery == DeliveryMode.AtLeastOnce ? "" : "what a node has when it ends is lost";

        /// <summary>Chooses among the nodes.</summary>
        internal Balancer Balancer => Route switch
        {
            StreamRoute.LeastBusy => new LeastQueued(),
            StreamRoute.LocalFirst => new LocalFirst(),
            StreamRoute.Key => new ByTable(MessageKey.Parse(Key)),
            _ => new RoundRobin(Queue),
        };

        /// <summary>What other nodes are told.</summary>
        internal StreamFeeding Feeding => new(Stream, Delivery, Route switch { StreamRoute.LeastBusy => "least-busy", StreamRoute.LocalFirst => "local-first", StreamRoute.Broadcast => "broadcast", StreamRoute.Key => "key", _ => "round-robin" }, Route == StreamRoute.Key ? Key : null);

        internal DistributorOutput.Options AsDistributor(IReadOnlyList<string> endpoints) => new()
        {
            Workers = endpoints,
            Queue = Queue,
            QueueBytes = QueueBytes,
            Delivery = Delivery,
            Lease = Lease,
            MaxDeliveries = MaxDeliveries,
            Heartbeat = Heartbeat,
            Linger = Linger,
            MaxMessageSize = MaxMessageSize,
            Reconnect = AtOnce,
            Security = Security,
        };

        internal ZeroMqOutput.Options AsPublisher(IReadOnlyList<string> endpoints) => new()
        {
            SocketType = SenderSocket.Push,
            Connect = endpoints,
            HighWaterMark = Queue,
            HighWaterBytes = QueueBytes,
            SubscribeDelay = TimeSpan.Zero,
            Linger = Linger,
            MaxMessageSize = MaxMessageSize,
            Heartbeat = new HeartbeatOptions { Interval = Heartbeat.Interval, Timeout = Heartbeat.Timeout },
            Reconnect = AtOnce,
            Security = Security,
        };

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (StreamName.Problem(Stream) is { } problem) yield return new ValidationResult(problem, [nameof(Stream)]);
            if (Route == StreamRoute.Key && Key.Length == 0)
                yield return new ValidationResult("needs `key`, the field by which each message belongs to one node, as in key = user.id, or what is known of who has sent it, as in key = peer.identity", [nameof(Route)]);
            else if (Route == StreamRoute.Key && !MessageKey.TryParse(Key, out _, out var wrong)) yield return new ValidationResult($"names no field: {wrong}", [nameof(Key)]);
            if (Route != StreamRoute.Key && Key.Length > 0) yield return new ValidationResult("works only with route = key; remove it, or write route = key", [nameof(Key)]);
            foreach (var found in Durations.Check(Linger, TimeSpan.Zero, nameof(Linger))) yield return found;
            foreach (var found in Durations.Check(Lease, TimeSpan.FromMilliseconds(1), nameof(Lease))) yield return found;
            if (Delivery == DeliveryMode.AtLeastOnce)
            {
                if (Route == StreamRoute.Broadcast) yield return new ValidationResult("works only with delivery = at-most-once: nodes that come and go make nobody's answers complete", [nameof(Route)]);
                if (Heartbeat.Interval <= TimeSpan.Zero) yield return new ValidationResult("needs an `interval` of more than 0 with delivery = at-least-once", [$"{nameof(Heartbeat)}.{nameof(Heartbeat.Interval)}", nameof(Heartbeat)]);
                yield break;
            }
            if (Lease != DefaultLease) yield return new ValidationResult("works only with delivery = at-least-once; remove it", [nameof(Lease)]);
            if (MaxDeliveries != DefaultMaxDeliveries) yield return new ValidationResult("works only with delivery = at-least-once; remove it", [nameof(MaxDeliveries)]);
        }
    }

    /// <summary>Of the instance that these events are for.</summary>
    private sealed record LeftForGood(PeerEvents Events) : IDeadLetterSuppression;

    /// <summary>Of the instance that these events are for.</summary>
    private sealed record Agreed(PeerEvents Events, SlotTable? Table) : IDeadLetterSuppression;

    /// <summary>Of the instance that these events are for.</summary>
    private sealed record LookAgain(PeerEvents Events) : IDeadLetterSuppression;

    /// <summary>Of the instance that these events are for.</summary>
    private sealed record Offered(PeerEvents Events, IReadOnlyList<StreamOffer> Offers) : IDeadLetterSuppression;
}
