using Akka.Actor;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Components;

/// <summary>
/// What belongs to a component for as long as its node runs, whatever instance of its actor is at work:
/// mailbox, counts, the edges to its targets, and the state of its supervision.
/// </summary>
internal sealed class ComponentCell
{
    private volatile bool _draining;

    public ComponentCell(ComponentDefinition definition, ILogger logger, TimeProvider clock)
    {
        Definition = definition;
        Logger = logger;
        Clock = clock;
        Mailbox = new BoundedMailbox(definition.Mailbox.Capacity, Counts);
        Mailbox.Closed = () => Drained.TrySetResult();
        Outbox = new Outbox(Mailbox);
        RestartLog = new LogThrottle(clock);
        Restarts = new RestartTracker(definition.Supervision, clock);
        if (definition.Role == ComponentRole.Input)
        {
            var overflow = definition.Mailbox.Overflow ?? Overflow.Wait;
            if (overflow == Overflow.Wait && !definition.CanPause) overflow = Overflow.DropNewest;
            var edge = new Edge("", Mailbox, overflow);
            Intake = new Intake(edge, definition.Codec);
            Sources.Add(edge);
        }
    }

    public ComponentDefinition Definition { get; }

    public string Name => Definition.FullName;

    public ILogger Logger { get; }

    public TimeProvider Clock { get; }

    public ComponentCounts Counts { get; } = new();

    public BoundedMailbox Mailbox { get; }

    public RestartTracker Restarts { get; }

    /// <summary>The edges to the components named in <c>to</c>, in the file's order.</summary>
    public Outbox Outbox { get; }

    /// <summary>The door from the outside; null for all but inputs.</summary>
    public Intake? Intake { get; }

    /// <summary>The edges that end at this component's mailbox.</summary>
    public List<Edge> Sources { get; } = [];

    /// <summary>Where failures go. Set before the actor starts.</summary>
    public ErrorChain Errors { get; set; } = null!;

    /// <summary>The edge over which this component's failures go to the error output; null for that output itself.</summary>
    public Edge? ErrorEdge { get; set; }

    /// <summary>Done when the component has opened what it needs, faulted where it could not.</summary>
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the component has handled its last message, or has ended otherwise and what it left is counted.</summary>
    public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What an input listens on or reads, an output writes to; shown in status and ledger.</summary>
    public IReadOnlyList<string> Endpoints { get; set; } = [];

    /// <summary>The supervision policy has ended the component.</summary>
    public bool StoppedByFailure { get; set; }

    /// <summary>Whether the instance at work has opened what it needs.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The node is stopping: nothing is opened to read from any more, and nothing held for later.</summary>
    public bool Draining
    {
        get => _draining;
        set => _draining = value;
    }

    public LogThrottle RestartLog { get; }

    /// <summary>What one instance of the component leaves to the next one.</summary>
    public object? Kept { get; set; }

    /// <summary>Messages that were offered and are not dealt with yet.</summary>
    public long Queued => Mailbox.Queued + Counts.Held.Value + Sources.Sum(edge => edge.Waiting.Value);
}

/// <summary>The cells of an actor system's components by actor path; actors and mailboxes find theirs here.</summary>
internal sealed class ComponentCells : IExtension
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, ComponentCell> _byPath = new();

    public static ComponentCells Of(ActorSystem system) => system.WithExtension<ComponentCells, Provider>();

    public void Add(ActorPath path, ComponentCell cell) => _byPath[path.ToStringWithoutAddress()] = cell;

    public ComponentCell Find(ActorPath path) =>
        _byPath.TryGetValue(path.ToStringWithoutAddress(), out var cell)
            ? cell
            : throw new InvalidOperationException($"{path} is not a component of a router node.");

    private sealed class Provider : ExtensionIdProvider<ComponentCells>
    {
        public override ComponentCells CreateExtension(ExtendedActorSystem system) => new();
    }
}
