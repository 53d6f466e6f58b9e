using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Akka.Actor;
using Akka.Event;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Security;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Streams;

/// <summary>Feeds a stream: a distributor whose workers are the inputs that the cluster says take it.</summary>
internal sealed class ClusterOutput : DistributorOutput
{
    private readonly Options _options;
    private readonly IStreamDirectory _streams;
    private readonly StreamLog _log;
    private IDisposable? _following;
    private IReadOnlyList<string> _offered = [];

    public ClusterOutput(Options options, IPeerEngine engine, NodeSecurity security, IStreamDirectory streams)
        : base(options.AsDistributor([]), engine, security, options.Delivery == DeliveryMode.AtLeastOnce ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, options.Balancer)
    {
        _options = options;
        _streams = streams;
        _log = new StreamLog(Logger, options.Stream);
        Receive<Offered>(Handle);
        Receive<LeftForGood>(left =>
        {
            if (left.Events == Events) Connect();
        });
    }

    protected override void Open()
    {
        Cell.Mailbox.ReasonWhenFull = DropReasons.NoMember;
        base.Open();
        var (self, events) = (Self, Events!);
        var following = _following = _streams.Follow(_options.Stream, offers => self.Tell(new Offered(events, offers)));

        // An input of this node that takes the stream waits for that, and the output closes only after all inputs.
        _ = Cell.Drained.Task.ContinueWith(_ => following.Dispose(), TaskScheduler.Default);
    }

    protected override void Close()
    {
        _following?.Dispose();
        _following = null;
        base.Close();
    }

    private void Handle(Offered offered)
    {
        if (offered.Events != Events) return;
        var usable = offered.Offers.Where(offer => offer.Delivery == _options.Delivery).DistinctBy(offer => offer.Endpoint).ToList();
        _log.Mismatched(offered.Offers.Where(offer => offer.Delivery != _options.Delivery).Select(offer => offer.Node).Distinct().ToList(), _options.Delivery);
        _log.Members(usable.Count);
        Cell.Mailbox.ReasonWhenFull = usable.Count == 0 ? DropReasons.NoMember : null;

        // Those that are new are named before they are connected to.
        foreach (var offer in usable)
        {
            var worker = Roster.At(offer.Endpoint);
            worker.Name = $"{offer.Node} ({offer.Endpoint})";
            worker.IsLocal = offer.Node == _streams.Node;
        }
        _offered = [.. usable.Select(offer => offer.Endpoint)];
        Connect();
        AfterEvents();
    }

    protected override void Left(Worker worker, PeerEnd end, bool byItself)
    {
        base.Left(worker, end, byItself);
        if (byItself && worker.Endpoint is { } endpoint && !_offered.Contains(endpoint)) Self.Tell(new LeftForGood(Events!));
    }

    /// <remarks>Whoever answers, and offers nothing any more, says himself when he has answered for everything, and hangs up.</remarks>
    private void Connect()
    {
        var leaving = _options.Delivery == DeliveryMode.AtLeastOnce ? Workers.Select(worker => worker.Endpoint).OfType<string>() : [];
        Change(_options.AsDistributor([.. _offered.Union(leaving)]));
    }

    internal new sealed record Options : IStreamEnd, ISecured, IOpensInTurn, IHoldsMessages, IPromises, IValidatableObject
    {
        private const int DefaultMaxDeliveries = 5;
        private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

        [Description("The stream's name: who takes it names it too, and nobody an address.")]
        public required string Stream { get; init; }

        [Description("`round-robin` gives the nodes that take the stream one message after the other, so that their shares are even; `least-busy` gives each to the one that has the fewest; `local-first` keeps them in this node as long as that takes the stream and has room.")]
        public StreamRoute Route { get; init; }

        [Description("`at-most-once` is done with a message that is written to a node's connection; with `at-least-once` nodes answer for each, and what a dead one had goes to another. The inputs say the same.")]
        public DeliveryMode Delivery { get; init; }

        [Description("Messages that one node may have at a time, queued for it or under way; it is passed over while it has that many.")]
        [Range(1, 100_000_000, ErrorMessage = "must be from 1 to 100000000")]
        public int Queue { get; init; } = 1000;

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

        long? IHoldsMessages.MostBytes => PeerQueue.MostBytes(QueueBytes, known: 1);

        bool IHoldsMessages.IsRaised => PeerQueue.IsRaised(QueueBytes);

        Promise IPromises.Promise => Delivery == DeliveryMode.AtLeastOnce ? Promise.AtLeastOnce : Promise.AtMostOnce;

        string IPromises.Reason => Delivery == DeliveryMode.AtLeastOnce ? "" : "what a node has when it ends is lost";

        /// <summary>Chooses among the nodes.</summary>
        internal Balancer Balancer => Route switch
        {
            StreamRoute.LeastBusy => new LeastQueued(),
            StreamRoute.LocalFirst => new LocalFirst(),
            _ => new RoundRobin(Queue),
        };

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
            Security = Security,

            // Members come back at once.
            Reconnect = new ReconnectOptions { Max = TimeSpan.FromSeconds(1) },
        };

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (StreamName.Problem(Stream) is { } problem) yield return new ValidationResult(problem, [nameof(Stream)]);
            foreach (var found in Durations.Check(Linger, TimeSpan.Zero, nameof(Linger))) yield return found;
            foreach (var found in Durations.Check(Lease, TimeSpan.FromMilliseconds(1), nameof(Lease))) yield return found;
            if (Delivery == DeliveryMode.AtLeastOnce)
            {
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
    private sealed record Offered(PeerEvents Events, IReadOnlyList<StreamOffer> Offers) : IDeadLetterSuppression;
}
