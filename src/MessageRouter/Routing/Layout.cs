using MessageRouter.Components;
using MessageRouter.Configuration.Checks;
using MessageRouter.Mailboxes;

namespace MessageRouter.Routing;

/// <summary>Which components of a node send to which, as one configuration has it. Never changed; a reload brings another one.</summary>
internal sealed class Layout
{
    private readonly Dictionary<string, ComponentCell> _byName;
    private readonly Dictionary<ComponentCell, ComponentDefinition> _definitions;
    private readonly Flow _flow;

    /// <param name="definition">The configuration.</param>
    /// <param name="components">The cells of its components, in its order.</param>
    /// <param name="errors">That of its error output.</param>
    public Layout(NodeDefinition definition, IReadOnlyList<ComponentCell> components, ComponentCell errors)
    {
        Definition = definition;
        Components = components;
        Errors = errors;
        _definitions = components.Zip(definition.Components).Append((errors, definition.Errors)).ToDictionary(pair => pair.Item1, pair => pair.Item2);
        _byName = components.ToDictionary(cell => _definitions[cell].Name);
        var sources = components.ToDictionary(cell => cell, _ => new List<ComponentCell>());
        foreach (var cell in components)
            foreach (var to in TargetsOf(cell)) sources[to].Add(cell);
        Feeders = sources.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<ComponentCell>)pair.Value);
        _flow = new Flow(definition.Components);
    }

    public NodeDefinition Definition { get; }

    /// <summary>Inputs, filters and outputs, in the order of the configuration.</summary>
    public IReadOnlyList<ComponentCell> Components { get; }

    /// <summary>The output of the error chain.</summary>
    public ComponentCell Errors { get; }

    /// <summary>The components that send to each component.</summary>
    public IReadOnlyDictionary<ComponentCell, IReadOnlyList<ComponentCell>> Feeders { get; }

    /// <summary>What happens to error events that the error output has no room for: whoever reports an error is never held up.</summary>
    public Overflow ErrorOverflow => Definition.Errors.Mailbox.Overflow == Overflow.DropOldest ? Overflow.DropOldest : Overflow.DropNewest;

    public bool Has(ComponentCell cell) => _definitions.ContainsKey(cell);

    public IEnumerable<ComponentCell> TargetsOf(ComponentCell cell) => _definitions[cell].To.Select(to => _byName[to]);

    /// <summary>The same with another component in the place of one, which sends where that one did: what it is to send to may not be there yet.</summary>
    public Layout With(ComponentCell successor, ComponentCell former)
    {
        if (former == Errors) return new Layout(Definition with { Errors = successor.Definition }, Components, successor);
        var definition = successor.Definition with { To = _definitions[former].To };
        return new Layout(
            Definition with { Components = [.. Components.Select(cell => cell == former ? definition : _definitions[cell])] },
            [.. Components.Select(cell => cell == former ? successor : cell)], Errors);
    }

    /// <summary>
    /// What the target's block says; where it says nothing, what comes only from inputs that can pause waits, so that a file
    /// read into a slow output loses nothing, and everything else is dropped rather than held up.
    /// </summary>
    public Overflow PolicyFor(ComponentCell from, ComponentCell to) => _flow.PolicyOf(_definitions[from], _definitions[to]);
}
