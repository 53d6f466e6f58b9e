using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.Secrets;

namespace MessageRouter.Configuration;

/// <summary>Finds out what a configuration was made of, for who waits for a change of it.</summary>
internal static class ConfigurationFiles
{
    /// <summary>The files that have a part in a document, those that it keeps secrets and keys in, and the plug-ins that it names.</summary>
    public static IReadOnlyList<string> Of(HoconDocument document)
    {
        var names = new HashSet<string>(document.Files.Concat(Of(document.Diagnostics)));
        Add(document.Root);
        if (document.Root.TryGet("router", out var router) && router.Value is HoconObject block && block.TryGet("plugins", out var plugins))
            names.UnionWith(new OptionsBinder([]).ReadTexts(plugins.Value, "").SelectMany(plugin => PlugIns(Path.Combine(plugin.Span.Source.Directory, plugin.Text))));
        if (router?.Value is HoconObject routers && routers.TryGet("security", out var security) && security.Value is HoconObject { } keys && keys.TryGet("identities", out var identities) && identities.Value is HoconObject pairs)
            names.UnionWith(pairs.Fields.Select(pair => pair.Value is HoconObject inner && inner.TryGet("file", out var file) && file.Value is HoconScalar path ? BesideFile.Of(path.Text, path.Span) : null).OfType<string>());
        return [.. names];

        void Add(HoconValue value)
        {
            names.Add(value.Span.Source.Name);
            if (SecretSource.Of(value) is { } secret && secret.TryGet("file", out var file) && file.Value is HoconScalar path) names.Add(BesideFile.Of(path.Text, path.Span));
            foreach (var part in value switch { HoconObject fields => fields.Fields.Select(field => field.Value), HoconArray array => array.Items, _ => [] }) Add(part);
        }
    }

    /// <summary>The files in which something was found.</summary>
    public static IEnumerable<string> Of(IEnumerable<Diagnostic> diagnostics) => diagnostics.Select(diagnostic => diagnostic.Span?.Source.Name).OfType<string>();

    private static IEnumerable<string> PlugIns(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.dll", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true }) : [path];
}
