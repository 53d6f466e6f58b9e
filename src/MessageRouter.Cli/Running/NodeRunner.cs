using Akka.Actor;
using MessageRouter.Configuration;
using MessageRouter.Outputs;
using MessageRouter.Routing;
using MessageRouter.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>Runs one node from its start to its final ledger.</summary>
internal sealed class NodeRunner(Surroundings surroundings, RunSettings settings)
{
    /// <summary>How long components may take to stop after a second signal; the node itself gives them longer.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    /// <param name="definition">The node.</param>
    /// <param name="announce">Called when it has started.</param>
    /// <param name="read">Reads its configuration again; null where there is none to read.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(NodeDefinition definition, Action<ILogger>? announce = null, Func<NodeDefinition>? read = null)
    {
        var summary = settings.SummaryFile is { } path ? SummaryFile.At(path) : null;
        using var host = NodeHost.Build(definition, settings, surroundings.Services);
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();
        var logger = loggers.CreateLogger("router");
        var node = host.Services.GetRequiredService<RouterNode>();
        var ledger = new FinalLedger(node, summary, settings, logger, surroundings.Error);
        using var lastWords = surroundings.OwnsProcess ? new LastWords(ledger, surroundings.Error) : null;
        using var stop = new StopRequests(logger, TimeProvider.System);
        var reload = read is null ? null : new Reload(node, read, surroundings.Error, logger);
        using var listening = surroundings.Signals.Listen(stop.Add, () => Reopen(host.Services, logger, reload));

        var problem = await StartAsync(host, definition, stop);
        if (problem is null && !stop.Drain.IsCancellationRequested) announce?.Invoke(logger);
        var exitCode = problem?.ExitCode ?? await LiveAsync(host, node, stop, logger);
        var written = ledger.Publish(loggers.Dispose, showTable: problem is null);
        if (problem is not null) surroundings.Error.Write(problem.Message);
        return exitCode == ExitCode.Done && !written ? ExitCode.Unavailable : exitCode;
    }

    private static async Task<CommandException?> StartAsync(IHost host, NodeDefinition definition, StopRequests stop)
    {
        try
        {
            // Made here first: should it fail within the host's start, that would be told in stack traces.
            host.Services.GetRequiredService<ActorSystem>();
            await host.StartAsync(stop.Drain);
        }
        catch (ComponentStartException exception)
        {
            var exitCode = exception.LoadFailure is not null ? ExitCode.Configuration : exception.IsUnavailable ? ExitCode.Unavailable : ExitCode.Internal;
            return CannotStart(exception, exception.Component.Origin, exitCode, exception.LoadFailure?.Cure);
        }
        catch (WorkerStartException exception)
        {
            return CannotStart(exception, exception.Group.Origin, ExitCode.Unavailable);
        }
        catch (OperationCanceledException) when (stop.Drain.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (definition.AkkaHocon.Length > 0)
        {
            // Without the block the actor system starts; what it cannot use it says in exceptions of any kind.
            return new CommandException(ExitCode.Configuration, $"error: the `akka` block cannot be used: {exception.GetBaseException().Message}\n");
        }
        return null;
    }

    private static CommandException CannotStart(Exception exception, SourceSpan? place, int exitCode, string? cure = null) =>
        new(exitCode, DiagnosticPrinter.Print([new Diagnostic(DiagnosticSeverity.Error, exception.Message.TrimEnd('.'), place, cure)]));

    private static async Task<int> LiveAsync(IHost host, RouterNode node, StopRequests stop, ILogger logger)
    {
        var systemEnded = new TaskCompletionSource();
        using var ending = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => systemEnded.TrySetResult());
        await Task.WhenAny(stop.Requested, node.Ended, systemEnded.Task);

        var endedByItself = !stop.Requested.IsCompleted;
        var systemFailed = endedByItself && systemEnded.Task.IsCompleted;
        if (endedByItself)
        {
            if (systemFailed) RunLog.SystemEnded(logger);
            else if (node.HasFailedComponents) RunLog.EndedByFailures(logger);
            else RunLog.Ended(logger);
        }
        if (!await DrainAsync(node, stop, logger)) return ExitCode.DrainTimedOut;

        // Asked again after the drain: what the inputs had handed on is worked on until then, and may fail.
        var failed = systemFailed || (endedByItself && node.HasFailedComponents);
        await host.StopAsync(CancellationToken.None);
        return failed ? ExitCode.Internal : ExitCode.Done;
    }

    private static async Task<bool> DrainAsync(RouterNode node, StopRequests stop, ILogger logger)
    {
        using var giveUp = new CancellationTokenSource();
        using var atOnce = stop.AtOnce.Register(() => giveUp.CancelAfter(Moment));
        try
        {
            return await node.StopAsync(stop.AtOnce).WaitAsync(giveUp.Token);
        }
        catch (OperationCanceledException)
        {
            RunLog.ComponentsLeft(logger);
            return false;
        }
    }

    private static void Reopen(IServiceProvider services, ILogger logger, Reload? reload)
    {
        RunLog.Reopening(logger);
        services.GetRequiredService<ReopenSignal>().Raise();
        reload?.Begin();
    }
}
