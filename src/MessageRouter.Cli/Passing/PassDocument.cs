using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Cli.Passing;

/// <summary>The node that a command line describes, as the file that would describe it; its places are those of the command line.</summary>
internal sealed class PassDocument
{
    private const string Example = "message-router --input STDIN --output STDOUT";
    private readonly PassSettings _settings;
    private readonly ComponentRegistry _builtIns = BuiltIns.Registry();

    private PassDocument(PassSettings settings)
    {
        _settings = settings;
    }

    /// <exception cref="CommandException">The input or the output is missing.</exception>
    public static HoconDocument Of(PassSettings settings, IReadOnlyList<string> overrides)
    {
        var isWhole = !settings.Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        if (isWhole)
        {
            foreach (var key in new[] { "input", "output" })
            {
                if (!settings.TryGetName(key, out _)) throw CommandException.Usage($"`--{key}` is missing; an example: {Example}");
            }
        }
        var router = new PassDocument(settings).Router();
        var later = HoconReader.ReadText("--set", "", new HoconReaderOptions { Overrides = overrides });
        settings.Diagnostics.AddRange(later.Diagnostics);
        return new HoconDocument(Merge(Block(Field("router", router)), later.Root), settings.Diagnostics, isWhole && later.IsWhole);
    }

    private HoconObject Router()
    {
        var filter = Filter();
        var where = Where(to: filter is null ? "output" : "filter");
        List<HoconField> fields = [];
        if (_settings.Plugins.Count > 0) fields.Add(Field("plugins", new HoconArray(_settings.Plugins[0].Span, _settings.Plugins)));
        AddSection(fields, ComponentRole.Input, Component(ComponentRole.Input, "input", "decode", "decoder", to: where is not null ? "where" : filter is null ? "output" : "filter"));
        HoconField[] filters = [.. Named("where", where), .. Named("filter", filter)];
        if (filters.Length > 0) fields.Add(Field(ComponentRole.Filter.Section(), Block(filters)));
        AddSection(fields, ComponentRole.Output, Component(ComponentRole.Output, "output", "encode", "encoder", to: null));
        if (Errors() is { } errors) fields.Add(Field("errors", errors));
        return Block([.. fields]);
    }

    /// <summary>The filter that a condition stands for.</summary>
    private HoconObject? Where(string to) => !_settings.TryGetName("where", out var condition) ? null
        : new HoconObject(condition.Span, [Field("type", Scalar(condition.Span, "csharp")), Field("when", condition), Field("to", Scalar(condition.Span, to))]);

    private HoconObject? Filter()
    {
        var name = _settings.TryGetName("filter", out var given) ? given.Text : "Null";
        var passesAll = SeedNames.Component(ComponentRole.Filter, name, _builtIns) == ("type", "null");
        if (passesAll && _settings.Options("filter-options").Count == 0) return null;
        return Component(ComponentRole.Filter, "filter", null, null, to: "output", byDefault: "Null");
    }

    private HoconObject? Errors()
    {
        string[] keys = ["error", "error-encoder"];
        return keys.Any(key => _settings.TryGetName(key, out _) || _settings.Options($"{key}-options").Count > 0)
            ? Component(ComponentRole.Output, "error", "encode", "error-encoder", to: null, byDefault: "STDERR")
            : null;
    }

    private HoconObject? Component(ComponentRole role, string key, string? codecKey, string? codecFlag, string? to, string? byDefault = null)
    {
        if (!_settings.TryGetName(key, out var name))
        {
            if (byDefault is null) return null;
            name = Scalar(Nowhere(byDefault), byDefault);
        }
        var (kind, value) = SeedNames.Component(role, name.Text, _builtIns);
        var type = kind == "type" && _builtIns.TryFind(role, value, out var found) ? found : null;
        List<HoconField> fields = [new(kind, name.Span, Scalar(name.Span, value))];
        if (to is not null) fields.Add(new HoconField("to", name.Span, Scalar(name.Span, to)));
        if (codecFlag is not null && Codec(codecFlag) is { } codec) fields.Add(new HoconField(codecKey!, codec.Span, codec));
        foreach (var option in _settings.Options($"{key}-options"))
        {
            var field = SeedOptions.Translate(option, type);
            if (field.Key is "type" or "class" or "to")
                Error($"`{option.Key}` cannot be an option", option.KeySpan, "the command line has one input, filter and output; describe more in a file for `message-router run`");
            else if (fields.Any(other => other.Key == field.Key))
                Error($"`{option.Key}` says again what is said already", option.KeySpan, $"both mean `{field.Key}`");
            else
                fields.Add(field);
        }
        return new HoconObject(name.Span, fields);
    }

    private HoconScalar? Codec(string key)
    {
        var word = key.Split('-')[^1];
        foreach (var option in _settings.Options($"{key}-options")) Error($"unknown key `{option.Key}` for the {word}", option.KeySpan, "it takes no keys");
        if (!_settings.TryGetName(key, out var name)) return null;
        if (SeedNames.Codec(name.Text) is { } codec) return Scalar(name.Span, codec);
        Error($"unknown {word} `{name.Text}`", name.Span,
            Suggestion.For(name.Text, SeedNames.CodecNames) is { } near ? $"did you mean `{near}`?" : $"{word}s: {string.Join(", ", SeedNames.CodecNames)}");
        return null;
    }

    private static void AddSection(List<HoconField> fields, ComponentRole role, HoconObject? component)
    {
        if (component is not null) fields.Add(Field(role.Section(), Block([.. Named(role.Word(), component)])));
    }

    private static IEnumerable<HoconField> Named(string name, HoconObject? component) => component is null ? [] : [Field(name, component)];

    private static HoconObject Merge(HoconObject first, HoconObject later) => new(first.Span,
    [
        .. first.Fields.Select(field => !later.TryGet(field.Key, out var other) ? field
            : field.Value is HoconObject a && other.Value is HoconObject b ? field with { Value = Merge(a, b) } : other),
        .. later.Fields.Where(field => !first.TryGet(field.Key, out _)),
    ]);

    private void Error(string message, SourceSpan span, string hint) =>
        _settings.Diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, message, span, hint));

    private static HoconObject Block(params HoconField[] fields) => new(Nowhere(""), fields);

    private static HoconField Field(string key, HoconValue value) => new(key, value.Span, value);

    private static HoconScalar Scalar(SourceSpan span, string text) => new(span, text, HoconScalarKind.String);

    private static SourceSpan Nowhere(string text) => new(new SourceText("command line", text), 1, 1, text.Length);
}
