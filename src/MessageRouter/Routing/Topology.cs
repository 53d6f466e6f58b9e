using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Routing;

/// <summary>The cells of a node's components, connected by their edges.</summary>
internal sealed class Topology
{
    public Topology(NodeDefinition definition, ILoggerFactory loggers, TimeProvider clock)
    {
        Definition = definition;
        Memory = new NodeMemory(definition.MemoryLimit);
        Components = definition.Components.Select(Cell).ToList();
        Errors = Cell(definition.Errors);
        var byName = Components.ToDictionary(cell => cell.Definition.Name);
        var sources = Components.ToDictionary(cell => cell, _ => new List<ComponentCell>());
        foreach (var cell in Components)
            foreach (var to in cell.Definition.To) sources[byName[to]].Add(cell);
        Feeders = sources.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<ComponentCell>)pair.Value);
        var cannotWait = FedBy(Components.Where(cell => cell.Definition is { Role: ComponentRole.Input, CanPause: false }), byName);

        foreach (var cell in Components.Where(cell => !cell.Definition.IsPool))
            cell.Outbox.Connect(cell.Definition.To.Select(to => Connect(cell, byName[to], PolicyFor(cell, byName[to]))));

        var errorChain = new ErrorChain(clock, definition.ErrorsPerSecond);
        var errorOverflow = definition.Errors.Mailbox.Overflow == Overflow.DropOldest ? Overflow.DropOldest : Overflow.DropNewest;
        foreach (var cell in Components.Append(Errors)) cell.Errors = errorChain;
        foreach (var cell in Components) cell.ErrorEdge = Connect(cell, Errors, errorOverflow);
        foreach (var cell in Components.Where(cell => cell.Definition.IsPool))
        {
            cell.Pool = new Pool(cell.Definition.Instances, cell.Definition.Mailbox.MaxBytes, number => Copy(cell, number));
            cell.Workers = cell.Pool.Lines;
        }

        // Each copy has edges of its own, since an edge is for one thread at a time.
        ComponentCell Copy(ComponentCell pool, int number)
        {
            var copy = ComponentCell.CopyOf(pool, number, loggers);
            copy.Outbox.Connect(pool.Definition.To.Select(to => Connect(pool, byName[to], PolicyFor(pool, byName[to]))));
            copy.Errors = errorChain;
            copy.ErrorEdge = Connect(pool, Errors, errorOverflow);
            return copy;
        }

        // What the target's block says; where it says nothing, what comes only from inputs that can pause waits, so that
        // a file read into a slow output loses nothing, and everything else is dropped rather than held up.
        Overflow PolicyFor(ComponentCell from, ComponentCell to) =>
            to.Definition.Mailbox.Overflow ?? (cannotWait.Contains(from) ? Overflow.DropNewest : Overflow.Wait);

        ComponentCell Cell(ComponentDefinition component) => new(component, loggers.CreateLogger(component.FullName), clock, Memory);
    }

    public NodeDefinition Definition { get; }

    /// <summary>What waits in all of them.</summary>
    public NodeMemory Memory { get; }

    public IReadOnlyList<ComponentCell> Components { get; }

    /// <summary>The output of the error chain.</summary>
    public ComponentCell Errors { get; }

    public IEnumerable<ComponentCell> All => Components.Append(Errors);

    /// <summary>The components that send to each component.</summary>
    public IReadOnlyDictionary<ComponentCell, IReadOnlyList<ComponentCell>> Feeders { get; }

    public IEnumerable<ComponentCell> Of(ComponentRole role) => Components.Where(cell => cell.Definition.Role == role);

    private static Edge Connect(ComponentCell from, ComponentCell to, Overflow overflow)
    {
        var edge = new Edge(from.Name, to.Mailbox, overflow);
        to.AddSource(edge);
        return edge;
    }

    /// <summary>The components that get messages of these, directly or through others, and these themselves.</summary>
    private static HashSet<ComponentCell> FedBy(IEnumerable<ComponentCell> inputs, Dictionary<string, ComponentCell> byName)
    {
        var fed = inputs.ToHashSet();
        var open = new Stack<ComponentCell>(fed);
        while (open.TryPop(out var next))
        {
            foreach (var to in next.Definition.To)
            {
                if (fed.Add(byName[to])) open.Push(byName[to]);
            }
        }
        return fed;
    }
}
