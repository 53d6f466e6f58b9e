using MessageRouter.Cli.Testing;
using MessageRouter.Configuration;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>Reads a running node's configuration again and has the node become what it says: at a signal, or when its files have changed.</summary>
/// <param name="node">The node.</param>
/// <param name="read">Reads its configuration.</param>
/// <param name="error">Takes reports of what is wrong; null where all of that is to be in the log.</param>
/// <param name="logger">The node's log.</param>
internal sealed class Reload(RouterNode node, Func<NodeDefinition> read, TextWriter? error, ILogger logger)
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private volatile IReadOnlyList<string> _filesRead = [];

    /// <summary>Begins, after those that were begun before; returns at once.</summary>
    public void Begin()
    {
        lock (_lock) _last = RunAsync(_last);
    }

    /// <summary>Reloads whenever a file has changed, until it is ended. What is wrong with one is said, and its next change tries again.</summary>
    public async Task WatchAsync(FileStamp stamp, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                var changed = await stamp.ChangedAsync(ended);
                await stamp.SettleAsync(ended);
                RunLog.FileChanged(logger, changed);
                Begin();
                await Last;
                stamp.Add(_filesRead);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private Task Last
    {
        get
        {
            lock (_lock) return _last;
        }
    }

    private async Task RunAsync(Task before)
    {
        // The signal's own thread is not to wait for files.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var next = read();
            _filesRead = next.FilesRead();
            await node.ReloadAsync(next);
        }
        catch (ConfigurationException exception)
        {
            // One that is included for the first time may be what is wrong.
            _filesRead = [.. ConfigurationFiles.Of(exception.Diagnostics)];
            var problems = DiagnosticPrinter.Print(exception.Diagnostics, DiagnosticPrinter.NothingChanged);
            error?.Write(problems);
            RunLog.NotReloaded(logger, error is null ? $" {problems}" : "");
        }
        catch (ReloadException exception)
        {
            error?.Write(exception.Report);
            if (error is null) RunLog.ReloadFailed(logger, exception.Report);
        }
        catch (Exception exception)
        {
            RunLog.ReloadFailed(logger, exception.Message);
        }
    }
}
