using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Akka.Event;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Ledger;
using MessageRouter.Links;
using MessageRouter.Mailboxes;
using MessageRouter.Monitoring.Taps;
using MessageRouter.Security;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Distribution;

/// <summary>
/// Divides its messages among workers, each with a queue, counts and an end of its own. While no worker has room it takes
/// no messages, and its mailbox's policy decides.
/// </summary>
internal class DistributorOutput : PeerOutput, IWorkOutcomes
{
    /// <summary>How long after its start a distributor may be without a worker before it says so: who starts later connects by then.</summary>
    private static readonly TimeSpan LonelyPatience = TimeSpan.FromSeconds(5);

    private Options _options;
    private readonly DistributorLog _log;
    private readonly IWorkLink _link;
    private readonly Balancer _balancer;
    private readonly Backlog _backlog = new();
    private readonly List<Worker> _given = [];
    private readonly List<Worker> _takers = [];
    private readonly List<WorkShare> _shares = [];
    private ITimer? _tick;
    private ITimer? _lonely;
    private long _taken;
    private bool _takes = true;

    public DistributorOutput(Options options, IPeerEngine engine, NodeSecurity security)
        : this(options, engine, security, farewell: options.Answers ? TimeSpan.Zero : Timeout.InfiniteTimeSpan)
    {
    }

    /// <param name="options">What it is to do.</param>
    /// <param name="engine">Opens its socket.</param>
    /// <param name="security">Has its socket and those of workers prove who they are.</param>
    /// <param name="farewell">How long workers of plain delivery may take at the end to read what they have.</param>
    /// <param name="balancer">Chooses among them; null for what the options say.</param>
    protected DistributorOutput(Options options, IPeerEngine engine, NodeSecurity security, TimeSpan farewell, Balancer? balancer = null)
        : base(engine, security, options.Answers, farewell)
    {
        _options = options;
        _log = new DistributorLog(Logger, Clock);
        _link = options.Answers ? new AtLeastOnceLink(options, Clock, this, Accounts) : new AtMostOnceLink(options.Queue, options.MostBytesQueued, this);
        _balancer = balancer ?? Balances.Balancer(options.Balance, options.Queue);
        Receive<Tick>(HandleTick);
        Receive<StillAlone>(HandleStillAlone);
    }

    protected override PeerSettings Settings => _options.Settings(Name, _link.Socket, Cell.Endpoints) with { Metadata = [.. Accounts is null ? [] : Cell.Links!.End.Properties()] };

    /// <summary>What is given to whom; null where nobody answers, or counts it.</summary>
    private AnsweredLinks? Accounts => _options is { Answers: true, LossAccounting: true } ? Cell.Links?.SendForAnswers() : null;

    protected override EndpointSecurity? Security => _options.Security;

    protected override bool TellsLosses => _options is { Answers: false, LossAccounting: true };

    protected override string ClosedReason => "The distributor has closed.";

    protected override void Open()
    {
        foreach (var endpoint in _options.WorkerEndpoints) Roster.At(endpoint.ToString());
        base.Open();
        TakeWhereThereIsRoom();
        if (_options.Answers) _tick = TellLater(new Tick(Events!), _options.Tick);
        _lonely = TellLater(new StillAlone(Events!), LonelyPatience);
    }

    protected override void Change(object options)
    {
        _options = (Options)options;
        foreach (var endpoint in _options.WorkerEndpoints) Roster.At(endpoint.ToString());
        ChangeSocket();
        Roster.Keep(_options.WorkerEndpoints.Select(endpoint => endpoint.ToString()));
    }

    protected override void Close()
    {
        _tick?.Dispose();
        _lonely?.Dispose();
        base.Close();
    }

    private protected override void Handle(Delivery delivery)
    {
        var batch = Encode(delivery.Batch);
        var begin = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var size = batch.SizeAt(i);
            if (size <= _options.MaxMessageSize) continue;
            Take(delivery.Edge, batch.Slice(begin, i - begin));
            begin = i + 1;
            lock (Cell.Books)
            {
                Cell.Counts.Tap.Saw(TapSide.Dropped, batch.Slice(i, 1), why: DropReasons.TooLarge);
                if (DropTaken(1, DropReasons.TooLarge)) batch[i].Receipt?.Settle(Fate.Failed, DropReasons.TooLarge);
            }
            _log.TooLarge(size, _options.MaxMessageSize);
        }
        Take(delivery.Edge, batch.Skip(begin));
        Distribute();
    }

    private protected override void HandleEnd() => FinishWhenAllIsGiven();

    private protected override bool IsDrained => base.IsDrained && (_options.Answers || HasSaidFarewell);

    private protected override IEnumerable<Delivery> TakeUnfinished() => _backlog.TakeAll();

    void IWorkOutcomes.Ready(Worker worker)
    {
        worker.State = WorkerState.Connected;
        _balancer.Add(worker);
        _log.Ready(worker.Name, _balancer.Count);
    }

    void IWorkOutcomes.Leaving(Worker worker)
    {
        worker.State = WorkerState.Leaving;
        _balancer.Remove(worker);
    }

    void IWorkOutcomes.Done(Worker worker, int count)
    {
        worker.Finished(count);
        CountDelivered(count);
    }

    void IWorkOutcomes.Again(Work work) => _backlog.PutBack(work);

    void IWorkOutcomes.GiveUp(Work work, string reason) => Fail(work.Message, reason);

    void IWorkOutcomes.End(Worker worker, string why) => End(worker, why, Refusals.Protocol);

    protected override void Met(Worker worker) => _link.Connected(worker);

    protected override void Written(Worker worker, int count) => _link.Written(worker, count);

    protected override void Heard(Worker worker, MessageBatch messages) => _link.Received(worker, messages);

    protected override void Left(Worker worker, PeerEnd end, bool byItself)
    {
        var load = worker.Load;
        _balancer.Remove(worker);
        _link.Ended(worker, end);
        if (byItself && !IsFinishing) _log.Gone(worker.Name, end, load, _balancer.Count);
    }

    protected override void AfterEvents() => Distribute();

    /// <remarks>Workers that answer may be given a message twice.</remarks>
    protected override void EndWithoutWord(Worker worker)
    {
        if (!_options.Answers) base.EndWithoutWord(worker);
    }

    private void HandleTick(Tick tick)
    {
        if (tick.Events != Events) return;

        // What was heard meanwhile counts before anybody is said to be silent.
        Apply();
        _link.Tick();
        Distribute();
        _tick = TellLater(new Tick(Events!), _options.Tick);
    }

    private void HandleStillAlone(StillAlone alone)
    {
        if (alone.Events == Events && Workers.Count == 0) _log.Alone(Cell.Queued);
    }

    private void Take(Edge edge, MessageBatch batch)
    {
        if (batch.Count == 0) return;
        _backlog.Add(new WorkRun(batch, edge, _taken));
        _taken += batch.Count;
    }

    /// <summary>Gives what waits to workers with room; what each gets goes to its connection together.</summary>
    private void Distribute()
    {
        while (_backlog.Again is { } work && _balancer.Choose(work, _takers) > 0)
        {
            _backlog.TakeAgain();
            if (Cell.Counts.Tap.IsWatched) Cell.Counts.Tap.Saw(TapSide.Out, MessageBatch.Of(work.Message), _takers[0].Name);
            _link.Give(work, Given(_takers[0]));
        }
        while (_backlog.Fresh is { } waiting && _balancer.Divide(waiting, _shares) is > 0 and var count)
        {
            _backlog.TakeFresh(count);
            foreach (var (worker, part) in _shares)
            {
                Cell.Counts.Tap.Saw(TapSide.Out, part.Batch, worker.Name);
                _link.Give(worker.Load > Compaction.FewWaiting ? part.Compacted() : part, Given(worker));
            }
            _shares.Clear();
        }
        foreach (var worker in _given)
        {
            var count = worker.Outgoing.Count;
            worker.Counts.In.Add(count);
            worker.Outgoing.SendTo(worker.Peer!);
            worker.Link?.Give(count);
        }
        _given.Clear();
        TakeWhereThereIsRoom();
        FinishWhenAllIsGiven();
    }

    private Worker Given(Worker worker)
    {
        if (worker.Outgoing.Count == 0) _given.Add(worker);
        return worker;
    }

    /// <summary>Workers that answer have had everything when they have answered for everything.</summary>
    private void FinishWhenAllIsGiven()
    {
        if (!_options.Answers) FinishWhenAllIsWritten();
    }

    private void TakeWhereThereIsRoom()
    {
        var takes = _backlog.IsEmpty && _balancer.HasRoom;
        if (takes == _takes) return;
        _takes = takes;
        if (takes) ResumeTaking();
        else PauseTaking();
    }

    internal sealed record Options : IValidatableObject, IOwnsAddresses, IOpensInTurn, IListens, IConnects, IHoldsMessages, IPromises, IGuardsAddresses, ISecured
    {
        private const int DefaultMaxDeliveries = 5;
        private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

        [Live]
        [Description("Endpoints of workers to connect to, as in [\"tcp://10.0.0.1:5223\", \"tcp://10.0.0.2:5223\"]; each is one worker.")]
        public IReadOnlyList<string> Workers { get; init; } = [];

        [Live]
        [Description("Endpoints to listen on for workers that connect, as in \"tcp://*:5223\"; each connection is one worker.")]
        public IReadOnlyList<string> Bind { get; init; } = [];

        [Description("`round-robin` gives the workers one message after the other, so that their shares are even; `least-queued` gives each message to the worker that has the fewest; `hash(FIELD)`, or `hash(peer.identity)` by who sent them, gives messages with the same value to the same worker as long as it is there, and waits for it where it is full.")]
        public string Balance { get; init; } = Balances.RoundRobin;

        [Description("Messages that one worker may have at a time, queued for it or under way; it is passed over while it has that many.")]
        [Range(1, 100_000_000, ErrorMessage = "must be from 1 to 100000000")]
        public int Queue { get; init; } = 1000;

        [ByteSize]
        [Description("Bytes that one worker may have at a time, whichever of the two bounds is reached first; 0 for no limit. One message more may go beyond it.")]
        [Range(typeof(long), "0", "9223372036854775807", ErrorMessage = "must be 0, for no limit, or more")]
        public long QueueBytes { get; init; } = PeerQueue.DefaultBytes;

        [Description("`at-most-once` speaks to any PULL socket; `at-least-once` to the router's own zeromq input with the same key, which answers for each message, and gives what a dead worker had to another.")]
        public DeliveryMode Delivery { get; init; } = DeliveryMode.AtMostOnce;

        [Description("At-least-once: how long a worker may be at a message before another gets it too, which counts as a failure.")]
        public TimeSpan Lease { get; init; } = DefaultLease;

        [Description("At-least-once: how many workers may fail on a message before it goes to the error chain. That a worker dies does not count.")]
        [Range(1, 1_000_000, ErrorMessage = "must be from 1 to 1000000")]
        public int MaxDeliveries { get; init; } = DefaultMaxDeliveries;

        [Live]
        [Description("What workers that connect may do.")]
        public LimitsOptions Limits { get; init; } = new();

        [Description("How a worker that has gone silent is noticed.")]
        public WorkerHeartbeatOptions Heartbeat { get; init; } = new();

        [Description("When a worker in `workers` whose connection was lost is tried again.")]
        public ReconnectOptions Reconnect { get; init; } = new();

        [Description("How long the connections may still send what they were given when the distributor closes; never longer.")]
        public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

        [ByteSize]
        [Description("The largest message, all its frames together; a larger one is dropped and counted as too-large.")]
        [Range(1, int.MaxValue, ErrorMessage = "must be from 1B to 2047MiB")]
        public long MaxMessageSize { get; init; } = 16 << 20;

        [Description("Has workers and distributor prove who they are, and encrypts what goes between them.")]
        public CurveOptions? Curve { get; init; }

        [Description("Has who connects say a user and his password, for workers that have no CURVE; nothing is encrypted.")]
        public PlainOptions? Plain { get; init; }

        /// <inheritdoc cref="ISecured.Security"/>
        internal EndpointSecurity? Security { get; init; }

        EndpointSecurity? ISecured.Security => Security;

        string? ISecured.OtherEngine => null;

        IEnumerable<string> ISecured.ReadableLinks => ZeroMqOptions.Parse(Bind, EndpointUse.Bind).Concat(WorkerEndpoints).Where(endpoint => endpoint.LeavesMachine).Select(endpoint => endpoint.Written);

        object ISecured.With(EndpointSecurity security) => this with { Security = security };

        [Description(ZeroMqOptions.LossAccountingDescription)]
        public bool LossAccounting { get; init; } = true;

        public IEnumerable<OwnedAddress> OwnedAddresses => ZeroMqOptions.Parse(Bind, EndpointUse.Bind).Select(endpoint => endpoint.OwnedAddress);

        IReadOnlyList<string> IConnects.Endpoints => Workers;

        IReadOnlyList<string> IGuardsAddresses.AllowFrom => Limits.AllowFrom;

        bool IGuardsAddresses.AsksPeers => Curve is { AsksPeers: true } || Plain is { AsksPeers: true };

        IEnumerable<ZmtpEndpoint> IListens.ListensOn(IReadOnlyList<string> lastEndpoints) => ZeroMqOptions.BindAgain(ZeroMqOptions.Parse(Bind, EndpointUse.Bind), lastEndpoints);

        long? IHoldsMessages.MostBytes => PeerQueue.MostBytes(QueueBytes, Workers.Count);

        Promise IPromises.Promise => Answers ? Promise.AtLeastOnce : Promise.AtMostOnce;

        string IPromises.Reason => Answers ? "" : "what a worker has when it ends is lost";

        bool IHoldsMessages.IsRaised => PeerQueue.IsRaised(QueueBytes);

        /// <summary>The bytes that one worker may have.</summary>
        internal long MostBytesQueued => PeerQueue.Bound(QueueBytes);

        /// <summary>Whether workers answer for what they are given.</summary>
        internal bool Answers => Delivery == DeliveryMode.AtLeastOnce;

        /// <summary>How often silence and leases are looked at.</summary>
        internal TimeSpan Tick => Lease < Heartbeat.Interval ? Lease : Heartbeat.Interval;

        /// <summary>The workers to connect to. Only for options that were found valid.</summary>
        internal IReadOnlyList<ZmtpEndpoint> WorkerEndpoints => ZeroMqOptions.Parse(Workers, EndpointUse.Connect);

        /// <param name="name">The component's name.</param>
        /// <param name="socket">What the distributor is to its workers.</param>
        /// <param name="lastEndpoints">Where it was bound before its restart.</param>
        internal PeerSettings Settings(string name, PeerSocketType socket, IReadOnlyList<string> lastEndpoints) => new()
        {
            Name = name,
            Socket = socket,
            Bind = ZeroMqOptions.BindAgain(ZeroMqOptions.Parse(Bind, EndpointUse.Bind), lastEndpoints),
            Connect = WorkerEndpoints,
            MaxMessageSize = LinkCodec.MaxAnswerSize,
            Linger = Linger,
            ReconnectMin = Reconnect.Min,
            ReconnectMax = Reconnect.Max,

            // At-least-once links have a heartbeat of their own.
            HeartbeatInterval = Answers ? TimeSpan.Zero : Heartbeat.Interval,
            HeartbeatTimeout = Heartbeat.Timeout,
            Limits = Limits.ForPeers,
        };

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Workers.Count == 0 && Bind.Count == 0)
                yield return new ValidationResult("needs workers: give `workers`, as in workers = [\"tcp://10.0.0.1:5223\"], or `bind`, as in bind = \"tcp://*:5223\"", [nameof(Workers)]);
            foreach (var problem in ZeroMqOptions.Check(Workers, EndpointUse.Connect, nameof(Workers))) yield return problem;
            foreach (var problem in ZeroMqOptions.Check(Bind, EndpointUse.Bind, nameof(Bind))) yield return problem;
            if (Balances.ProblemOf(Balance) is { } wrong) yield return new ValidationResult(wrong, [nameof(Balance)]);
            foreach (var problem in Limits.CheckFor(Bind, nameof(Limits), receives: false)) yield return problem;
            foreach (var problem in Durations.Check(Linger, TimeSpan.Zero, nameof(Linger))) yield return problem;
            foreach (var problem in Durations.Check(Lease, TimeSpan.FromMilliseconds(1), nameof(Lease))) yield return problem;
            if (Answers && Heartbeat.Interval <= TimeSpan.Zero)
                yield return new ValidationResult("needs an `interval` of more than 0 with delivery = at-least-once", [$"{nameof(Heartbeat)}.{nameof(Heartbeat.Interval)}", nameof(Heartbeat)]);
            if (!Answers && Lease != DefaultLease)
                yield return new ValidationResult("works only with delivery = at-least-once; remove it", [nameof(Lease)]);
            if (!Answers && MaxDeliveries != DefaultMaxDeliveries)
                yield return new ValidationResult("works only with delivery = at-least-once; remove it", [nameof(MaxDeliveries)]);
        }
    }

    /// <summary>Of the instance that these events are for.</summary>
    private sealed record Tick(PeerEvents Events);

    /// <summary>Of the instance that these events are for.</summary>
    private sealed record StillAlone(PeerEvents Events) : IDeadLetterSuppression;
}
