using MessageRouter.Configuration.Hocon.Parsing;
using MessageRouter.Configuration.Hocon.Resolution;

namespace MessageRouter.Configuration.Hocon;

/// <summary>
/// Reads HOCON as its specification has it, and stricter in this: what is included must exist. Whatever the text,
/// the outcome is a document with findings, never an exception.
/// </summary>
internal static class HoconReader
{
    /// <summary>The name of what is set over all files.</summary>
    public const string Override = "--set";

    /// <summary>Reads files, later ones over earlier ones, texts over them, and the overrides over all; then resolves all substitutions.</summary>
    public static HoconDocument ReadFiles(IReadOnlyList<string> paths, HoconReaderOptions? options = null, params IEnumerable<SourceText> texts)
    {
        options ??= new HoconReaderOptions();
        var diagnostics = new DiagnosticBag(options.MaxDiagnostics);
        var loader = new SourceLoader(diagnostics, options);
        var files = paths.Select(loader.Open).OfType<ObjectDefinition>().ToList();
        files.AddRange(texts.Select(text => loader.Parse(text, new FileLocation(""), IncludeScope.Root, depth: 0)));
        return Finish(files, diagnostics, loader, options) with { Files = paths };
    }

    /// <summary>Reads a text; what it includes is relative to the directory, or to the current one.</summary>
    public static HoconDocument ReadText(
        string name, string text, HoconReaderOptions? options = null, string? baseDirectory = null)
    {
        options ??= new HoconReaderOptions();
        var diagnostics = new DiagnosticBag(options.MaxDiagnostics);
        var loader = new SourceLoader(diagnostics, options);
        var root = loader.Parse(new SourceText(name, text), new FileLocation(baseDirectory ?? ""), IncludeScope.Root, depth: 0);
        return Finish([root], diagnostics, loader, options);
    }

    /// <summary>Reads one file by itself: nothing that it includes is opened, and nothing is substituted.</summary>
    /// <returns>Its text, and everything that makes it no HOCON; no text where it cannot be read.</returns>
    public static (SourceText? Source, IReadOnlyList<Diagnostic> Diagnostics) ReadSyntax(string path, HoconReaderOptions options) =>
        CheckSyntax(loader => loader.Read(path), options);

    /// <summary>The same for bytes that were read already.</summary>
    public static (SourceText? Source, IReadOnlyList<Diagnostic> Diagnostics) ReadSyntax(string name, byte[] content) =>
        CheckSyntax(loader => loader.Read(name, content), new HoconReaderOptions());

    private static (SourceText? Source, IReadOnlyList<Diagnostic> Diagnostics) CheckSyntax(Func<SourceLoader, SourceText?> read, HoconReaderOptions options)
    {
        options = options with { FollowsIncludes = false };
        var diagnostics = new DiagnosticBag(options.MaxDiagnostics);
        var loader = new SourceLoader(diagnostics, options);
        var source = read(loader);
        if (source is not null) loader.Parse(source, new FileLocation(""), IncludeScope.Root, depth: 0);
        return (source, diagnostics.ToList());
    }

    private static HoconDocument Finish(
        List<ObjectDefinition> files, DiagnosticBag diagnostics, SourceLoader loader, HoconReaderOptions options)
    {
        foreach (var text in options.Overrides)
        {
            var context = loader.Context(new SourceText(Override, text), new FileLocation(""), IncludeScope.Root, depth: 0);
            files.Add(new HoconParser(context, loader).ParseOverride());
        }

        var isWhole = !diagnostics.HasErrors;
        var root = new ObjectDefinition(files.Count > 0 ? files[0].Span : new SourceSpan(new SourceText("", ""), 1, 1, 0));
        foreach (var file in files)
        {
            root.Merge(file);
        }

        var value = new Builder(new Resolver(root, diagnostics, options), diagnostics, options).BuildRoot();
        return new HoconDocument(value, diagnostics.ToList(), isWhole) { Environment = options.Environment };
    }
}
