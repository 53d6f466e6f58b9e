using MessageRouter.Configuration;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>Reads a running node's configuration again and has the node become what it says: at a signal, or when its files have changed.</summary>
internal sealed class Reload(RouterNode node, Func<NodeDefinition> read, TextWriter error, ILogger logger)
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Begins, after those that were begun before; returns at once.</summary>
    public void Begin()
    {
        lock (_lock) _last = RunAsync(_last);
    }

    private async Task RunAsync(Task before)
    {
        // The signal's own thread is not to wait for files.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await node.ReloadAsync(read());
        }
        catch (ConfigurationException exception)
        {
            error.Write(exception.Message);
            RunLog.NotReloaded(logger);
        }
        catch (ReloadException exception)
        {
            error.Write(exception.Report);
        }
        catch (Exception exception)
        {
            RunLog.ReloadFailed(logger, exception.Message);
        }
    }
}
