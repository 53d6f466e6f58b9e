using MessageRouter.Configuration;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>Reads a running node's configuration again and applies what can change while it runs: the sizes of pools and of groups of worker processes.</summary>
internal sealed class Reload(RouterNode node, Func<NodeDefinition> read, TextWriter error, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _sizes = Sizes(node.Definition).ToDictionary(part => part.Name, part => part.Size);
    private readonly HashSet<string> _resizable =
        [.. Sizes(node.Definition with { Components = [.. node.Definition.Components.Where(component => component.IsPool)] }).Select(part => part.Name)];
    private Task _last = Task.CompletedTask;

    /// <summary>Begins, after what was begun before; returns at once.</summary>
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
            var definition = read();
            var changed = Sizes(definition).Where(part => _sizes.TryGetValue(part.Name, out var size) && size != part.Size).ToLookup(part => _resizable.Contains(part.Name));
            await Task.WhenAll(changed[true].Select(part => ResizeAsync(part.Name, part.Size)));
            if (changed[false].Any() || definition.FixedPart() != node.Definition.FixedPart()) RunLog.OtherChanges(logger);
        }
        catch (ConfigurationException exception)
        {
            error.Write(exception.Message);
            RunLog.NotReloaded(logger);
        }
        catch (Exception exception)
        {
            RunLog.ReloadFailed(logger, exception.Message);
        }
    }

    private static IEnumerable<(string Name, int Size)> Sizes(NodeDefinition definition) =>
        definition.Components.Select(component => (component.FullName, component.Instances))
            .Concat(definition.Workers.Select(group => ($"workers.{group.Name}", group.Instances)));

    private async Task ResizeAsync(string name, int size)
    {
        try
        {
            await node.ResizeAsync(name, size);
            lock (_lock) _sizes[name] = size;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ComponentStartException)
        {
            RunLog.ReloadFailed(logger, exception.Message);
        }
    }
}
