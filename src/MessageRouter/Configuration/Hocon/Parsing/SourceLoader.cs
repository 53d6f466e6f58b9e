using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Security;
using System.Text.Unicode;
using MessageRouter.Configuration.Hocon.Resolution;

namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>Opens files, the ones that were given and the ones these include, within the limits.</summary>
internal sealed class SourceLoader(DiagnosticBag diagnostics, HoconReaderOptions options)
{
    // When a name has no extension, all that exist are merged; the later ones win.
    private static readonly string[] Extensions = [".json", ".hocon", ".conf"];

    private long _bytesLeft = options.MaxTextSize;
    private readonly ValueCount _values = new(options.MaxValues);
    private int _includesLeft = options.MaxIncludes;

    /// <summary>A file that was given; null when it cannot be read, which was reported.</summary>
    public ObjectDefinition? Open(string path)
    {
        try
        {
            var location = new FileLocation(SourceText.DirectoryOf(path), Path.GetFullPath(path));
            var source = Read(path);
            return source is null ? null : Parse(source, location, IncludeScope.Root, depth: 0);
        }
        catch (ArgumentException)
        {
            diagnostics.Error(null, $"`{DiagnosticBag.Shorten(path)}` is no file name");
            return null;
        }
    }

    /// <summary>The text of a file that was given; null when it cannot be read, which was reported.</summary>
    public SourceText? Read(string path) => Read(path, path, includedFrom: null, reportAt: null);

    /// <summary>The text that these bytes are; null when they are none, which was reported.</summary>
    public SourceText? Read(string name, ReadOnlySpan<byte> bytes) => Decode(name, bytes, includedFrom: null);

    public ObjectDefinition Parse(SourceText source, FileLocation location, IncludeScope scope, int depth) =>
        new HoconParser(Context(source, location, scope, depth), this).ParseDocument();

    public ParseContext Context(SourceText source, FileLocation location, IncludeScope scope, int depth) =>
        new(source, location, scope, diagnostics, options, _values) { Depth = depth };

    /// <summary>What a file that was included says; null when it cannot be included, which was reported.</summary>
    public ObjectDefinition? Include(
        string name, SourceSpan nameSpan, SourceSpan statement, ParseContext from, IncludeScope scope)
    {
        if (!options.FollowsIncludes)
        {
            return null;
        }

        if (options.RefusesIncludes is var (problem, hint))
        {
            diagnostics.Error(nameSpan, problem, hint);
            return null;
        }

        if (--_includesLeft < 0)
        {
            if (_includesLeft == -1)
            {
                diagnostics.Error(nameSpan, FormattableString.Invariant($"there are more than {options.MaxIncludes} includes"));
            }

            return null;
        }

        try
        {
            var shown = Path.Combine(from.Location.Directory, name);
            var files = Find(shown);
            if (files.Count == 0)
            {
                ReportMissing(name, shown, nameSpan);
                return null;
            }

            var result = new ObjectDefinition(nameSpan);
            foreach (var file in files)
            {
                if (IncludeFile(file, nameSpan, statement, from, scope) is { } included)
                {
                    result.Merge(included);
                }
            }

            return result;
        }
        catch (ArgumentException)
        {
            diagnostics.Error(nameSpan, "this is no file name");
            return null;
        }
    }

    private ObjectDefinition? IncludeFile(
        string shown, SourceSpan nameSpan, SourceSpan statement, ParseContext from, IncludeScope scope)
    {
        var location = new FileLocation(SourceText.DirectoryOf(shown), Path.GetFullPath(shown), from.Location);
        if (from.Location.IsWithin(location.FullPath!))
        {
            diagnostics.Error(nameSpan, $"`{shown}` includes itself", Cycle(from.Location, location.FullPath!));
            return null;
        }

        if (location.Depth > options.MaxIncludeDepth)
        {
            diagnostics.Error(
                nameSpan, FormattableString.Invariant($"files include one another more than {options.MaxIncludeDepth} deep"));
            return null;
        }

        var source = Read(shown, shown, statement, nameSpan);
        return source is null ? null : Parse(source, location, scope, from.Depth);
    }

    private static List<string> Find(string shown) => File.Exists(shown) || Directory.Exists(shown)
        ? [shown]
        : [.. Extensions.Select(extension => shown + extension).Where(File.Exists)];

    private void ReportMissing(string name, string shown, SourceSpan span)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(shown));
        string? near = null;
        if (Directory.Exists(directory))
        {
            // A directory can be huge; a hint is not worth reading all of it.
            var neighbours = new DirectoryInfo(directory).EnumerateFiles().Take(1000).Select(file => file.Name);
            near = TryOrNull(() => Suggestion.For(Path.GetFileName(shown), neighbours));
        }

        diagnostics.Error(
            span,
            $"cannot include `{DiagnosticBag.Shorten(name, 200)}`: there is no file `{DiagnosticBag.Shorten(shown, 200)}`",
            near is null ? null : $"did you mean `{near}`?");
    }

    private static string? Cycle(FileLocation from, string fullPath)
    {
        var names = new List<string> { Path.GetFileName(fullPath) };
        for (var file = from; file is not null; file = file.IncludedBy)
        {
            names.Insert(0, Path.GetFileName(file.FullPath) ?? "");
            if (file.FullPath == fullPath)
            {
                return names.Count > 2 ? string.Join(" -> ", names) : null;
            }
        }

        return null;
    }

    private SourceText? Read(string path, string shown, SourceSpan? includedFrom, SourceSpan? reportAt)
    {
        var name = $"`{DiagnosticBag.Shorten(shown, 200)}`";
        try
        {
            if (Directory.Exists(path))
            {
                diagnostics.Error(reportAt, $"cannot read {name}: it is a directory");
                return null;
            }

            // What was given may come from a program that takes its time; what is included is a file.
            var (limit, late) = includedFrom is null ? (Timeout.InfiniteTimeSpan, () => options.Waits?.Invoke(shown)) : (options.IncludeTimeout, default(Action));
            if (!TryReadAll(path, _bytesLeft, limit, late, out var bytes))
            {
                diagnostics.Error(
                    reportAt, FormattableString.Invariant($"cannot read {name}: it was not read within {options.IncludeTimeout.TotalSeconds:0.#} s"), "include a file, not a pipe that nobody writes to");
                return null;
            }

            if (bytes is null)
            {
                diagnostics.Error(
                    reportAt,
                    FormattableString.Invariant($"cannot read {name}: all files together have more than {options.MaxTextSize} bytes"),
                    "what a node routes does not belong into its configuration");
                return null;
            }

            _bytesLeft -= bytes.Length;
            return Decode(shown, bytes, includedFrom);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            diagnostics.Error(reportAt, $"cannot read {name}: there is no such file");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException or SecurityException)
        {
            diagnostics.Error(reportAt, $"cannot read {name}: {problem.Message}");
        }

        return null;
    }

    /// <returns>Null where there are more bytes than that.</returns>
    private static byte[]? ReadAll(string path, long most)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return BoundedRead.All(file, most);
    }

    /// <summary>Reads a file that may be a pipe to which nobody writes.</summary>
    /// <returns>Whether that was done in time.</returns>
    private bool TryReadAll(string path, long most, TimeSpan limit, Action? late, out byte[]? bytes)
    {
        var (read, failure) = (default(byte[]), default(ExceptionDispatchInfo));
        var inTime = Bounded.Run(
            () =>
            {
                try
                {
                    read = ReadAll(path, most);
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            limit,
            options.Patience,
            late);
        if (inTime) failure?.Throw();
        bytes = inTime ? read : null;
        return inTime;
    }

    private SourceText? Decode(string shown, ReadOnlySpan<byte> bytes, SourceSpan? includedFrom)
    {
        bytes = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        var chars = new char[bytes.Length];
        if (Utf8.ToUtf16(bytes, chars, out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done)
        {
            var read = new SourceText(shown, new string(chars, 0, written), includedFrom);
            return IsText(read) ? read : null;
        }

        // What could be read is kept, and the rest shown as it is usual, so that the place can be seen.
        var text = new SourceText(shown, System.Text.Encoding.UTF8.GetString(bytes), includedFrom);
        var (line, column) = text.Lines.Locate(written);
        var utf16 = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        diagnostics.Error(
            new SourceSpan(text, line, column, 1),
            "this is not valid UTF-8",
            utf16 ? "the file looks like UTF-16; save it as UTF-8" : "save the file as UTF-8");
        return null;
    }

    /// <summary>Whether it can have been meant as a text; carriage returns alone end no line, so that a comment would be the whole rest.</summary>
    private bool IsText(SourceText source)
    {
        var nul = source.Text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
        {
            var (line, column) = source.Lines.Locate(nul);
            diagnostics.Error(new SourceSpan(source, line, column, 1), "this is a NUL character, and no text", "is it a text file, saved as UTF-8?");
            return false;
        }

        var start = source.Text.IndexOf('\r', StringComparison.Ordinal);
        if (start >= 0 && start < source.Text.Length - 1 && source.Lines.Count == 1)
        {
            diagnostics.Warning(new SourceSpan(source, 1, start + 1, 1), "this carriage return ends no line", "save the file with line feeds, or with both");
        }

        return true;
    }

    private static string? TryOrNull(Func<string?> find)
    {
        try
        {
            return find();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or SecurityException)
        {
            return null;
        }
    }
}
