using Akka.Actor;
using MessageRouter.Components;

namespace MessageRouter.Routing;

/// <summary>
/// Builds a node's tree of actors from its topology and supervises it; no message passes through it.
/// Outputs start first, then filters, then inputs, so that nobody sends to somebody who is not there; they drain the
/// other way round.
/// </summary>
internal sealed class RouterActor : ReceiveActor
{
    private readonly Topology _topology;
    private readonly ComponentActivator _activator;
    private readonly Dictionary<ComponentRole, IActorRef> _sections = [];
    private readonly Queue<ComponentRole> _toStart = new([ComponentRole.Output, ComponentRole.Filter, ComponentRole.Input]);
    private IActorRef _starter = ActorRefs.Nobody;

    public RouterActor(Topology topology, ComponentActivator activator)
    {
        _topology = topology;
        _activator = activator;
        Receive<Start>(_ => HandleStart());
        Receive<StageStarted>(_ => StartNextStage());
        Receive<Status.Failure>(failure => _starter.Tell(failure));
        Receive<Drain>(_ => HandleDrain());
    }

    protected override SupervisorStrategy SupervisorStrategy() => new ComponentSupervision(ComponentCells.Of(Context.System));

    private void HandleStart()
    {
        _starter = Sender;
        _activator.Start(Context, "errors", _topology.Errors);
        foreach (var role in _toStart)
            _sections[role] = Context.ActorOf(Props.Create(() => new SectionActor(_activator)), role.Section());
        WhenStarted([_topology.Errors]).PipeTo(Self);
    }

    private void StartNextStage()
    {
        if (!_toStart.TryDequeue(out var role))
        {
            _starter.Tell(Started.Instance);
            return;
        }
        var cells = _topology.Of(role).ToList();
        _sections[role].Tell(new SectionActor.StartComponents(cells));
        WhenStarted(cells).PipeTo(Self);
    }

    private void HandleDrain()
    {
        foreach (var cell in _topology.All) cell.Draining = true;
        foreach (var edge in _topology.Components.SelectMany(cell => cell.Outbox.Edges)) edge.WaitFromNowOn();
        _sections[ComponentRole.Input].Tell(new InputActor.StopInput());
        _sections[ComponentRole.Filter].Tell(new ComponentActor.NodeDrains());
        DrainAsync().PipeTo(Sender);
    }

    private async Task<Drained> DrainAsync()
    {
        await Task.WhenAll(_topology.Components.Select(CompleteAfterFeeders));
        _topology.Errors.Mailbox.Complete();
        await _topology.Errors.Drained.Task;
        return Drained.Instance;
    }

    private async Task CompleteAfterFeeders(ComponentCell cell)
    {
        if (cell.Definition.Role != ComponentRole.Input)
        {
            await Task.WhenAll(_topology.Feeders[cell].Select(feeder => feeder.Drained.Task));
            cell.Mailbox.Complete();
        }
        await cell.Drained.Task;
    }

    private static async Task<StageStarted> WhenStarted(IReadOnlyList<ComponentCell> cells)
    {
        foreach (var cell in cells)
        {
            try
            {
                await cell.Started.Task;
            }
            catch (Exception exception)
            {
                throw new ComponentStartException(cell.Definition, exception);
            }
        }
        return StageStarted.Instance;
    }

    /// <summary>Asks the router to start its components; answered with <see cref="Started"/>, or a failure that says which could not.</summary>
    internal sealed record Start;

    internal sealed record Started
    {
        public static readonly Started Instance = new();
    }

    /// <summary>Asks the router to stop its inputs and to let everything under way arrive; answered with <see cref="Drained"/>.</summary>
    internal sealed record Drain;

    internal sealed record Drained
    {
        public static readonly Drained Instance = new();
    }

    private sealed record StageStarted
    {
        public static readonly StageStarted Instance = new();
    }
}
