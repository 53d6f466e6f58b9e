using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Workers;

namespace MessageRouter.Routing;

/// <summary>
/// Builds a node's tree of actors from its topology and supervises it; no message passes through it.
/// Outputs start first, then filters, then worker processes, then inputs, so that nobody sends to somebody who is not
/// there; they drain the other way round. Worker processes end last: what is drained may be on its way to them.
/// </summary>
internal sealed class RouterActor : UntypedActor
{
    private readonly Topology _topology;
    private readonly ComponentActivator _activator;
    private readonly Dictionary<ComponentRole, IActorRef> _sections = [];
    private readonly Queue<ComponentRole> _toStart = new([ComponentRole.Output, ComponentRole.Filter, ComponentRole.Input]);
    private readonly Workforce _workforce;
    private IActorRef _starter = ActorRefs.Nobody;
    private IActorRef _workers = ActorRefs.Nobody;
    private TaskCompletionSource _inputsBegin = new();

    public RouterActor(Topology topology, ComponentActivator activator, Workforce workforce)
    {
        _topology = topology;
        _activator = activator;
        _workforce = workforce;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Start start: HandleStart(start); break;
            case StageStarted: StartNextStage(); break;
            case Status.Failure: _starter.Tell(message); break;
            case Drain: HandleDrain(); break;
            case Stop stop: HandleStop(stop); break;
            case WorkersActor.Resize or WorkersActor.Change: _workers.Forward(message); break;
            case StartComponents added: HandleStartComponents(added); break;
            default: Unhandled(message); break;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new ComponentSupervision(ComponentCells.Of(Context.System));

    private void HandleStart(Start start)
    {
        (_starter, _inputsBegin) = (Sender, start.InputsBegin);
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
        if (role == ComponentRole.Input)
        {
            _workers = Context.ActorOf(Props.Create(() => new WorkersActor(_workforce)), "workers");
            _inputsBegin.TrySetResult();
        }
        var cells = _topology.Of(role).ToList();
        _sections[role].Tell(new SectionActor.StartComponents(cells));
        WhenStarted(cells).PipeTo(Self);
    }

    private void HandleStartComponents(StartComponents start)
    {
        foreach (var cell in start.Cells)
        {
            if (cell.Definition.Name.Length == 0) _activator.Start(Context, "errors", cell);
            else _sections[cell.Definition.Role].Tell(new SectionActor.StartComponents([cell]));
        }
    }

    private void HandleDrain()
    {
        foreach (var cell in _topology.All) cell.Drain();
        _sections[ComponentRole.Input].Tell(new InputActor.StopInput());
        foreach (var child in Context.GetChildren()) child.Tell(new ComponentActor.NodeDrains());
        DrainAsync().PipeTo(Sender);
    }

    private void HandleStop(Stop stop)
    {
        var components = Context.GetChildren().Where(child => !child.Equals(_workers)).ToList();
        StopInOrderAsync(stop, components, _workers).PipeTo(Self, success: () => PoisonPill.Instance);
    }

    private async Task StopInOrderAsync(Stop stop, IReadOnlyList<IActorRef> components, IActorRef workers)
    {
        var ended = Task.WhenAll(components.Select(child => child.GracefulStop(Timeout.InfiniteTimeSpan)));
        if (await Task.WhenAny(ended, stop.ComponentsLeft.Task) == ended) stop.ComponentsEnded.TrySetResult();
        if (_workforce.Groups.Count > 0 && !workers.IsNobody())
        {
            using var atOnce = stop.AtOnce.Register(() => workers.Tell(new WorkersActor.EndAtOnce()));
            await _workforce.SocketsHaveSentAsync(stop.AtOnce);
            await workers.GracefulStop(Timeout.InfiniteTimeSpan, new WorkersActor.End());
        }
        stop.WorkersEnded.TrySetResult();
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
                foreach (var copy in cell.Pool?.Copies ?? []) await copy.Cell.Started.Task;
            }
            catch (Exception exception)
            {
                throw new ComponentStartException(cell.Definition, exception);
            }
        }
        return StageStarted.Instance;
    }

    /// <summary>Asks the router to start its components; answered with <see cref="Started"/>, or a failure that says which could not.</summary>
    internal sealed record Start
    {
        /// <summary>Done when inputs begin to open: from then on messages may be under way.</summary>
        public TaskCompletionSource InputsBegin { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    internal sealed record Started
    {
        public static readonly Started Instance = new();
    }

    /// <summary>Asks the router to start components that a reload brings; each says itself whether it has started.</summary>
    internal sealed record StartComponents(IReadOnlyList<ComponentCell> Cells);

    /// <summary>Asks the router to stop its inputs and to let everything under way arrive; answered with <see cref="Drained"/>.</summary>
    internal sealed record Drain;

    internal sealed record Drained
    {
        public static readonly Drained Instance = new();
    }

    /// <summary>Asks the router to stop its components, then its worker processes, and then itself.</summary>
    /// <param name="AtOnce">Has worker processes killed.</param>
    internal sealed record Stop(CancellationToken AtOnce)
    {
        public TaskCompletionSource ComponentsEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Done by who stops the node when it waits for the components no longer.</summary>
        public TaskCompletionSource ComponentsLeft { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Done after the components, when the worker processes have ended too.</summary>
        public TaskCompletionSource WorkersEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record StageStarted
    {
        public static readonly StageStarted Instance = new();
    }
}
