using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Akka.Actor;
using Akka.Event;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Security;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Streams;

/// <summary>Takes a stream: a PULL socket at a port that the cluster tells all who feed it.</summary>
internal sealed class ClusterInput : ZeroMqInput
{
    /// <summary>How long those who feed it may take at the end to hear that it takes nothing more, and to hang up.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Options _options;
    private readonly IStreamDirectory _streams;
    private readonly IActorRef _self;
    private IStreamOffering? _offer;
    private readonly SlotFence _fence;
    private ITimer? _farewell;
    private long _unsaid;
    private int _feeders;
    private bool _isStopping;
    private bool _isFedHere;
    private bool _farewellIsOver;

    public ClusterInput(Options options, IZeroMqEngine engine, IPeerEngine peers, NodeSecurity security, IStreamDirectory streams)
        : base(options.AsZeroMq(streams.BindHost), engine, peers, security)
    {
        _options = options;
        _streams = streams;
        var self = _self = Self;
        _fence = new SlotFence(streams, () => self.Tell(LookAgain.Instance));
        Receive<Agreed>(agreed =>
        {
            _fence.Take(agreed.Table);
            _unsaid = agreed.Table.Held > 0 ? agreed.Table.Epoch : 0;
            SayWhatIsFinished();
        });
        Receive<LookAgain>(_ => SayWhatIsFinished());
        Receive<FeederGone>(_ => StopWhenAlone());
        Receive<NotFedHere>(_ =>
        {
            _isFedHere = false;
            StopWhenAlone();
        });
        Receive<FarewellIsOver>(_ =>
        {
            _farewellIsOver = true;
            StopWhenAlone();
        });
    }

    protected override void Open()
    {
        base.Open();
        var bound = Cell.Endpoints[0];
        var port = int.Parse(bound.AsSpan(bound.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
        _offer = _streams.Offer(_options.Stream, Name, $"tcp://{new ClusterAddress(_streams.Host, port)}", _options.Delivery, _options.Weight, table => _self.Tell(new Agreed(table)));
    }

    private protected override ReceiverSettings Settings => base.Settings with { Metadata = [StreamMark.Of(_options.Stream)], Inspect = StreamMark.InspectFeeder(_options.Stream) };

    private protected override ILinkGuard? Guard => _fence;

    private void SayWhatIsFinished()
    {
        if (!EndLinksThatDoNotCount() || _unsaid == 0) return;
        _offer?.Say(_unsaid);
        _unsaid = 0;
    }

    protected override void Close()
    {
        _offer?.Dispose();
        _offer = null;
        base.Close();
    }

    /// <remarks>
    /// What was written to a connection before its feeder heard of the end is read: only then is the socket closed. And what this node itself feeds has all the time that it drains.
    /// </remarks>
    protected override void StopReading()
    {
        _isStopping = _isFedHere = true;
        _offer?.WithdrawFromOthers();
        _streams.WhenNotFedHere(_options.Stream).ContinueWith(_ => NotFedHere.Instance, TaskScheduler.Default).PipeTo(Self);
        _farewell = TellLater(FarewellIsOver.Instance, Farewell);
    }

    /// <remarks>A reload has put another one in its place, which is offered already.</remarks>
    private protected override void LeaveReading() => EndReading();

    private protected override void PeerChanged(PeerChange change)
    {
        if (Interlocked.Add(ref _feeders, change.Connected ? 1 : -1) == 0) _self.Tell(FeederGone.Instance);
    }

    private void StopWhenAlone()
    {
        if (!_isStopping || _isFedHere || !(_farewellIsOver || _options.Delivery == DeliveryMode.AtLeastOnce || Volatile.Read(ref _feeders) == 0)) return;
        _isStopping = false;
        EndReading();
    }

    private void EndReading()
    {
        _farewell?.Dispose();
        _offer?.Dispose();
        _offer = null;
        base.StopReading();
    }

    internal new sealed record Options : IStreamEnd, ISecured, IPausableInput, IHoldsMessages, IPromises, IOpensInTurn, IValidatableObject
    {
        private const int DefaultWindow = 256;

        private const int MostWeight = 1000;

        [Description("The stream's name: who feeds it names it too, and nobody an address.")]
        public required string Stream { get; init; }

        [Description("`at-most-once` takes messages of those who feed the stream in the same way; `at-least-once` answers for each when the whole node is done with it.")]
        public DeliveryMode Delivery { get; init; }

        [Description("At-least-once: how many messages of each node that feeds it the node has at a time and has not answered for.")]
        [Range(1, 1_000_000, ErrorMessage = "must be from 1 to 1000000")]
        public int Window { get; init; } = DefaultWindow;

        [Description("How many shares of the stream it takes, beside other inputs: with 4 four times what one with 1 takes. With route = local-first and broadcast it means nothing.")]
        [Range(1, MostWeight, ErrorMessage = "must be from 1 to 1000")]
        public int Weight { get; init; } = 1;

        [Description("The port at which it listens, at the address of `cluster.bind`; 0 takes any free one. Only where a firewall has to know it.")]
        [Range(0, 65535, ErrorMessage = "must be from 0 to 65535")]
        public int Port { get; init; }

        [ByteSize]
        [Description("The largest message, all its frames together. Who sends a larger one is disconnected; it is counted as too-large.")]
        [Range(1, int.MaxValue, ErrorMessage = "must be from 1B to 2047MiB")]
        public long MaxMessageSize { get; init; } = 16 << 20;

        [Description("What those who feed it may do.")]
        public LimitsOptions Limits { get; init; } = new();

        [Description("How one that has gone silent is noticed.")]
        public HeartbeatOptions Heartbeat { get; init; } = new();

        [Description("Has nodes prove who they are, and encrypts the messages between them.")]
        public CurveOptions? Curve { get; init; }

        [Description("Has who feeds it say a user and his password, where there is no CURVE; nothing is encrypted.")]
        public PlainOptions? Plain { get; init; }

        internal EndpointSecurity? Security { get; init; }

        EndpointSecurity? ISecured.Security => Security;

        string? ISecured.OtherEngine => null;

        IEnumerable<string> ISecured.ReadableLinks => [];

        object ISecured.With(EndpointSecurity security) => this with { Security = security };

        bool IPausableInput.CanPause => true;

        bool IPausableInput.CanPauseAtALoss => true;

        long? IHoldsMessages.MostBytes => 0;

        bool IHoldsMessages.IsRaised => false;

        Promise IPromises.Promise => Delivery == DeliveryMode.AtLeastOnce ? Promise.AtLeastOnce : Promise.AtMostOnce;

        string IPromises.Reason => Delivery == DeliveryMode.AtLeastOnce ? "" : "who feeds it learns nothing of what becomes of a message";

        /// <param name="host">The address to listen at.</param>
        internal ZeroMqInput.Options AsZeroMq(string host) => new()
        {
            SocketType = ReceiverSocket.Pull,
            Bind = [$"tcp://{new ClusterAddress(host, Port)}"],
            Delivery = Delivery,
            Window = Window,
            MaxMessageSize = MaxMessageSize,
            Limits = Limits,
            Heartbeat = Heartbeat,
            Security = Security,
        };

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (StreamName.Problem(Stream) is { } problem) yield return new ValidationResult(problem, [nameof(Stream)]);
            if (Delivery == DeliveryMode.AtMostOnce && Window != DefaultWindow) yield return new ValidationResult("works only with delivery = at-least-once; remove it", [nameof(Window)]);
        }
    }

    private sealed record Agreed(SlotTable Table) : IDeadLetterSuppression;

    private sealed class LookAgain : IDeadLetterSuppression
    {
        public static readonly LookAgain Instance = new();
    }

    private sealed class FeederGone : IDeadLetterSuppression
    {
        public static readonly FeederGone Instance = new();
    }

    private sealed class NotFedHere : IDeadLetterSuppression
    {
        public static readonly NotFedHere Instance = new();
    }

    private sealed class FarewellIsOver : IDeadLetterSuppression
    {
        public static readonly FarewellIsOver Instance = new();
    }
}
