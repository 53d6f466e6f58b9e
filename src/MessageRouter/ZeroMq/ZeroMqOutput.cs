using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Akka.Actor;
using Akka.Event;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Distribution;
using MessageRouter.Ledger;

namespace MessageRouter.ZeroMq;

/// <summary>
/// Sends to ZeroMQ peers by NetMQ, which hides them: a message counts as delivered when NetMQ has it. PUB sends to every subscriber and drops what
/// nobody subscribes to; PUSH sends to one worker after the other and holds messages while none can take them, about a thousand itself. Where
/// the options name no NetMQ, <see cref="PublisherOutput"/> and <see cref="PushOutput"/> do the work.
/// </summary>
internal sealed class ZeroMqOutput : OutputActor
{
    private const int MostUnfinished = 1024;
    private const long MostUnfinishedBytes = 4 << 20;

    private readonly Options _options;
    private readonly IZeroMqEngine _engine;
    private readonly PeerLog _peers;
    private IZeroMqSender? _sender;
    private Sink? _sink;
    private ITimer? _holding;
    private bool _nobodyListens;

    public ZeroMqOutput(Options options, IZeroMqEngine engine)
    {
        _options = options;
        _engine = engine;
        _peers = new PeerLog(Logger, Clock, maxMessageSize: null);
        Receive<Progress>(Handle);
        Receive<HeldLongEnough>(_ => _sender?.StopHolding());
        Receive<SendingFailed>(Handle);
    }

    protected override void Open()
    {
        _sink = new Sink(Self, _peers);
        _sender = _engine.OpenSender(_options.Fill(new SenderSettings { Name = Name, Socket = _options.SocketType }, Cell.Endpoints), _sink);
        SetEndpoints(_sender.Endpoints);
        if (_options.SocketType != SenderSocket.Pub) return;
        if (_options.SubscribeDelay <= TimeSpan.Zero) _sender.StopHolding();
        else _holding = TellLater(HeldLongEnough.Instance, _options.SubscribeDelay);
    }

    protected override void Close()
    {
        _holding?.Dispose();
        _sender?.Close();
        _sender = null;

        // What the socket took before it was closed must not be sent again by the next one.
        if (_sink is { } sink) Apply(sink.Take());
        _sink = null;
    }

    protected override void WriteBatch(MessageBatch batch)
    {
        _sender!.Send(batch);
        if (Unfinished >= MostUnfinished || UnfinishedBytes >= MostUnfinishedBytes) PauseTaking();
    }

    private void Handle(Progress progress)
    {
        // A late word of a socket that was closed: Close has counted it already.
        if (progress.Sink != _sink) return;
        Apply(progress.Sink.Take());
        if (Unfinished <= MostUnfinished / 2 && UnfinishedBytes <= MostUnfinishedBytes / 2) ResumeTaking();
    }

    private void Handle(SendingFailed failed)
    {
        if (failed.Sink != _sink) return;
        if (!MustEscalate)
        {
            // No restart will open a new socket in place of the failed one.
            Close();
            Open();
            ResumeTaking();
        }
        throw new EndpointException($"Sending failed: {failed.Exception.Message}", failed.Exception);
    }

    private void Apply(IEnumerable<Outcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome.Reason == DropReasons.TooLarge) _peers.NotSent(outcome.Count, _options.MaxMessageSize);
            SayOnceThatNobodyListens(outcome);
            if (outcome.Reason is null) Delivered(outcome.Count);
            else Drop(outcome.Count, outcome.Reason);
        }
    }

    /// <summary>Publishing to nobody is no fault, but who has just started a node wants to know: said once until somebody listens.</summary>
    private void SayOnceThatNobodyListens(Outcome outcome)
    {
        if (outcome.Reason == DropReasons.NoSubscriber && !_nobodyListens) _peers.NoSubscriber(outcome.Count);
        _nobodyListens = outcome.Reason == DropReasons.NoSubscriber || (_nobodyListens && outcome.Reason is not null);
    }

    internal sealed record Options : ZeroMqOptions, IChoosesActor, IHoldsMessages, IPromises
    {
        [Description("`pub` sends every message to all subscribers and drops it where there is none; `push` sends each message to one worker.")]
        public SenderSocket SocketType { get; init; } = SenderSocket.Pub;

        [ByteSize]
        [Description("Bytes that wait for each peer to take them, whichever of the two bounds is reached first; 0 for no limit. PUSH: one message more may go beyond it.")]
        [Range(typeof(long), "0", "9223372036854775807", ErrorMessage = "must be 0, for no limit, or more")]
        public long HighWaterBytes { get; init; } = PeerQueue.DefaultBytes;

        private static readonly TimeSpan DefaultSubscribeDelay = TimeSpan.FromMilliseconds(200);

        [Description("PUB: how long after the start the first messages are held until a subscriber is seen; then they are sent or dropped.")]
        public TimeSpan SubscribeDelay { get; init; } = DefaultSubscribeDelay;

        public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            base.Validate(validationContext).Concat(Durations.Check(SubscribeDelay, TimeSpan.Zero, nameof(SubscribeDelay))).Concat(CheckSocketType());

        Type? IChoosesActor.Actor => !IsNative ? null
            : SocketType == SenderSocket.Push ? typeof(PushOutput) : typeof(PublisherOutput);

        /// <summary>A PUSH socket as the distributor that it is.</summary>
        internal DistributorOutput.Options AsDistributor => new()
        {
            Workers = Connect,
            Bind = Bind,
            Queue = HighWaterMark == 0 ? int.MaxValue : HighWaterMark,
            QueueBytes = HighWaterBytes,
            Heartbeat = new WorkerHeartbeatOptions { Interval = Heartbeat.Interval, Timeout = Heartbeat.Timeout },
            Reconnect = Reconnect,
            Linger = Linger,
            MaxMessageSize = MaxMessageSize,
            Limits = Limits,
            Security = Security,
            LossAccounting = LossAccounting,
        };

        long? IHoldsMessages.MostBytes => PeerQueue.MostBytes(IsNative ? HighWaterBytes : MostBytesOfNetMq, Connect.Count);

        Promise IPromises.Promise => SocketType == SenderSocket.Pub ? Promise.Lossy : Promise.AtMostOnce;

        string IPromises.Reason => SocketType == SenderSocket.Pub ? "subscribers that are away or behind miss messages" : "what a puller has when it ends is lost";

        bool IHoldsMessages.IsRaised => IsNative && PeerQueue.IsRaised(HighWaterBytes);

        private IEnumerable<ValidationResult> CheckSocketType()
        {
            if (Engine == WireEngine.Netmq && HighWaterBytes != PeerQueue.DefaultBytes)
                yield return new ValidationResult("works only with engine = native; remove it, and bound the messages of each peer with `high-water-mark`", [nameof(HighWaterBytes)]);
            if (SocketType == SenderSocket.Push && SubscribeDelay != DefaultSubscribeDelay)
                yield return new ValidationResult("works only with socket-type = pub; remove it", [nameof(SubscribeDelay)]);
        }
    }

    private sealed record Progress(Sink Sink) : IDeadLetterSuppression;

    private sealed record SendingFailed(Sink Sink, Exception Exception) : IDeadLetterSuppression;

    private sealed class HeldLongEnough : IDeadLetterSuppression
    {
        public static readonly HeldLongEnough Instance = new();
    }

    private readonly record struct Outcome(int Count, string? Reason);

    /// <summary>Collects what the engine says and tells the actor once, however much there is.</summary>
    private sealed class Sink(IActorRef actor, PeerLog log) : ISenderSink
    {
        private readonly Lock _lock = new();
        private List<Outcome> _outcomes = [];

        public void Sent(int count) => Add(new Outcome(count, null));

        public void Dropped(int count, string reason) => Add(new Outcome(count, reason));

        public void PeerChanged(PeerChange change) => log.Write(change);

        public void Failed(Exception exception) => actor.Tell(new SendingFailed(this, exception));

        public List<Outcome> Take()
        {
            lock (_lock)
            {
                var taken = _outcomes;
                _outcomes = [];
                return taken;
            }
        }

        private void Add(Outcome outcome)
        {
            if (outcome.Count == 0) return;
            bool first;
            lock (_lock)
            {
                first = _outcomes.Count == 0;
                if (!first && _outcomes[^1].Reason == outcome.Reason) _outcomes[^1] = outcome with { Count = _outcomes[^1].Count + outcome.Count };
                else _outcomes.Add(outcome);
            }
            if (first) actor.Tell(new Progress(this));
        }
    }
}
