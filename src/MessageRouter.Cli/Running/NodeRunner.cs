using Akka.Actor;
using MessageRouter.Cli.Testing;
using MessageRouter.Clustering;
using MessageRouter.Configuration;
using MessageRouter.Control;
using MessageRouter.Outputs;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>
/// Runs one node from its start to its final ledger. From the first signal it takes the drain timeout and two seconds more at most, from the
/// second one a second, whatever hangs.
/// </summary>
internal sealed class NodeRunner(Surroundings surroundings, RunSettings settings)
{
    /// <summary>What is left to the node beyond what its stop may take, before it is waited for no longer.</summary>
    private static readonly TimeSpan Allowance = TimeSpan.FromMilliseconds(100);

    /// <summary>From the second signal until the node is waited for no longer.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(250);

    /// <summary>What the ledger and the summary file may take: all that a stop has beyond its drain timeout, less what the node, <see cref="Allowance"/> and <see cref="LastLines"/> have of it.</summary>
    private static readonly TimeSpan Publishing = TimeSpan.FromMilliseconds(1050);

    /// <summary>The same after a second signal: it takes a tenth of that, and on a machine that is busy the account of what was lost is worth the rest.</summary>
    private static readonly TimeSpan PublishingAtOnce = TimeSpan.FromMilliseconds(1600);

    /// <summary>What the log may take that is still to be read, when the node was waited for no longer.</summary>
    private static readonly TimeSpan LastLines = TimeSpan.FromMilliseconds(100);

    /// <param name="definition">The node.</param>
    /// <param name="announce">Called when it has started.</param>
    /// <param name="read">Reads a configuration again; null where there is none to read.</param>
    /// <param name="stamp">What its files were like when they were read, where it is to be reloaded when they change.</param>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(NodeDefinition definition, Action<ILogger>? announce = null, NodeReadings? read = null, FileStamp? stamp = null)
    {
        definition = ToBeLookedAt(definition);
        var summary = settings.SummaryFile is { } path ? SummaryFile.At(path, definition) : null;

        // By itself: what runs as long as the node must not hold what that is at first, and is not after a reload.
        return RunAsync(NodeHost.Build(definition, settings, surroundings.Services), summary, definition.AkkaHocon.Length > 0, definition.AkkaOrigin, announce, read, stamp);
    }

    private async Task<int> RunAsync(IHost host, SummaryFile? summary, bool hasAkka, SourceSpan? akka, Action<ILogger>? announce, NodeReadings? read, FileStamp? stamp)
    {
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();
        var logger = loggers.CreateLogger("router");
        var node = host.Services.GetRequiredService<RouterNode>();
        var ledger = new FinalLedger(node, summary, settings, loggers, surroundings);
        using var lastWords = surroundings.OwnsProcess ? new LastWords(ledger, surroundings.Error) : null;
        var stop = new StopRequests(logger, TimeProvider.System);
        var control = host.Services.GetRequiredService<ControlService>();
        node.StopHost = stop.Add;
        node.AtOnce = stop.AtOnce;
        using var notices = surroundings.OwnsProcess ? ServiceNotices.Of(node, surroundings.Environment) : null;
        var outcome = new Outcome();
        var overdue = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var deadline = new StopDeadline(() =>
        {
            if (!surroundings.OwnsProcess)
            {
                overdue.TrySetResult();
                return;
            }

            // Only here: on a thread of the pool the same would step back with the others.
            if (!ledger.HasBegun) Neighbours.StepBack();
            EndOverdue(node, outcome, ledger, control, stop.AtOnce.IsCancellationRequested ? PublishingAtOnce : Publishing, logger);
        });
        using var stopping = stop.Drain.Register(() =>
        {
            deadline.Within(node.LongestStop, Allowance);
            notices?.Stopping();
            ledger.Rehearse();
        });
        using var hurrying = stop.AtOnce.Register(() => deadline.Within(AtOnce));
        node.ReadAgain = read?.With(ToBeLookedAt) ?? node.ReadAgain;
        var reload = node.ReadAgain is { } again ? new Reload(node, () => Warned(again.Files([])), settings.JsonLog ? null : surroundings.Error, logger) : null;
        using var listening = surroundings.Signals.Listen(stop.Add, () => Reopen(host.Services, logger, reload), answer => RunLog.MeaninglessSignal(logger, answer));

        var (problem, started) = await StartAsync(host, hasAkka, akka, stop);
        if (started && !stop.Drain.IsCancellationRequested)
        {
            announce?.Invoke(logger);
            notices?.Ready();
            if (stamp is not null && reload is not null) _ = reload.WatchAsync(stamp, stop.Drain);
        }
        var living = problem is null && started ? LiveAsync(host, node, stop, deadline, outcome, logger) : Task.FromResult(problem?.ExitCode ?? (node.IsCutShort ? outcome.WhenIncomplete() : ExitCode.Done));
        int exitCode;
        var hasStopped = await Task.WhenAny(living, overdue.Task) == living;
        if (hasStopped)
        {
            exitCode = await living;
        }
        else
        {
            exitCode = outcome.WhenIncomplete();
            LeaveBehind(node, logger);
        }

        var written = ledger.Publish(Publishing, showTable: problem is null);
        if (problem is not null) surroundings.Error.Write(problem.Message);
        if (exitCode == ExitCode.Done && !written) exitCode = ExitCode.Unavailable;
        outcome.Set(exitCode);

        // What saying it might have taken is left to metrics and sockets.
        if (!stop.AtOnce.IsCancellationRequested) deadline.Extend(Publishing);

        // A node that was stopped with its host has done so; one that was not has its last metrics to push too, and its cluster to leave, where nothing of it is at work any more that others would do then.
        if (!stop.AtOnce.IsCancellationRequested)
        {
            var leaving = started && hasStopped && !node.IsCutShort ? LeaveAsync(host, stop.AtOnce) : Task.CompletedTask;
            var pushing = outcome.IsIncomplete ? control.DisposeAsync().AsTask() : Task.CompletedTask;
            await Task.WhenAny(Task.WhenAll(leaving, pushing), overdue.Task);
        }
        control.Close();

        // Closed sockets may send what they were given within their linger time. Where components were left behind they would be waited for.
        if (!outcome.IsIncomplete) await Task.WhenAny(((IAsyncDisposable)host).DisposeAsync().AsTask(), overdue.Task);
        return exitCode;
    }

    /// <summary>Whoever runs a node can look at it.</summary>
    private NodeDefinition ToBeLookedAt(NodeDefinition definition) => surroundings.OwnsProcess ? definition with { Control = definition.Control ?? ControlDefinition.Default } : definition;

    private NodeDefinition Warned(Reading reading)
    {
        if (!settings.JsonLog) surroundings.Error.Write(DiagnosticPrinter.Print(reading.Warnings));
        return reading.Definition;
    }

    /// <summary>On the deadline's own thread, since none of the pool may be free: what has not been said is said, and the process ends.</summary>
    private static void EndOverdue(RouterNode node, Outcome outcome, FinalLedger ledger, ControlService control, TimeSpan limit, ILogger logger)
    {
        if (outcome.ExitCode is null)
        {
            Bounded.Run(
                () =>
                {
                    LeaveBehind(node, logger);
                    ledger.Publish(limit);
                    control.Close();
                },
                limit);
        }
        ProcessEnd.Now(outcome.ExitCode ?? outcome.WhenIncomplete(), LastLines);
    }

    private static void LeaveBehind(RouterNode node, ILogger logger)
    {
        RunLog.ComponentsLeft(logger, node.DescribeHoldups());
        node.Abandon();
    }

    private static async Task<(CommandException? Problem, bool Started)> StartAsync(IHost host, bool hasAkka, SourceSpan? akka, StopRequests stop)
    {
        try
        {
            // Made here first: should it fail within the host's start, that would be told in stack traces.
            host.Services.GetRequiredService<ActorSystem>();
            await host.StartAsync(stop.Drain);
            return (null, true);
        }
        catch (ComponentStartException exception)
        {
            var exitCode = exception.LoadFailure is not null ? ExitCode.Configuration : exception.IsUnavailable ? ExitCode.Unavailable : ExitCode.Internal;
            return (new CommandException(exitCode, exception.Report), false);
        }
        catch (WorkerStartException exception)
        {
            return (new CommandException(ExitCode.Unavailable, exception.Report), false);
        }
        catch (ControlStartException exception)
        {
            return (new CommandException(ExitCode.Unavailable, exception.Report), false);
        }
        catch (ClusterStartException exception)
        {
            return (new CommandException(ExitCode.Unavailable, exception.Report), false);
        }
        catch (OperationCanceledException) when (stop.Drain.IsCancellationRequested)
        {
            return (null, false);
        }
        catch (Exception exception) when (hasAkka)
        {
            // Without the block the actor system starts; what it cannot use it says in exceptions of any kind.
            var problem = $"the `akka` block cannot be used: {exception.GetBaseException().Message.TrimEnd('.')}";
            return (new CommandException(ExitCode.Configuration, DiagnosticPrinter.Print([new Diagnostic(DiagnosticSeverity.Error, problem, akka)])), false);
        }
    }

    private static async Task<int> LiveAsync(IHost host, RouterNode node, StopRequests stop, StopDeadline deadline, Outcome outcome, ILogger logger)
    {
        var systemEnded = new TaskCompletionSource();
        using var ending = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => systemEnded.TrySetResult());
        await Task.WhenAny(stop.Requested, node.Ended, systemEnded.Task);

        var endedByItself = !stop.Requested.IsCompleted;
        var systemFailed = endedByItself && (systemEnded.Task.IsCompleted || node.HasLostComponents);
        if (endedByItself)
        {
            outcome.HasFailed = () => systemFailed || node.HasFailedComponents;
            deadline.Within(node.LongestStop, Allowance);
            if (systemFailed) RunLog.SystemEnded(logger);
            else if (node.HasFailedComponents) RunLog.EndedByFailures(logger);
            else RunLog.Ended(logger);
        }
        var isComplete = await node.StopAsync(stop.AtOnce);
        stop.Conclude();
        if (systemFailed) return ExitCode.Internal;
        if (!isComplete) return outcome.WhenIncomplete();

        // Asked again after the drain: what the inputs had handed on is worked on until then, and may fail.
        var failed = outcome.HasFailed();
        await host.StopAsync(CancellationToken.None);
        return failed ? ExitCode.Internal : endedByItself && NothingArrived.In(node.Ledger()) ? ExitCode.NothingArrived : ExitCode.Done;
    }

    /// <remarks>One that has left already does nothing.</remarks>
    private static Task LeaveAsync(IHost host, CancellationToken atOnce) => host.Services.GetRequiredService<ClusterService>().StopAsync(CancellationToken.None).WaitAsync(atOnce);

    /// <summary>The exit code, once everything is said and only sockets linger.</summary>
    private sealed class Outcome
    {
        private readonly Lock _lock = new();
        private int? _exitCode;
        private volatile Func<bool> _hasFailed = () => false;
        private volatile bool _isIncomplete;

        /// <summary>Whether failures have ended the node, so that whatever else became of its stop followed from them.</summary>
        public Func<bool> HasFailed
        {
            get => _hasFailed;
            set => _hasFailed = value;
        }

        /// <summary>Whether the stop was not complete.</summary>
        public bool IsIncomplete => _isIncomplete;

        /// <summary>The stop was not complete.</summary>
        /// <returns>The exit code of that.</returns>
        public int WhenIncomplete()
        {
            _isIncomplete = true;
            return HasFailed() ? Cli.ExitCode.Internal : Cli.ExitCode.DrainTimedOut;
        }

        public int? ExitCode
        {
            get
            {
                lock (_lock) return _exitCode;
            }
        }

        public void Set(int exitCode)
        {
            lock (_lock) _exitCode = exitCode;
        }
    }

    private static void Reopen(IServiceProvider services, ILogger logger, Reload? reload)
    {
        RunLog.Reopening(logger);
        services.GetRequiredService<ReopenSignal>().Raise();
        reload?.Begin();
    }
}
