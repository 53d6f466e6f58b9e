using Akka.Actor;
using Akka.Configuration;
using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Monitoring.Taps;
using MessageRouter.Outputs;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.Trials;

/// <summary>
/// A node of doubles in an actor system of its own, whose components stand alone: each is given one message, and what it sends goes nowhere, so that it is known what has come
/// of which. A component is made when the first message reaches it; what it keeps from one message to the next it keeps for the trial.
/// </summary>
internal sealed class TrialNode : IAsyncDisposable
{
    /// <remarks>Threads of its own, so that what never comes back keeps none of the process's pool.</remarks>
    private static readonly Config Settings = ConfigurationFactory.ParseString($$"""
        {{ComponentMailboxType.Hocon}}
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          actor.default-dispatcher {
            type = ForkJoinDispatcher
            throughput = 30
            dedicated-thread-pool { thread-count = 2, threadtype = background }
          }
        }
        """);

    private readonly Dictionary<string, ComponentCell> _cells;
    private readonly Dictionary<string, TrialUnit> _units = [];
    private readonly TrialClock _clock = new(TimeProvider.System.GetUtcNow());
    private readonly TrialTap _tap = new();
    private readonly RecordedMessages _recorded = new();
    private readonly ActorSystem _system;
    private readonly IActorRef _root;
    private readonly string _errors;
    private readonly TimeSpan _limit;
    private readonly long _began = TimeProvider.System.GetTimestamp();

    /// <param name="definition">The node.</param>
    /// <param name="services">What filters ask for.</param>
    /// <param name="limit">How long the whole trial may take.</param>
    public TrialNode(NodeDefinition definition, IServiceProvider services, TimeSpan limit)
    {
        _limit = limit;
        var doubled = Doubles.InPlaceOf(definition);
        var alone = doubled with { Components = [.. doubled.Components.Select(component => component with { To = [] })], ErrorsPerSecond = 0, MemoryLimit = 0 };
        var topology = new Topology(alone, NullLoggerFactory.Instance, _clock);
        _errors = topology.Errors.Name;
        _cells = topology.All.ToDictionary(cell => cell.Name);
        foreach (var cell in topology.All) cell.Counts.Tap.Add(_tap, cell.Name, TapSide.Out | TapSide.Dropped | TapSide.Failed);
        _system = ActorSystem.Create("message-router-trial", Settings);
        var activator = new ComponentActivator(new TrialServices(services, _recorded));
        _root = _system.ActorOf(Props.Create(() => new TrialActor(activator)), "trial");
    }

    /// <summary>Gives a component a message, and sees what comes of it.</summary>
    /// <param name="component">Its full name.</param>
    /// <param name="message">The message; of an input what it has read.</param>
    public async Task<TrialStep> StepAsync(string component, Message message)
    {
        var (errors, _) = await UnitAsync(_errors);
        var (unit, problem) = await UnitAsync(component);
        if (problem is not null) return new TrialStep { End = TrialEnd.NotStarted, Problem = problem };

        var reasons = await unit.ReasonsAsync(message);
        _tap.Take();
        var (given, outs, restarts, events, passedBefore) = (unit.Given, unit.Outs, unit.Restarts, _recorded[_errors].Count, _clock.Passed);
        var began = TimeProvider.System.GetTimestamp();
        Offer(unit.Cell, message);
        var settling = new Settling(_clock, errors, () => Left == TimeSpan.Zero);
        var isDone = await settling.SettleAsync(unit);
        var took = TimeProvider.System.GetElapsedTime(began);
        if (isDone && unit.Emits && unit.Outs == outs) await settling.EmissionAsync(unit, outs);

        var seen = _tap.Take().Where(one => one.Component == component).ToList();
        var wrong = seen.Find(one => one.Side is TapSide.Failed or TapSide.Dropped);
        IReadOnlyList<Message> passed = [.. seen.Where(one => one.Side == TapSide.Out).SelectMany(one => one.Messages)];
        var copy = unit.Given.Zip(given, (now, before) => now > before).ToList().IndexOf(true);
        return new TrialStep
        {
            End = wrong is not null ? (wrong.Side == TapSide.Failed ? TrialEnd.Failed : TrialEnd.Dropped)
                : !isDone ? TrialEnd.Held
                : passed.Count > 0 ? TrialEnd.Passed : TrialEnd.Filtered,
            Passed = passed,
            Problem = wrong?.Why,
            Error = _recorded[_errors] is var recorded && recorded.Count > events ? Error(recorded[^1]) : null,
            Reasons = reasons.Count == 0 ? [] : reasons[Math.Max(copy, 0)],
            Copy = copy < 0 ? null : copy + 1,
            Took = seen.Count > 0 && _clock.Passed == passedBefore ? TimeProvider.System.GetElapsedTime(began, seen[^1].At) : took,
            Waited = _clock.Passed - passedBefore,
            IsRestarted = unit.Restarts > restarts,
            IsStopped = unit.IsStopped,
        };
    }

    /// <remarks>What never comes back keeps its actor system, and whoever waits for this.</remarks>
    public async ValueTask DisposeAsync() => await _system.Terminate();

    private TimeSpan Left => _limit - TimeProvider.System.GetElapsedTime(_began) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    private static void Offer(ComponentCell cell, Message message)
    {
        if (cell.Intake is { } intake) intake.TryAdd(MessageBatch.Of(intake.NewMessage(message.Payload, [.. message.LeadingFrames], receipt: null, message.Peer)));
        else new Edge("trial", cell.Mailbox, Overflow.DropNewest).Send(MessageBatch.Of(message));
    }

    private static TrialError Error(Message told) => new((string)told["kind"]!, (string?)told["exception"], (int?)told["attempts"] ?? 1);

    private async Task<(TrialUnit Unit, string? Problem)> UnitAsync(string component)
    {
        if (!_units.TryGetValue(component, out var unit))
        {
            var cell = _cells[component];
            _units.Add(component, unit = new TrialUnit(cell, (await _root.Ask<ActorIdentity>(new TrialActor.Start(cell), Timeout.InfiniteTimeSpan)).Subject));
        }
        return (unit, await unit.StartedAsync(Left));
    }
}
