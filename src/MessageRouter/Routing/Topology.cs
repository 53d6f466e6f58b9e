using MessageRouter.Components;
using MessageRouter.Links;
using MessageRouter.Mailboxes;
using MessageRouter.Monitoring;
using MessageRouter.Pools;
using MessageRouter.Security;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Routing;

/// <summary>The cells of a node's components, connected by their edges; a reload changes them one after the other.</summary>
internal sealed class Topology
{
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _clock;
    private readonly ErrorChain _errorChain;
    private readonly NodeSecurity? _security;

    /// <summary>Held while edges are connected: a pool may get a new copy at the same time.</summary>
    private readonly Lock _connecting = new();
    private volatile Layout _layout;
    private volatile Layout? _next;
    private volatile ComponentCell[] _retired = [];
    private volatile ComponentCell[] _leftBehind = [];
    private readonly string _name;
    private int _generation;
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="definition">What the node consists of.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="clock">The node's clock.</param>
    /// <param name="security">Has the lists of those who may connect, which follow the configuration in force; null where nobody opens sockets.</param>
    public Topology(NodeDefinition definition, ILoggerFactory loggers, TimeProvider clock, NodeSecurity? security = null)
    {
        (_loggers, _clock, _security) = (loggers, clock, security);
        Memory = new NodeMemory(definition.MemoryLimit);
        _name = definition.Name;
        _errorChain = new ErrorChain(clock, definition.ErrorsPerSecond);
        var errors = Cell(definition.Errors);
        _layout = new Layout(definition, [.. definition.Components.Select(Cell)], errors);
        foreach (var cell in All) Connect(cell);
    }

    /// <summary>What the node consists of now.</summary>
    public Layout Layout => _layout;

    public NodeDefinition Definition => _layout.Definition;

    /// <summary>The number of the configuration in force; a reload counts it up.</summary>
    public int Revision { get; private set; } = 1;

    /// <summary>What reloads have left behind, since it does not come back from what it is at: a stop does not wait for it.</summary>
    public IReadOnlyList<ComponentCell> LeftBehind => _leftBehind;

    /// <summary>A random number of the node's run, by which it is told from others of its name.</summary>
    public string Epoch { get; } = LinkEnd.NewEpoch();

    /// <summary>What waits in all of them.</summary>
    public NodeMemory Memory { get; }

    /// <inheritdoc cref="NodeSecurity.Problems"/>
    public IReadOnlyList<SecurityProblem> SecurityProblems => _security?.Problems ?? [];

    public IReadOnlyList<ComponentCell> Components => _layout.Components;

    /// <summary>The output of the error chain.</summary>
    public ComponentCell Errors => _layout.Errors;

    public IEnumerable<ComponentCell> All
    {
        get
        {
            var layout = _layout;
            return layout.Components.Append(layout.Errors);
        }
    }

    /// <summary>Those, and what reloads have removed, whose counts stay.</summary>
    public IReadOnlyList<ComponentCell> Counted => [.. All, .. _retired];

    /// <summary>What reloads have removed.</summary>
    public IReadOnlyList<ComponentCell> Retired => _retired;

    /// <summary>Done when other components belong to the node.</summary>
    public Task Changed => _changed.Task;

    /// <summary>The components that send to each component.</summary>
    public IReadOnlyDictionary<ComponentCell, IReadOnlyList<ComponentCell>> Feeders => _layout.Feeders;

    public IEnumerable<ComponentCell> Of(ComponentRole role) => Components.Where(cell => cell.Definition.Role == role);

    /// <summary>The cell of a component that a reload adds. Its mailbox gives nothing out yet.</summary>
    public ComponentCell Added(ComponentDefinition definition)
    {
        var cell = new ComponentCell(definition, Logger(definition), _clock, Memory) { Generation = ++_generation, Links = RetiredOf(definition.FullName)?.Links ?? LinksOf(definition) };
        cell.Mailbox.Pause(PauseReasons.Handover);
        return cell;
    }

    /// <summary>The cell of what is to take a component's place. Its mailbox gives nothing out yet.</summary>
    /// <param name="next">What it is to be.</param>
    /// <param name="former">The component.</param>
    /// <param name="endpoints">What it is bound to, where it binds the same.</param>
    public ComponentCell Successor(ComponentDefinition next, ComponentCell former, IReadOnlyList<string> endpoints) =>
        new(next, former, ++_generation) { Endpoints = endpoints, Links = former.Links };

    /// <summary>Of a component that a reload had removed once; null where there never was one of that name.</summary>
    public ComponentCell? RetiredOf(string fullName) => _retired.FirstOrDefault(cell => cell.Name == fullName);

    /// <summary>A component takes the place of another one.</summary>
    public void Swap(ComponentCell successor, ComponentCell former) => Use(_layout.With(successor, former), _retired, Revision);

    /// <summary>A component does not come back from what it is at.</summary>
    public void LeaveBehind(ComponentCell cell) => _leftBehind = [.. _leftBehind, cell];

    /// <summary>Something has been removed before it belonged to the node.</summary>
    public void Retire(ComponentCell cell) => _retired = [.. _retired, cell];

    /// <summary>Has a reload's new components be connected by the configuration that is to be.</summary>
    public void Prepare(Layout? next) => _next = next;

    /// <summary>Other components make up the node from now on.</summary>
    /// <param name="layout">These.</param>
    /// <param name="retired">Those that belonged to it once.</param>
    /// <param name="revision">The number of the configuration.</param>
    public void Use(Layout layout, IEnumerable<ComponentCell> retired, int revision)
    {
        _retired = [.. retired];
        _layout = layout;
        Revision = revision;
        Memory.Limit = layout.Definition.MemoryLimit;
        _security?.Use(layout.Definition.Security);
        _errorChain.PerSecond = layout.Definition.ErrorsPerSecond;
        Interlocked.Exchange(ref _changed!, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>
    /// Connects a component to its targets, or anew after these have changed. Edges that there were go on; those that lead nowhere any more
    /// still bring what they keep.
    /// </summary>
    public void Connect(ComponentCell cell)
    {
        cell.Errors = _errorChain;
        if (cell.Definition.IsPool && cell.Pool is null)
        {
            cell.Pool = new Pool(cell.Definition.Instances, cell.Definition.Mailbox.MaxBytes, number => Copy(cell, number));
            cell.Workers = cell.Pool.Lines;
        }
        else
        {
            foreach (var sender in cell.Pool?.Copies.Select(copy => copy.Cell) ?? [cell]) ConnectSender(sender, cell);
        }
        if (cell != LayoutOf(cell).Errors) ConnectErrors(cell);
    }

    private void ConnectSender(ComponentCell sender, ComponentCell cell)
    {
        lock (_connecting)
        {
            lock (sender.Books)
            {
                var layout = LayoutOf(cell);
                var known = sender.Outbox.AllEdges;
                sender.Outbox.Connect(layout.TargetsOf(cell).Select(to => EdgeTo(known, sender, cell.Name, to, layout.PolicyFor(cell, to))).ToArray());
            }
        }
    }

    private static Edge EdgeTo(IReadOnlyList<Edge> known, ComponentCell sender, string from, ComponentCell to, Overflow overflow)
    {
        if (known.FirstOrDefault(edge => edge.Target == to.Mailbox) is not { } edge)
        {
            edge = new Edge(from, to.Mailbox, overflow, sender.Outbox.Sent);
            to.AddSource(edge);
        }
        else if (!sender.Draining)
        {
            edge.Overflow = overflow;
        }
        return edge;
    }

    private void ConnectErrors(ComponentCell cell)
    {
        var layout = LayoutOf(cell);
        if (cell.ErrorEdge is null)
        {
            cell.ErrorEdge = new Edge(cell.Name, layout.Errors.Mailbox, layout.ErrorOverflow);
            layout.Errors.AddSource(cell.ErrorEdge);
        }
        else if (!cell.Draining)
        {
            cell.ErrorEdge.Overflow = layout.ErrorOverflow;
        }
    }

    /// <remarks>Each copy has edges of its own, since an edge is for one thread at a time.</remarks>
    private ComponentCell Copy(ComponentCell pool, int number)
    {
        var copy = ComponentCell.CopyOf(pool, number, _loggers);
        copy.Errors = _errorChain;
        ConnectSender(copy, pool);
        var layout = LayoutOf(pool);
        copy.ErrorEdge = new Edge(pool.Name, layout.Errors.Mailbox, layout.ErrorOverflow);
        layout.Errors.AddSource(copy.ErrorEdge);
        return copy;
    }

    /// <summary>
    /// The configuration that a component belongs to: a reload's new one to that which is to be. What is at work sends to what is at work, also a copy that
    /// it gets meanwhile: its messages would overtake those that still wait there.
    /// </summary>
    private Layout LayoutOf(ComponentCell cell) => !_layout.Has(cell) && _next is { } next && next.Has(cell) ? next : _layout;

    private ComponentCell Cell(ComponentDefinition component) => new(component, Logger(component), _clock, Memory) { Links = LinksOf(component) };

    private ComponentLinks LinksOf(ComponentDefinition component) => new(new LinkEnd(_name, Epoch, component.FullName), _clock);

    private ILogger Logger(ComponentDefinition component) => _loggers.CreateLogger(component.FullName);
}
