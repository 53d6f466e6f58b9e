using System.Globalization;
using Akka.Actor;
using Akka.Event;
using MessageRouter.Components;

namespace MessageRouter.Workers;

/// <summary>
/// Keeps one process running: starts it, restarts it by its supervision when it ends, whatever its exit code, kills it when it
/// gives no sign of life, and ends it with SIGTERM and, when it takes too long, SIGKILL.
/// </summary>
internal sealed class WorkerActor : ReceiveActor
{
    /// <summary>A process that has run for so long is restarted at once; only the end of a shorter one counts against <c>max-restarts</c>.</summary>
    internal static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    /// <summary>How long a killed process may take to be gone.</summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    private readonly WorkerCell _cell;
    private readonly IWorkerProcesses _processes;
    private IWorkerProcess? _process;
    private ITimer? _timer;
    private Silence? _silence;
    private ITimer? _looking;
    private bool _draining;
    private bool _ending;

    public WorkerActor(WorkerCell cell, IWorkerProcesses processes)
    {
        _cell = cell;
        _processes = processes;
        Receive<Begin>(_ => HandleBegin());
        Receive<Exited>(HandleExited);
        Receive<ComponentActor.NodeDrains>(_ => HandleDraining());
        Receive<Look>(HandleLook);
        Receive<WorkersActor.End>(_ => HandleEnd());
        Receive<StopTimedOut>(_ => HandleStopTimedOut());
        Receive<WorkersActor.EndAtOnce>(_ => Kill());
        Receive<KillTimedOut>(_ => HandleKillTimedOut());
    }

    protected override void PreStart() => HandleBegin();

    protected override void PostStop()
    {
        _timer?.Dispose();
        _looking?.Dispose();
        _process?.Kill();
        if (!_cell.IsGivenUp) _cell.Stopped();
    }

    private void HandleBegin()
    {
        // The timer of a pause may have run out just when that was cut short.
        if (_ending || _process is not null) return;
        try
        {
            _process = _processes.Start(_cell.Group, _cell.Number, _cell.Lines.Write);
        }
        catch (WorkerStartException exception)
        {
            HandleFailure($"it could not be started, {exception.Problem}");
            return;
        }
        _cell.Started(_process.Id);
        WorkersLog.Started(_cell.Logger, _process.Id);
        var process = _process;
        if (_cell.Group.HeartbeatTimeout > TimeSpan.Zero) BeginToLook(process);
        process.Exited.PipeTo(Self, success: exit => new Exited(process, exit));
    }

    private void HandleExited(Exited exited)
    {
        // Akka may have restarted this actor, which has killed the process that the last instance had.
        if (exited.Process != _process) return;
        _process = null;
        _looking?.Dispose();
        _cell.Lines.End();
        var lived = _cell.Ended();
        if (_ending)
        {
            WorkersLog.Stopped(_cell.Logger, exited.Exit.ToString());
            Context.Stop(Self);
            return;
        }
        var isSilenced = _silence is { IsOver: true };

        // The time in which it hung is no success.
        if (lived - (isSilenced ? _cell.Group.HeartbeatTimeout : TimeSpan.Zero) >= Settled) _cell.Restarts.Progressed = true;
        HandleFailure($"{(isSilenced ? ReasonToKill() : exited.Exit)} after {Readable(lived)}");
    }

    private void BeginToLook(IWorkerProcess process)
    {
        var (self, look) = (Self, new Look(process));
        _silence = new Silence(_cell.Group.HeartbeatTimeout, _cell.Clock);
        _looking = _cell.Clock.CreateTimer(_ => self.Tell(look), null, _silence.Interval, _silence.Interval);
    }

    private void HandleLook(Look look)
    {
        if (look.Process != _process || _ending || _silence!.IsOver) return;
        _silence.Look(_process.TakeSign());
        if (!_silence.IsOver) return;
        WorkersLog.Silent(_cell.Logger, _process.Id, Readable(_cell.Group.HeartbeatTimeout));
        _process.Kill();
        TellLater(new KillTimedOut(), KillTimeout);
    }

    private string ReasonToKill() =>
        $"killed, silent for {Readable(_cell.Group.HeartbeatTimeout)}{(_silence!.WasBroken ? "" : " since its start (is it a program that sends WATCHDOG=1 to NOTIFY_SOCKET?)")},";

    private void HandleFailure(string problem)
    {
        if (_cell.Restarts.Decide(mustReopen: true) == Directive.Stop)
        {
            _cell.GiveUp(problem);
            WorkersLog.GivenUp(_cell.Logger, problem);
            return;
        }
        var delay = Pause();
        _cell.WillRestart(problem);
        WorkersLog.Restarting(_cell.Logger, problem, Readable(delay));
        if (delay > TimeSpan.Zero) TellLater(new Begin(), delay);
        else Self.Tell(new Begin());
    }

    /// <summary>What leaves the node may be waiting for the worker.</summary>
    private void HandleDraining()
    {
        _draining = true;
        if (_cell.IsWaiting && Pause() < _cell.Restarts.Delay) TellLater(new Begin(), Pause());
    }

    private TimeSpan Pause() =>
        _draining && _cell.Restarts.Delay > _cell.Group.Supervision.MinBackoff ? _cell.Group.Supervision.MinBackoff : _cell.Restarts.Delay;

    private void HandleEnd()
    {
        if (_ending) return;
        _ending = true;
        if (_process is null)
        {
            Context.Stop(Self);
            return;
        }
        _cell.Stopping();
        _process.Terminate();
        TellLater(new StopTimedOut(), _cell.Group.StopTimeout);
    }

    private void HandleStopTimedOut()
    {
        if (_process is null) return;
        WorkersLog.Killing(_cell.Logger, _process.Id, Readable(_cell.Group.StopTimeout));
        Kill();
    }

    private void Kill()
    {
        _ending = true;
        if (_process is null)
        {
            Context.Stop(Self);
            return;
        }
        _cell.Stopping();
        _process.Kill();
        TellLater(new KillTimedOut(), KillTimeout);
    }

    private void HandleKillTimedOut()
    {
        if (_process is null) return;
        if (!_ending)
        {
            WorkersLog.NotKilled(_cell.Logger, _process.Id);
            return;
        }
        WorkersLog.LeftBehind(_cell.Logger, _process.Id);
        Context.Stop(Self);
    }

    private void TellLater(object message, TimeSpan delay)
    {
        var self = Self;
        _timer?.Dispose();
        _timer = _cell.Clock.CreateTimer(_ => self.Tell(message), null, delay, Timeout.InfiniteTimeSpan);
    }

    private static string Readable(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private sealed record Begin : IDeadLetterSuppression;

    private sealed record Exited(IWorkerProcess Process, WorkerExit Exit) : IDeadLetterSuppression;

    private sealed record Look(IWorkerProcess Process) : IDeadLetterSuppression;

    private sealed record StopTimedOut : IDeadLetterSuppression;

    private sealed record KillTimedOut : IDeadLetterSuppression;
}
