using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Security;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>
/// Receives from ZeroMQ peers. A PULL socket is not read while the node is full, so that its pushers wait. A SUB socket
/// always is, and what does not fit is dropped and counted; with <c>mailbox.overflow = wait</c> it is not either, and its
/// publishers drop. With at-least-once delivery the node is a worker of distributors and answers for each message.
/// </summary>
internal class ZeroMqInput : InputActor
{
    private Options _options;
    private readonly IZeroMqEngine _engine;
    private readonly IPeerEngine _peers;
    private readonly NodeSecurity _security;
    private IZeroMqReceiver? _receiver;
    private DistributorLinks? _distributors;

    public ZeroMqInput(Options options, IZeroMqEngine engine, IPeerEngine peers, NodeSecurity security)
    {
        _options = options;
        _engine = engine;
        _peers = peers;
        _security = security;
        Receive<Closed>(_ => Intake.Complete());
    }

    /// <summary>What its socket is to be, but for what the options say.</summary>
    private protected virtual ReceiverSettings Settings => new() { Name = Name, Security = _security.For(_options.Security, Logger), Refused = _options.IsNative ? Cell.Counts.CountRefusals() : new() };

    protected override void Open()
    {
        if (_options.Delivery == DeliveryMode.AtLeastOnce) OpenLinks();
        else OpenReceiver();
    }

    protected override void Change(object options)
    {
        _options = (Options)options;
        _receiver!.Change(_options.Fill(Settings, Cell.Endpoints));
        SetEndpoints(_receiver.Endpoints);
    }

    private void OpenLinks()
    {
        var settings = _options.Fill(Settings, Cell.Endpoints).ForPeers(PeerSocketType.Dealer, _options.MaxMessageSize);
        var accounts = _options.LossAccounting ? Cell.Links?.ReceiveAndAnswer() : null;
        if (accounts is not null) settings = settings with { Metadata = [.. settings.Metadata, .. Cell.Links!.End.Properties()] };
        _distributors = new DistributorLinks(_peers, settings, _options.Window, Intake, accounts, Clock, Logger, Guard);
        SetEndpoints(_distributors.Endpoints);
        Cell.Connections = _distributors.Connections;
    }

    private void OpenReceiver()
    {
        var settings = Settings with
        {
            Socket = _options.SocketType,
            Links = _options.LossAccounting ? Cell.Links : null,
            Pauses = Intake.Edge.Overflow == Overflow.Wait,
            Subscriptions = _options.SocketType == ReceiverSocket.Sub ? [.. _options.Subscribe.Select(Encoding.UTF8.GetBytes)] : [],
        };
        _receiver = _engine.OpenReceiver(
            _options.Fill(settings, Cell.Endpoints),
            new Sink(Intake, new PeerLog(Logger, Clock, _options.MaxMessageSize), FailureReporter(Self), PeerChanged));
        Intake.SpaceAvailable += _receiver.Resume;

        // It may have met a full node, and that have had room again, before this.
        _receiver.Resume();
        SetEndpoints(_receiver.Endpoints);
        Cell.Connections = _receiver.Connections;
    }

    /// <summary>Decides of which distributors messages are taken; null where of all.</summary>
    private protected virtual ILinkGuard? Guard => null;

    /// <inheritdoc cref="DistributorLinks.EndThoseThatDoNotCount"/>
    private protected bool EndLinksThatDoNotCount() => _distributors?.EndThoseThatDoNotCount() ?? true;

    /// <summary>A peer has come or gone, where nobody answers; on any thread.</summary>
    private protected virtual void PeerChanged(PeerChange change)
    {
    }

    protected override void Close() => CloseReceiver();

    protected override void StopReading() =>
        CloseReceiver().ContinueWith(_ => Closed.Instance, TaskScheduler.Default).PipeTo(Self);

    /// <remarks>Messages that are still in the node keep their links: what becomes of them is answered as it is known.</remarks>
    private Task CloseReceiver()
    {
        if (_distributors is { } distributors)
        {
            Cell.AnswersUntil(distributors.Left);
            distributors.Leave();
            _distributors = null;
        }
        if (_receiver is not { } receiver) return Task.CompletedTask;

        // Until then what had arrived may wait for room.
        return receiver.CloseAsync().ContinueWith(_ => Intake.SpaceAvailable -= receiver.Resume, TaskScheduler.Default);
    }

    internal sealed record Options : ZeroMqOptions, IPausableInput, IHoldsMessages, IPromises
    {
        [Description("`sub` receives what publishers send and it subscribes to, and drops what the node has no room for, or, with mailbox.overflow = wait, is not read meanwhile, so that publishers drop it; `pull` receives its share of what pushers send, and loses none of it while the node is full.")]
        public ReceiverSocket SocketType { get; init; } = ReceiverSocket.Sub;

        [Description("SUB: the prefixes of messages to receive; \"\" for all.")]
        public IReadOnlyList<string> Subscribe { get; init; } = [""];

        [Description("PULL: `at-least-once` takes messages of a distributor with the same delivery and answers for each when the whole node is done with it; `at-most-once` takes them of any pusher.")]
        public DeliveryMode Delivery { get; init; }

        [Description("At-least-once: how many messages of a distributor the node has at a time and has not answered for.")]
        [Range(1, 1_000_000, ErrorMessage = "must be from 1 to 1000000")]
        public int Window { get; init; } = DefaultWindow;

        private const int DefaultWindow = 256;

        private protected override bool TakesMessages => Delivery == DeliveryMode.AtMostOnce;

        private protected override bool ChangesEndpoints => Delivery == DeliveryMode.AtMostOnce;

        bool IPausableInput.CanPause => SocketType == ReceiverSocket.Pull;

        bool IPausableInput.CanPauseAtALoss => true;

        /// <remarks>The router's own engine reads only what the node has room for.</remarks>
        long? IHoldsMessages.MostBytes => IsNative ? 0 : PeerQueue.MostBytes(MostBytesOfNetMq, Connect.Count);

        bool IHoldsMessages.IsRaised => false;

        bool IHoldsMessages.HoldsParts => IsNative;

        Promise IPromises.Promise => SocketType == ReceiverSocket.Sub ? Promise.Lossy : Delivery == DeliveryMode.AtLeastOnce ? Promise.AtLeastOnce : Promise.AtMostOnce;

        string IPromises.Reason => SocketType == ReceiverSocket.Sub ? "publishers drop what is sent while it is away or behind" : Delivery == DeliveryMode.AtLeastOnce ? "" : "pushers learn nothing of what becomes of a message";

        public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            foreach (var problem in base.Validate(validationContext)) yield return problem;
            if (SocketType == ReceiverSocket.Sub && Subscribe.Count == 0)
                yield return new ValidationResult("names no prefix, so nothing would be received; write [\"\"] for all messages", [nameof(Subscribe)]);
            if (SocketType == ReceiverSocket.Pull && Subscribe is not [""])
                yield return new ValidationResult("works only with socket-type = sub; remove it, or filter by a field", [nameof(Subscribe)]);
            foreach (var problem in CheckDelivery()) yield return problem;
        }

        private IEnumerable<ValidationResult> CheckDelivery()
        {
            if (Delivery == DeliveryMode.AtMostOnce)
            {
                if (Window != DefaultWindow) yield return new ValidationResult("works only with delivery = at-least-once; remove it", [nameof(Window)]);
                yield break;
            }
            if (SocketType != ReceiverSocket.Pull)
                yield return new ValidationResult("can be at-least-once only with socket-type = pull; what publishers send is never acknowledged", [nameof(Delivery)]);
            foreach (var (endpoints, member) in new[] { (Bind, nameof(Bind)), (Connect, nameof(Connect)) })
            {
                if (endpoints.Any(endpoint => endpoint.StartsWith("inproc:", StringComparison.Ordinal)))
                    yield return new ValidationResult("must be tcp:// with delivery = at-least-once", [member]);
            }
        }
    }

    private sealed class Closed
    {
        public static readonly Closed Instance = new();
    }

    private sealed class Sink(Intake intake, PeerLog log, Action<Exception> failed, Action<PeerChange> peerChanged) : IReceiverSink
    {
        public MessageFormat Format => intake.Format;

        public bool IsFull => intake.Edge.Waiting.Value > 0;

        public bool Take(MessageBatch batch)
        {
            lock (intake.Entry) return intake.TryAdd(batch);
        }

        public void TooLarge(long size)
        {
            intake.Edge.Refuse(DropReasons.TooLarge, 1);
            log.TooLarge(size);
        }

        public void OverRate(MessageBatch batch) => intake.Edge.Refuse(DropReasons.OverRate, batch);

        public void NoRoom() => intake.Edge.Refuse(DropReasons.Memory, 1);

        public void PeerChanged(PeerChange change)
        {
            log.Write(change);
            peerChanged(change);
        }

        public void Failed(Exception exception) => failed(exception);
    }
}
