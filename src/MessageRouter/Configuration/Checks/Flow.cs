using MessageRouter.Components;
using MessageRouter.Mailboxes;

namespace MessageRouter.Configuration.Checks;

/// <summary>Who sends to whom in a node that can start, and what happens where a mailbox is full.</summary>
internal sealed class Flow
{
    private readonly Dictionary<string, ComponentDefinition> _byName;
    private readonly Dictionary<string, List<ComponentDefinition>> _feeders;
    private readonly HashSet<string> _cannotWait = [];

    public Flow(IReadOnlyList<ComponentDefinition> components)
    {
        _byName = components.ToDictionary(component => component.Name);
        _feeders = components.ToDictionary(component => component.Name, _ => new List<ComponentDefinition>());
        foreach (var component in components)
        {
            foreach (var to in component.To) _feeders[to].Add(component);
        }
        InOrder = Sort(components);
        foreach (var component in InOrder)
        {
            if (component is { Role: ComponentRole.Input, CanPause: false } || FeedersOf(component).Any(feeder => _cannotWait.Contains(feeder.Name))) _cannotWait.Add(component.Name);
        }
    }

    /// <summary>All components, as they stand in the file.</summary>
    public IReadOnlyCollection<ComponentDefinition> InFile => _byName.Values;

    /// <summary>All components, each behind those that feed it.</summary>
    public IReadOnlyList<ComponentDefinition> InOrder { get; }

    /// <summary>Connections between them.</summary>
    public long Connections => _byName.Values.Sum(component => (long)component.To.Count);

    public IReadOnlyList<ComponentDefinition> FeedersOf(ComponentDefinition component) => _feeders[component.Name];

    public IEnumerable<ComponentDefinition> TargetsOf(ComponentDefinition component) => component.To.Select(to => _byName[to]);

    /// <summary>Whether an input that cannot pause is behind it.</summary>
    public bool CannotWait(ComponentDefinition component) => _cannotWait.Contains(component.Name);

    /// <summary>What happens where a target is full: as its block says, else the senders wait where all that is behind them can.</summary>
    public Overflow PolicyOf(ComponentDefinition from, ComponentDefinition to) => to.Mailbox.Overflow ?? (CannotWait(from) ? Overflow.DropNewest : Overflow.Wait);

    private List<ComponentDefinition> Sort(IReadOnlyList<ComponentDefinition> components)
    {
        var waitingFor = components.ToDictionary(component => component.Name, component => _feeders[component.Name].Count);
        var ready = new Queue<ComponentDefinition>(components.Where(component => waitingFor[component.Name] == 0));
        var sorted = new List<ComponentDefinition>();
        while (ready.TryDequeue(out var component))
        {
            sorted.Add(component);
            foreach (var target in TargetsOf(component))
            {
                if (--waitingFor[target.Name] == 0) ready.Enqueue(target);
            }
        }
        return sorted;
    }
}
