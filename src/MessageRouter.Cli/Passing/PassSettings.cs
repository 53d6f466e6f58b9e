using System.Diagnostics.CodeAnalysis;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Cli.Passing;

/// <summary>What was said by flags and by the file, with the places it was said at.</summary>
internal sealed class PassSettings(HoconReaderOptions reading)
{
    private const string PluginsVariable = "MESSAGE_ROUTER_PLUGINS";
    private readonly Dictionary<string, HoconValue> _values = [];
    private readonly List<HoconScalar> _plugins = [];
    private readonly List<Diagnostic> _diagnostics = [];

    public List<Diagnostic> Diagnostics => _diagnostics;

    public IReadOnlyList<HoconScalar> Plugins => [.. _plugins.DistinctBy(plugin => Path.GetFullPath(Resolve(plugin)))];

    /// <summary>A name that was given.</summary>
    public bool TryGetName(string key, [NotNullWhen(true)] out HoconScalar? name)
    {
        name = _values.GetValueOrDefault(key) as HoconScalar;
        return name is not null;
    }

    /// <summary>The options that were given; empty where none were.</summary>
    public IReadOnlyList<HoconField> Options(string key) => _values.GetValueOrDefault(key) is HoconObject block ? block.Fields : [];

    public void ReadFlag(string key, string text)
    {
        var isOptions = PassKeys.All.Any(known => known.Name == key && known.IsOptions);
        _values[key] = isOptions ? ReadOptions($"--{key}", text) : Scalar($"--{key}", text);
    }

    public void ReadFile(string path)
    {
        var document = HoconReader.ReadFiles([path], reading);
        _diagnostics.AddRange(document.Diagnostics);
        foreach (var field in document.Root.Fields) ReadField(field);
    }

    public void AddPlugins(IEnumerable<string> paths)
    {
        foreach (var path in paths) _plugins.Add(Scalar("--plugin", path));
        if (reading.Environment(PluginsVariable) is not { Length: > 0 } list) return;
        var source = new SourceText(PluginsVariable, list);
        var start = 0;
        foreach (var path in list.Split(Path.PathSeparator))
        {
            if (path.Length > 0) _plugins.Add(new HoconScalar(new SourceSpan(source, 1, start + 1, path.Length), path, HoconScalarKind.String));
            start += path.Length + 1;
        }
    }

    private static string Resolve(HoconScalar plugin) =>
        Path.Combine(plugin.Span.Source.Directory, plugin.Text);

    private static HoconScalar Scalar(string flag, string text) =>
        new(new SourceSpan(new SourceText(flag, text), 1, 1, text.Length), text, HoconScalarKind.String);

    private HoconObject ReadOptions(string name, string text)
    {
        var document = HoconReader.ReadText(name, text, reading);
        _diagnostics.AddRange(document.Diagnostics);
        return document.Root;
    }

    private void ReadField(HoconField field)
    {
        var name = field.Key.Replace('_', '-');
        if (name == "plugin") AddPluginsOfFile(field.Value);
        else if (PassKeys.Unsupported.FirstOrDefault(other => other.Name == name) is { Name: not null } unsupported)
            Error($"`{field.Key}` is not supported", field.KeySpan, unsupported.Instead);
        else if (PassKeys.All.FirstOrDefault(key => key.Name == name) is not { } key)
            Error($"unknown key `{field.Key}`", field.KeySpan, Hint(field.Key));
        else if (!key.IsOptions && field.Value is HoconScalar { Kind: not HoconScalarKind.Null })
            _values[name] = field.Value;
        else if (key.IsOptions && field.Value is HoconObject)
            _values[name] = field.Value;
        else if (key.IsOptions && field.Value is HoconScalar { Kind: HoconScalarKind.String } text)
            _values[name] = ReadOptions($"{field.Value.Span.Source.Name}, {field.Key}", text.Text);
        else
            Error($"`{field.Key}` must be {(key.IsOptions ? "a block of options" : "a name")}", field.Value.Span);
    }

    private void AddPluginsOfFile(HoconValue value)
    {
        foreach (var item in value is HoconArray array ? array.Items : [value])
        {
            if (item is HoconScalar { Kind: not HoconScalarKind.Null } path) _plugins.Add(path);
            else Error("`plugin` must be a path or a list of paths", item.Span);
        }
    }

    private static string Hint(string key)
    {
        var known = PassKeys.All.Select(candidate => candidate.Name.Replace('-', '_')).Append("plugin").ToList();
        return Suggestion.For(key, known) is { } near ? $"did you mean `{near}`?" : $"known keys: {string.Join(", ", known)}";
    }

    private void Error(string message, SourceSpan span, string? hint = null) =>
        _diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, message, span, hint));
}
