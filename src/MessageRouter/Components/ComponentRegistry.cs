using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Components;

/// <summary>
/// The kinds of components that configurations can name. The built-in ones stand in <see cref="BuiltIns"/>;
/// plug-ins add theirs through <see cref="IPlugin"/>.
/// </summary>
public sealed class ComponentRegistry
{
    private readonly SortedDictionary<string, ComponentType>[] _types =
        [.. Enum.GetValues<ComponentRole>().Select(_ => new SortedDictionary<string, ComponentType>(StringComparer.Ordinal))];

    /// <summary>All kinds, by role and name.</summary>
    public IEnumerable<ComponentType> Types => _types.SelectMany(ofRole => ofRole.Values);

    /// <summary>Registers a component under the name that <c>type</c> takes.</summary>
    /// <typeparam name="TActor">The actor class; its role follows from its base class.</typeparam>
    /// <param name="name">The name, unique within the role.</param>
    /// <param name="summary">One sentence that says what it does.</param>
    /// <param name="example">A block, without name, that runs as it stands: <c>{ type = … }</c>.</param>
    /// <exception cref="ArgumentException">The role has a component of that name.</exception>
    public ComponentRegistry Add<TActor>(string name, string summary, string example = "")
        where TActor : ComponentActor
    {
        Add(name, ComponentType.Of(typeof(TActor), name, summary, example));
        return this;
    }

    /// <summary>Registers a component under a name that is not the one to be shown.</summary>
    internal void Add(string name, ComponentType type)
    {
        if (!Of(type.Role).TryAdd(name, type))
            throw new ArgumentException($"There is already {(type.Role == ComponentRole.Filter ? "a" : "an")} {type.Role.Word()} named `{name}`.", nameof(name));
    }

    internal bool TryFind(ComponentRole role, string name, [NotNullWhen(true)] out ComponentType? type) =>
        Of(role).TryGetValue(name, out type);

    internal IEnumerable<string> Names(ComponentRole role) => Of(role).Keys;

    private SortedDictionary<string, ComponentType> Of(ComponentRole role) => _types[(int)role];
}
