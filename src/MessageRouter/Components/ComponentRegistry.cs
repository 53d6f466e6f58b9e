using System.Diagnostics.CodeAnalysis;
using MessageRouter.Plugins;

namespace MessageRouter.Components;

/// <summary>
/// The kinds of components that configurations can name. The built-in ones stand in <see cref="BuiltIns"/>;
/// plug-ins add theirs through <see cref="IPlugin"/>.
/// </summary>
public sealed class ComponentRegistry
{
    private readonly SortedDictionary<string, ComponentType>[] _types =
        [.. Enum.GetValues<ComponentRole>().Select(_ => new SortedDictionary<string, ComponentType>(StringComparer.Ordinal))];

    /// <summary>Kinds whose packages have not been looked for yet.</summary>
    private readonly Dictionary<(ComponentRole Role, string Name), ExtensionPackage> _packages = [];

    /// <summary>All kinds that are there, by role and name.</summary>
    public IEnumerable<ComponentType> Types
    {
        get
        {
            foreach (var package in _packages.Values.ToHashSet()) Register(package);
            return _types.SelectMany(ofRole => ofRole.Values);
        }
    }

    /// <summary>Where the plug-ins live that were loaded for it; they stay as long as it does.</summary>
    internal List<object> Contexts { get; } = [];

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

    /// <summary>Another one with the same kinds: what is added to it is not added here.</summary>
    internal ComponentRegistry Copy()
    {
        var copy = new ComponentRegistry();
        foreach (var (types, own) in copy._types.Zip(_types))
            foreach (var (name, type) in own) types.Add(name, type);
        foreach (var (key, package) in _packages) copy._packages.Add(key, package);
        return copy;
    }

    /// <summary>Registers a component under a name that is not the one to be shown.</summary>
    internal void Add(string name, ComponentType type)
    {
        if (_packages.ContainsKey((type.Role, name)) || !Of(type.Role).TryAdd(name, type))
            throw new ArgumentException($"There is already {(type.Role == ComponentRole.Filter ? "a" : "an")} {type.Role.Word()} named `{name}`.", nameof(name));
    }

    /// <summary>Says which package has a component, which is looked for when the component is.</summary>
    internal ComponentRegistry AddOf(ExtensionPackage package, ComponentRole role, string name)
    {
        _packages.Add((role, name), package);
        return this;
    }

    internal bool TryFind(ComponentRole role, string name, [NotNullWhen(true)] out ComponentType? type)
    {
        if (_packages.TryGetValue((role, name), out var package)) Register(package);
        return Of(role).TryGetValue(name, out type);
    }

    /// <summary>The package that would have a component which is not there; null where there is none.</summary>
    internal ExtensionPackage? PackageOf(ComponentRole role, string name) => _packages.GetValueOrDefault((role, name));

    internal IEnumerable<string> Names(ComponentRole role) => Of(role).Keys.Concat(_packages.Keys.Where(known => known.Role == role).Select(known => known.Name)).Order(StringComparer.Ordinal);

    private void Register(ExtensionPackage package)
    {
        if (package.Plugin is not { } plugin) return;
        foreach (var (known, _) in _packages.Where(each => each.Value == package).ToList()) _packages.Remove(known);
        plugin.Register(this);
    }

    private SortedDictionary<string, ComponentType> Of(ComponentRole role) => _types[(int)role];
}
