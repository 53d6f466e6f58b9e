using System.Reflection;
using MessageRouter.Components;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Checks;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.InForce;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Plugins;
using MessageRouter.Routing;

namespace MessageRouter.Configuration;

/// <summary>
/// Makes a <see cref="NodeDefinition"/> of a configuration: reads the <c>router</c> block, loads its plug-ins, binds
/// every component and checks how they are connected. Everything that is wrong is reported at once.
/// </summary>
internal sealed class NodeReader
{
    /// <summary>The keys of the router's block.</summary>
    public static readonly IReadOnlyList<string> RouterKeys = ["name", "plugins", "mailbox", "supervision", "errors", "shutdown", "memory", "control", "security", "cluster", "inputs", "filters", "outputs", "workers"];

    private readonly HoconDocument _document;
    private readonly ComponentRegistry _registry;
    private readonly List<Assembly> _assemblies;
    private readonly List<Diagnostic> _diagnostics;
    private readonly OptionsBinder _binder;

    private NodeReader(HoconDocument document, ComponentRegistry registry, IEnumerable<Assembly> assemblies)
    {
        _document = document;
        _registry = registry;
        _assemblies = [.. assemblies];
        _diagnostics = [.. document.Diagnostics];
        _binder = new OptionsBinder(_diagnostics);
    }

    /// <summary>Reads a node.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="registry">The components that <c>type</c> can name; plug-ins add theirs.</param>
    /// <param name="assemblies">Where <c>class</c> is looked for, besides the plug-ins.</param>
    /// <exception cref="ConfigurationException">Something is wrong with it.</exception>
    public static NodeDefinition Read(HoconDocument document, ComponentRegistry registry, params IEnumerable<Assembly> assemblies) =>
        Read(document, registry, null, out _, assemblies);

    /// <inheritdoc cref="Read(HoconDocument, ComponentRegistry, IEnumerable{Assembly})"/>
    public static NodeDefinition Read(HoconDocument document, ComponentRegistry registry, out IReadOnlyList<Diagnostic> warnings, params IEnumerable<Assembly> assemblies) =>
        Read(document, registry, null, out warnings, assemblies);

    /// <summary>Reads what was brought to a node.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="registry">The components that <c>type</c> can name; plug-ins add theirs.</param>
    /// <param name="own">The node: it keeps its name and its place in the cluster. Null where the configuration is its own.</param>
    /// <param name="warnings">What is questionable about it.</param>
    /// <param name="assemblies">Where <c>class</c> is looked for, besides the plug-ins.</param>
    /// <exception cref="ConfigurationException">Something is wrong with it.</exception>
    public static NodeDefinition Read(HoconDocument document, ComponentRegistry registry, NodeDefinition? own, out IReadOnlyList<Diagnostic> warnings, params IEnumerable<Assembly> assemblies)
    {
        var reader = new NodeReader(document, registry, assemblies);
        var node = reader.ReadNode(own is null ? null : new OwnBlocks(own));
        if (node is null || reader.HasErrors) throw new ConfigurationException(reader._diagnostics);
        warnings = reader._diagnostics;
        return node;
    }

    private bool HasErrors => _diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private NodeDefinition? ReadNode(OwnBlocks? own)
    {
        if (RootBlock("router") is not { } router) return null;
        var secrets = new SecretReader(_document.Environment, _diagnostics);
        router.Block = secrets.Read(router.Block);
        _binder.RejectUnknownKeys(router.Block, "the router", RouterKeys);
        WarnOfNearMisses();
        var hasPlugins = LoadPlugins(router.Block);

        var mailbox = ReadBlock<MailboxOptions>(router.Block, "mailbox") ?? new MailboxOptions();
        var supervision = ReadBlock<SupervisionSection>(router.Block, "supervision") ?? new SupervisionSection();
        var shutdown = ReadBlock<ShutdownSection>(router.Block, "shutdown") ?? new ShutdownSection();
        var (memoryLimit, isLimitWritten) = MemoryReader.Read(router.Block, _binder);
        var control = own is null ? ControlReader.Read(router.Block, _binder) : own.Control;
        var securityReader = new SecurityReader(_binder);
        var security = securityReader.Read(router.Block);
        var cluster = own is null ? ClusterReader.Read(router.Block, _binder) : own.Cluster;
        var components = new ComponentReader(_binder, _registry, _assemblies, mailbox, supervision)
        {
            KnowsAll = hasPlugins,
            Security = new EndpointSecurityReader(_binder, securityReader, security, _assemblies),
        };

        IReadOnlyList<ComponentReading> all = [.. Enum.GetValues<ComponentRole>().SelectMany(role => ReadSection(router.Block, role, components))];
        var (errors, errorsPerSecond) = components.ReadErrors(router.Block, router.KeySpan);

        var workers = new WorkersReader(_binder, supervision).Read(router.Block);

        // After a syntax error the tree is not whole, and every finding could be its echo.
        if (_document.IsWhole) new TopologyChecks(_binder, all, SectionsAreBlocks(router.Block)).Check(router.KeySpan);

        IReadOnlyList<ComponentDefinition> readable = [.. all.Select(component => component.Definition).OfType<ComponentDefinition>()];
        ClusterReader.Check(readable, workers, own is null ? ClusterReader.IsThere(router.Block) : cluster is not null, router.KeySpan, _binder);
        if (cluster is not null) readable = new PlacedPoolReader(components, cluster.Options.Roles, _binder).Read(all, readable);
        if (!HasErrors && errors is not null)
        {
            if (MemoryCheck.Find([.. readable, errors], memoryLimit, isLimitWritten) is { } finding) _diagnostics.Add(finding);
            var flow = new Flow(readable);
            _diagnostics.AddRange([.. PathPromises.Find(flow), .. HeldBranches.Find(flow), .. DeadFilters.Find(flow), .. DividedSequences.Find(flow)]);
        }

        if (_document.Root.TryGet("akka", out var akka) && own is null) secrets.Refuse(akka.Value, akka.Key);
        var hash = new Lazy<string?>(() => _document.Files.Count > 0 ? _document.Hash : null);
        if (errors is null) return null;
        var node = new NodeDefinition
        {
            Name = ReadName(router.Block) ?? Environment.MachineName,
            Components = readable,
            Errors = errors,
            ErrorsPerSecond = errorsPerSecond,
            DrainTimeout = shutdown.DrainTimeout,
            MemoryLimit = memoryLimit,
            Workers = workers,
            Control = control,
            Security = security,
            Cluster = cluster,
            Files = _document.Files,
            Hash = () => hash.Value,
            FilesRead = () => ConfigurationFiles.Of(_document),
            AkkaHocon = akka is not null ? $"akka {HoconPrinter.Print(akka.Value)}" : "",
            AkkaOrigin = akka?.KeySpan,
        };

        // What is found out later must not hold the node as it was: so it could go on for ever.
        if (own is not null) node = own.Keep(node, _document.Root, router.Block, _diagnostics);
        var inForce = new Lazy<IReadOnlyList<ConfigValue>>(() => [.. ConfigValue.Of(ConfigInForce.Of(_document.Root, node))]);
        return node with { InForce = () => inForce.Value };
    }

    /// <summary>Other keys beside <c>router</c> and <c>akka</c> are the user's own, for substitutions; what looks like one of the two may be a slip.</summary>
    private void WarnOfNearMisses()
    {
        string[] read = ["router", "akka"];
        foreach (var field in _document.Root.Fields.Where(field => !read.Contains(field.Key)))
        {
            if (Suggestion.For(field.Key, read) is { } near)
                _diagnostics.Add(new Diagnostic(DiagnosticSeverity.Warning, $"the node does not read `{field.Key}`", field.KeySpan, $"did you mean `{near}`?"));
        }
    }

    private (HoconObject Block, SourceSpan KeySpan)? RootBlock(string name)
    {
        if (_document.Root.TryGet(name, out var field))
        {
            if (field.Value is HoconObject block) return (block, field.KeySpan);
            if (field.Value is HoconBroken) return null;
            _binder.Error($"`{name}` must be a block", field.Value.Span, $"write {name} {{ … }}");
            return null;
        }

        // A syntax error may have swallowed it; then that error says enough.
        if (!_document.IsWhole) return null;
        var near = _document.Root.Fields.FirstOrDefault(candidate => Suggestion.For(candidate.Key, [name]) is not null);
        _binder.Error($"there is no `{name}` block", near?.KeySpan, near is null ? null : $"did you mean `{name}`?");
        return null;
    }

    private IReadOnlyList<ComponentReading> ReadSection(HoconObject router, ComponentRole role, ComponentReader components)
    {
        var section = role.Section();
        if (!OptionsBinder.TryGetValue(router, section, out var field)) return [];
        if (field.Value is HoconObject block) return [.. block.Fields.Select(component => components.Read(role, component))];
        _binder.Error($"`{section}` must be a block", field.Value.Span, $"write {section} {{ name {{ type = … }} }}");
        return [];
    }

    private static bool SectionsAreBlocks(HoconObject router) =>
        Enum.GetValues<ComponentRole>().All(role => !router.TryGet(role.Section(), out var field) || field.Value is HoconObject or HoconScalar { Kind: HoconScalarKind.Null });

    private string? ReadName(HoconObject router)
    {
        if (!OptionsBinder.TryGetValue(router, "name", out var field)) return null;
        if (HoconConvert.TryString(field.Value, out var name, out var problem)) return name;
        _binder.Error($"`name`: {problem}", field.Value.Span);
        return null;
    }

    private T? ReadBlock<T>(HoconObject router, string key)
        where T : class
    {
        if (!OptionsBinder.TryGetValue(router, key, out var field)) return null;
        if (field.Value is HoconObject block) return (T?)_binder.Bind(typeof(T), block, field.KeySpan, $"`{key}` of the router");
        _binder.Error($"`{key}` must be a block", field.Value.Span, $"write {key} {{ … }}");
        return null;
    }

    /// <returns>Whether nothing of the plug-ins is missing.</returns>
    private bool LoadPlugins(HoconObject router)
    {
        if (!OptionsBinder.TryGetValue(router, "plugins", out var field)) return field?.Value is not HoconBroken;
        var loader = new PluginLoader(_registry, _diagnostics);

        // Relative to the file that names it, wherever the node is started from.
        foreach (var (path, span) in _binder.ReadTexts(field.Value, "`plugins`"))
            _assemblies.AddRange(loader.Load(span.Source.Directory, path, span));
        return !loader.HasFailed && field.Value is not HoconArray { IsWhole: false };
    }
}
