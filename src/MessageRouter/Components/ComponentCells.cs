using Akka.Actor;

namespace MessageRouter.Components;

/// <summary>The cells of an actor system's components by actor path; actors and mailboxes find theirs here.</summary>
internal sealed class ComponentCells : IExtension
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, ComponentCell> _byPath = new();

    public static ComponentCells Of(ActorSystem system) => system.WithExtension<ComponentCells, Provider>();

    public void Add(ActorPath path, ComponentCell cell) => _byPath[path.ToStringWithoutAddress()] = cell;

    /// <summary>The actor of a path has ended, and those below it.</summary>
    public void Remove(ActorPath path)
    {
        var ended = path.ToStringWithoutAddress();
        foreach (var known in _byPath.Keys.Where(known => known == ended || known.StartsWith(ended + "/", StringComparison.Ordinal))) _byPath.TryRemove(known, out _);
    }

    public ComponentCell Find(ActorPath path) =>
        _byPath.TryGetValue(path.ToStringWithoutAddress(), out var cell)
            ? cell
            : throw new InvalidOperationException($"{path} is not a component of a router node.");

    private sealed class Provider : ExtensionIdProvider<ComponentCells>
    {
        public override ComponentCells CreateExtension(ExtendedActorSystem system) => new();
    }
}
