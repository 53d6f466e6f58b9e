using MessageRouter.Configuration;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>Reads a running node's configuration again and applies what can change while it runs: the sizes of pools and of groups of worker processes.</summary>
internal sealed class Reload(RouterNode node, Func<NodeDefinition> read, TextWriter error, ILogger logger)
{
    private readonly Lock _lock = new();

    /// <summary>What each part was asked to be last; null where it could not become that, so that the next reading asks again. Under the lock.</summary>
    private readonly Dictionary<string, int?> _sizes = Sizes(node.Definition).ToDictionary(part => part.Name, part => (int?)part.Size);

    private readonly HashSet<string> _resizable =
        [.. Sizes(node.Definition with { Components = [.. node.Definition.Components.Where(component => component.IsPool)] }).Select(part => part.Name)];
    private Task _lastReading = Task.CompletedTask;

    /// <summary>Begins, after the readings that were begun before; returns at once.</summary>
    public void Begin()
    {
        lock (_lock) _lastReading = ReadAsync(_lastReading);
    }

    /// <summary>Asks every part that has another size now, and waits for none: each takes its sizes in order, and one that is held up holds up no other.</summary>
    private async Task ReadAsync(Task before)
    {
        // The signal's own thread is not to wait for files.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var definition = read();
            var changed = Changed(definition);
            foreach (var (name, size) in changed[true]) _ = ResizeAsync(name, size);
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

    private ILookup<bool, (string Name, int Size)> Changed(NodeDefinition definition)
    {
        lock (_lock)
        {
            return Sizes(definition)
                .Where(part => _sizes.TryGetValue(part.Name, out var size) && size != part.Size)
                .ToLookup(part => _resizable.Contains(part.Name));
        }
    }

    private static IEnumerable<(string Name, int Size)> Sizes(NodeDefinition definition) =>
        definition.Components.Select(component => (component.FullName, component.Instances))
            .Concat(definition.Workers.Select(group => ($"workers.{group.Name}", group.Instances)));

    private async Task ResizeAsync(string name, int size)
    {
        lock (_lock) _sizes[name] = size;
        try
        {
            await node.ResizeAsync(name, size);
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                if (_sizes[name] == size) _sizes[name] = null;
            }
            RunLog.ReloadFailed(logger, exception.Message);
        }
    }
}
