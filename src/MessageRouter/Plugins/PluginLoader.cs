using System.Reflection;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Zmtp;

namespace MessageRouter.Plugins;

/// <summary>
/// Loads assemblies with custom components and lets them register. A path is an assembly or a folder. Of a folder, every
/// assembly with components in it, and in the folders directly below it, is a plug-in of its own.
/// </summary>
internal sealed class PluginLoader(ComponentRegistry registry, List<Diagnostic> diagnostics)
{
    private const string NameTheDll = "name the .dll that `dotnet build` has written, or its folder";
    private readonly HashSet<string> _seen = [];

    /// <summary>Whether a plug-in could not be used.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Loads what a path names, and reports all that cannot be used.</summary>
    /// <param name="folder">Where relative paths begin.</param>
    /// <param name="name">The path as it was written.</param>
    /// <param name="span">Where it was written.</param>
    public IReadOnlyList<Assembly> Load(string folder, string name, SourceSpan span)
    {
        var path = Path.Combine(folder, name);
        if (!Directory.Exists(path) || string.IsNullOrWhiteSpace(name)) return [.. LoadReporting(path, isNamed: true, name, span)];

        var files = FilesIn(path).ToList();
        var failures = diagnostics.Count;
        List<Assembly> loaded = [.. files.SelectMany(file => LoadReporting(file, isNamed: false, Path.Combine(name, Path.GetRelativePath(path, file)), span))];
        if (loaded.Count == 0 && diagnostics.Count == failures && !files.Any(file => _seen.Contains(Path.GetFullPath(file))))
            Report(name, span, new PluginException("has no plug-in", "a plug-in is an assembly with components, in the folder itself or directly in a folder below it"));
        return loaded;
    }

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Prepend(folder)
            .SelectMany(each => Directory.EnumerateFiles(each, "*.dll").Order(StringComparer.Ordinal));

    private IEnumerable<Assembly> LoadReporting(string path, bool isNamed, string name, SourceSpan span)
    {
        try
        {
            return Load(path, isNamed) is { } assembly ? [assembly] : [];
        }
        catch (Exception exception)
        {
            // The code of others may throw anything.
            Report(name, span, exception as PluginException ?? Explain(exception));
            return [];
        }
    }

    private void Report(string name, SourceSpan span, PluginException problem)
    {
        HasFailed = true;
        diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, $"plug-in `{name}` {problem.Message}", span, problem.Cure));
    }

    private static PluginException Explain(Exception exception) =>
        LoadFailure.Of(exception) is { } failure ? failure.ToException()
        : exception is BadImageFormatException ? new("is damaged, or not a .NET assembly", NameTheDll)
        : new($"cannot be loaded: {LoadFailure.FirstSentence(exception)}");

    private Assembly? Load(string path, bool isNamed)
    {
        if (!File.Exists(path) || path.Length == 0) throw new PluginException("is neither a file nor a folder", NameTheDll);
        path = Path.GetFullPath(path);
        if (_seen.Contains(path)) return null;
        if ((PluginContext.Current(path) ?? LoadAnew(path, isNamed)) is not { } context) return null;

        // Until there are types that hold it.
        registry.Contexts.Add(context);
        var assembly = context.Assembly;

        var types = assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }).ToList();
        var components = types.Where(type => type.IsAssignableTo(typeof(ComponentActor))).ToList();
        var plugins = types.Where(type => type.IsVisible && type.IsAssignableTo(typeof(IPlugin))).ToList();
        if (components.Count + plugins.Count == 0)
        {
            return !isNamed ? null : throw new PluginException("has no component",
                "a component derives from InputActor, FilterActor or OutputActor; name the assembly that has one");
        }
        _seen.Add(path);
        foreach (var component in components) PluginChecks.Signatures(component);
        context.Share();
        foreach (var plugin in plugins) Register(plugin);
        return assembly;
    }

    private static PluginContext? LoadAnew(string path, bool isNamed)
    {
        if (FileKind.IsSpecial(path)) return isNamed ? throw new PluginException(FileKind.NoFile, NameTheDll) : null;
        var bytes = File.ReadAllBytes(path);
        var image = PluginImage.Read(bytes);
        if (image is null && isNamed) throw new PluginException("is not a .NET assembly", NameTheDll);
        if (image is null || (!isNamed && (ExtensionPackage.IsOne(Path.GetFileNameWithoutExtension(path)) || image.References.All(reference => reference.Name != "MessageRouter")))) return null;

        var context = new PluginContext(path, bytes);
        PluginChecks.References(image, context);
        PluginChecks.Uses(image, context.Assembly.ManifestModule);
        return context;
    }

    private void Register(Type plugin)
    {
        if (plugin.GetConstructor([]) is null) throw new PluginException($"cannot register: `{plugin.FullName}` has no public constructor without parameters", "give it one");
        try
        {
            ((IPlugin)Activator.CreateInstance(plugin)!).Register(registry);
        }
        catch (Exception exception) when (LoadFailure.Of(exception) is null)
        {
            var cause = LoadFailure.Cause(exception);
            throw new PluginException($"cannot register: `{plugin.FullName}` fails with {LoadFailure.Told(cause)}",
                cause is ArgumentException { ParamName: "name" } ? "names are unique within inputs, filters and outputs" : "a plug-in must register without failing");
        }
    }
}
