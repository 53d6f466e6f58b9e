using System.Globalization;
using Akka.Actor;
using MessageRouter.Clustering;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Ledger;
using MessageRouter.Links;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Monitoring;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Components;

/// <summary>
/// What belongs to a component for as long as its node runs, whatever instance of its actor is at work:
/// mailbox, counts, the edges to its targets, and the state of its supervision. Where a reload puts another actor in its place, that
/// one has a cell of its own, which goes on with the counts and takes the mailbox over.
/// </summary>
internal sealed partial class ComponentCell
{
    /// <summary>Messages that may wait for one copy of a pooled filter; enough to keep it busy, little to take back from it.</summary>
    private const int CopyCapacity = 256;

    private readonly bool _isCopy;
    private readonly Lock _addingSource = new();
    private volatile bool _draining;
    private volatile bool _isEnding;
    private volatile bool _hasEnded;
    private volatile bool _mustStop;
    private volatile bool _isReplaced;
    private long _busySince;
    private long _opensAgainAt;
    private volatile Edge[] _sources = [];
    private volatile ComponentDefinition _definition = null!;
    private volatile ComponentCell? _former;
    private volatile IActorRef _actor = ActorRefs.Nobody;

    public ComponentCell(ComponentDefinition definition, ILogger logger, TimeProvider clock, NodeMemory memory)
        : this(definition, definition.FullName, logger, clock, memory, pool: null)
    {
    }

    /// <summary>The cell of what is to take a component's place. Its mailbox gives nothing out until the component has finished.</summary>
    public ComponentCell(ComponentDefinition definition, ComponentCell former, int generation)
        : this(definition, definition.FullName, former.Logger, former.Clock, former.Counts.Memory, pool: null, former)
    {
        Generation = generation;
        FormerOptions = former.Definition.Options;
        (LastError, LastErrorAt) = (former.LastToFail.LastError, former.LastToFail.LastErrorAt);
        Mailbox.Pause(PauseReasons.Handover);
    }

    private ComponentCell(
        ComponentDefinition definition, string name, ILogger logger, TimeProvider clock, NodeMemory memory, ComponentCell? pool, ComponentCell? former = null)
    {
        Counts = former?.Counts ?? new ComponentCounts(memory, pool?.Counts.Tap);
        Definition = definition;
        Name = name;
        Logger = logger;
        Clock = clock;
        _isCopy = pool is not null;
        Mailbox = new BoundedMailbox(_isCopy ? Math.Min(CopyCapacity, definition.Mailbox.Capacity) : definition.Mailbox.Capacity, definition.Mailbox.MaxBytes, Counts)
        {
            Closed = HandleEnded,
            OutlivesActor = _isCopy,
        };
        Outbox = new Outbox(Mailbox);
        RestartLog = new LogThrottle(clock);
        RecentErrors = (pool ?? former)?.RecentErrors ?? new RecentErrors(clock);
        Restarts = new RestartTracker(definition.Supervision, clock, goesOn: _isCopy);
        if (definition.Role == ComponentRole.Input)
        {
            var edge = new Edge("", Mailbox, DoorPolicy(definition));
            Intake = new Intake(edge, definition.Codec);
            AddSource(edge);
        }
    }

    /// <summary>The cell of one copy of a pooled filter. What is left in it when its actor ends is the pool's to take.</summary>
    public static ComponentCell CopyOf(ComponentCell pool, int number, ILoggerFactory loggers)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{pool.Name}/{number}");
        return new ComponentCell(pool.Definition, name, loggers.CreateLogger(name), pool.Clock, pool.Counts.Memory, pool);
    }

    /// <summary>What the configuration says of it. A reload may change it where the component need not be replaced for that.</summary>
    public ComponentDefinition Definition
    {
        get => _definition;
        set
        {
            _definition = value;
            if (Restarts is { } restarts) restarts.Policy = value.Supervision;
        }
    }

    /// <summary>Of what a reload has made: its number, by which its actor is told from that of its predecessor; 0 for what was there from the start.</summary>
    public int Generation { get; init; }

    /// <summary>What it has taken the place of, as long as that has not finished.</summary>
    public ComponentCell? Former
    {
        get => _former;
        set => _former = value;
    }

    /// <summary>Another component waits to take its place.</summary>
    public bool IsReplaced
    {
        get => _isReplaced;
        set => _isReplaced = value;
    }

    /// <summary>The options of what it has taken the place of; null for what was there from the start, has come anew, or is at work.</summary>
    public object? FormerOptions { get; private set; }

    /// <summary>The reload that has removed it; null for what belongs to the node.</summary>
    public int? RetiredIn { get; set; }

    /// <summary>Its actor, once it is started; of a reload's it has another name than the component.</summary>
    public IActorRef Actor
    {
        get => _actor;
        set => _actor = value;
    }

    /// <summary>The full name, such as <c>filters.errors</c>; of a copy <c>filters.errors/1</c>.</summary>
    public string Name { get; }

    public ILogger Logger { get; }

    public TimeProvider Clock { get; }

    public ComponentCounts Counts { get; }

    public BoundedMailbox Mailbox { get; }

    public RestartTracker Restarts { get; private set; }

    /// <summary>The copies of a pooled filter, whose actor divides its messages among them; null for all others.</summary>
    public Pool? Pool { get; set; }

    /// <summary>Of a pool whose copies the cluster places on its nodes: what does so.</summary>
    public IPlacements? Placements { get; set; }

    /// <summary>Of a copy of a pooled filter: what its pool knows of it; null for all others.</summary>
    public PoolCopy? Copy { get; set; }

    /// <summary>The edges to the components named in <c>to</c>, in the file's order.</summary>
    public Outbox Outbox { get; }

    /// <summary>The door from the outside; null for all but inputs.</summary>
    public Intake? Intake { get; }

    /// <summary>The edges that end at this component's mailbox.</summary>
    public IReadOnlyList<Edge> Sources => _sources;

    /// <summary>Where failures go. Set before the actor starts.</summary>
    public ErrorChain Errors { get; set; } = null!;

    /// <summary>The edge over which this component's failures go to the error output; null for that output itself.</summary>
    public Edge? ErrorEdge { get; set; }

    /// <summary>Of an input that reads on one node of the cluster at a time: whether it is this one; null for all others.</summary>
    public ISingletonClaim? Turn { get; set; }

    /// <summary>Done when the component has opened what it needs, faulted where it could not.</summary>
    public TaskCompletionSource Started { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the component has handled its last message, or has ended otherwise and what it left is counted.</summary>
    public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when those who want an answer have got it for all that they sent to instances that have closed.</summary>
    public Task Answered { get; private set; } = Task.CompletedTask;

    /// <summary>An instance has closed, whose messages are answered for until then.</summary>
    public void AnswersUntil(Task answered) => Answered = Answered.IsCompleted ? answered : Task.WhenAll(Answered, answered);

    /// <summary>Of a publisher: messages that some subscribers have been written and others not any more, since the node stopped.</summary>
    public Counter MissedAtShutdown { get; } = new();

    /// <summary>Messages that peers were given and that are not written to their connections yet; each counts for every one of them.</summary>
    public long Unwritten => Pool is null ? Workers?.Invoke().Sum(line => line.Queued) ?? 0 : 0;

    /// <summary>What an input listens on or reads, an output writes to; shown in status and ledger.</summary>
    public IReadOnlyList<string> Endpoints { get; set; } = [];

    /// <summary>The supervision policy has ended the component.</summary>
    public bool StoppedByFailure { get; set; }

    /// <summary>Whether it was stopped only because the node stops: it would have been tried again otherwise.</summary>
    public bool GaveUpAtTheEnd { get; private set; }

    /// <summary>Whether the instance at work has opened what it needs.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether the actor's last instance closes, or has closed: none will follow.</summary>
    public bool IsEnding
    {
        get => _isEnding;
        set => _isEnding = value;
    }

    /// <summary>Whether the actor has ended for good.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>The node's time is over: who works on a batch puts back what follows the message at hand.</summary>
    public bool MustStop
    {
        get => _mustStop;
        set => _mustStop = value;
    }

    /// <summary>
    /// Held while messages go from <see cref="ComponentCounts.Held"/> to other counts, and never while a component's own code runs: so
    /// that what a component that never comes back from there holds can be counted by somebody else, once.
    /// </summary>
    public Lock Books { get; } = new();

    /// <summary>Somebody else has counted what the component held; under <see cref="Books"/> it counts nothing more.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>The clock's timestamp of when the actor began with what it is at; null while it is at nothing.</summary>
    public long? BusySince
    {
        get => Interlocked.Read(ref _busySince) is not 0 and var since ? since : null;
        set => Interlocked.Exchange(ref _busySince, value ?? 0);
    }

    /// <summary>The node is stopping: nothing is opened to read from any more, and nothing held for later.</summary>
    public bool Draining
    {
        get => _draining;
        set => _draining = value;
    }

    public LogThrottle RestartLog { get; }

    /// <summary>What went wrong last; null where nothing did.</summary>
    public string? LastError
    {
        get;
        set
        {
            field = value is null ? null : KnownSecrets.Hide(value);
            LastErrorAt = Clock.GetUtcNow();
        }
    }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; private set; }

    /// <summary>Itself or, of a pool, the copy in which something went wrong last.</summary>
    public ComponentCell LastToFail => Pool is { } pool ? pool.Copies.Select(copy => copy.Cell).Append(this).MaxBy(each => each.LastErrorAt ?? DateTimeOffset.MinValue)! : this;

    /// <summary>The last messages that failed in it, or in any copy of its pool.</summary>
    public RecentErrors RecentErrors { get; }

    /// <summary>The clock's timestamp of when it is opened again after a failure; null while it does not wait for that.</summary>
    public long? OpensAgainAt
    {
        get => Interlocked.Read(ref _opensAgainAt) is not 0 and var at ? at : null;
        set => Interlocked.Exchange(ref _opensAgainAt, value ?? 0);
    }

    /// <summary>Its connections to peers, those of the instance that has opened last; null for what has none. Asked on any thread.</summary>
    public Func<IReadOnlyList<ConnectionLine>>? Connections { get; set; }

    /// <summary>The workers among which the component divides its messages; null where it does its work itself. Asked on any thread.</summary>
    public Func<IReadOnlyList<WorkerLine>>? Workers { get; set; }

    /// <summary>What it exchanges with nodes that tell each other what was lost; null for a copy of a pool.</summary>
    public ComponentLinks? Links { get; init; }

    /// <summary>What one instance of the component leaves to the next one.</summary>
    public object? Kept { get; set; }

    /// <summary>Messages that were offered and are not dealt with yet.</summary>
    public long Queued => Counts.Held.Value + Waiting + (Former?.Waiting ?? 0);

    /// <summary>The bytes of these.</summary>
    public long QueuedBytes => Counts.Held.Bytes + WaitingBytes + (Former?.WaitingBytes ?? 0);

    /// <summary>The counts of what is done with its messages: its own, and those of its copies.</summary>
    public IEnumerable<ComponentCounts> AllCounts => [Counts, .. Pool?.Counts ?? [], .. Former?.Pool?.Counts ?? []];

    private long Waiting => Mailbox.Queued + Sources.Sum(edge => edge.Waiting.Value) + (Pool?.Queued ?? 0);

    private long WaitingBytes => Mailbox.Bytes + Sources.Sum(edge => edge.Waiting.Bytes) + (Pool?.QueuedBytes ?? 0);

    public void AddSource(Edge edge)
    {
        lock (_addingSource) _sources = [.. _sources, edge];
    }

    /// <summary>The node is stopping: its edges, and those of its copies, drop nothing more for want of room.</summary>
    public void Drain()
    {
        Draining = true;
        foreach (var edge in Outbox.Edges) edge.WaitFromNowOn();
        Pool?.Drain();
    }

    /// <summary>
    /// The node does not wait for the component any more: counts what it holds, what waits for it, and what is kept before it, as
    /// dropped. It may still be at work on some of it, and what that leads to counts no more.
    /// </summary>
    public void Abandon(string reason)
    {
        lock (Books)
        {
            if (IsAbandoned) return;
            IsAbandoned = true;
            Mailbox.ReasonWhenClosed = reason;
            Mailbox.Close();
            var held = Counts.Held.Value;
            Counts.Held.Remove(held);
            Counts.Dropped.Add(reason, held);
        }
        foreach (var source in Sources) source.DropKept(reason);
        foreach (var copy in Pool?.Copies ?? []) copy.Cell.Abandon(reason);
    }

    /// <summary>It is not tried again, since the node stops, which is why what waits for it is lost.</summary>
    public void GiveUpAtTheEnd()
    {
        GaveUpAtTheEnd = true;
        Mailbox.ReasonWhenClosed = DropReasons.Shutdown;
    }

    /// <summary>Makes a copy that has ended ready for another actor; its counts go on.</summary>
    public void Renew()
    {
        Started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        StoppedByFailure = GaveUpAtTheEnd = _isEnding = _hasEnded = false;
        Restarts = new RestartTracker(Definition.Supervision, Clock, goesOn: _isCopy);
        Mailbox.Renew();
    }

    /// <summary>What an input does with what comes while it has no room.</summary>
    private static Overflow DoorPolicy(ComponentDefinition input)
    {
        var overflow = input.Mailbox.Overflow ?? Overflow.Wait;
        return overflow == Overflow.Wait && !input.CanPause ? Overflow.DropNewest : overflow;
    }

    private void HandleEnded()
    {
        _hasEnded = true;
        BusySince = null;
        Turn?.Dispose();
        Drained.TrySetResult();
    }
}
