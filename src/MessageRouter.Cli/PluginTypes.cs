using System.CommandLine;
using System.Reflection;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Plugins;

namespace MessageRouter.Cli;

/// <summary>The components that there are: the built-in ones, and those of plug-ins.</summary>
internal sealed class PluginTypes
{
    private static readonly Type[] Roles = [typeof(InputActor), typeof(FilterBase), typeof(OutputActor)];

    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<Assembly> _assemblies = [];
    private readonly PluginLoader _loader;

    public PluginTypes() => _loader = new PluginLoader(Registry, _diagnostics);

    public ComponentRegistry Registry { get; } = BuiltIns.Registry();

    /// <summary>What <c>class</c> can name, by the class's name.</summary>
    public IEnumerable<ComponentType> Classes => _assemblies.SelectMany(assembly => assembly.GetExportedTypes())
        .Where(type => type is { IsAbstract: false, ContainsGenericParameters: false } && Roles.Any(type.IsAssignableTo))
        .Select(type => ComponentType.Of(type)).OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary><c>--plugin PATH</c>.</summary>
    public static Option<string[]> Option(Command command, string description)
    {
        var option = new Option<string[]>("--plugin") { HelpName = "PATH", Description = description, DefaultValueFactory = _ => [], Arity = ArgumentArity.OneOrMore };
        command.Add(option);
        return option;
    }

    /// <summary>Adds those that a command line names.</summary>
    /// <exception cref="ConfigurationException">One cannot be used.</exception>
    public PluginTypes Add(IEnumerable<string> paths)
    {
        foreach (var path in paths) Load("", path, new SourceSpan(new SourceText("--plugin", path), 1, 1, path.Length));
        return Checked();
    }

    /// <summary>Adds those that files name.</summary>
    /// <exception cref="ConfigurationException">The files cannot be read, or one cannot be used.</exception>
    public PluginTypes AddOf(HoconDocument document)
    {
        _diagnostics.AddRange(document.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        if (document.Root.TryGet("router", out var router) && router.Value is HoconObject block && OptionsBinder.TryGetValue(block, "plugins", out var plugins))
        {
            foreach (var (path, span) in new OptionsBinder(_diagnostics).ReadTexts(plugins.Value, "`plugins`")) Load(span.Source.Directory, path, span);
        }
        return Checked();
    }

    private void Load(string folder, string path, SourceSpan span) => _assemblies.AddRange(_loader.Load(folder, path, span));

    private PluginTypes Checked() => _diagnostics.Count == 0 ? this : throw new ConfigurationException(_diagnostics);
}
