using System.Globalization;
using System.Text;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Zmtp;

namespace MessageRouter.Configuration;

/// <summary>Writes findings for people: what, where, the line itself, and the chain of includes that led there.</summary>
public static class DiagnosticPrinter
{
    /// <summary>How many findings are shown; the others are counted.</summary>
    internal const int MostShown = 50;

    /// <summary>What comes of errors where a node runs already.</summary>
    internal const string NothingChanged = "the node is as it was";

    private const int LongestIncludeChain = 64;

    /// <summary>
    /// The first 50 findings, errors first, each kind in the order of files and lines, and a closing line that counts all of them.
    /// The files keep the order in which they first appear. Without findings the text is empty.
    /// </summary>
    public static string Print(IEnumerable<Diagnostic> diagnostics) => Print(diagnostics, "nothing was started");

    /// <summary>The same, with what comes of errors.</summary>
    internal static string Print(IEnumerable<Diagnostic> diagnostics, string outcome)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        var all = diagnostics.ToList();
        if (all.Count == 0)
        {
            return "";
        }

        var files = new Dictionary<SourceText, int>();
        foreach (var span in all.Select(diagnostic => diagnostic.Span).OfType<SourceSpan>())
        {
            files.TryAdd(span.Source, files.Count);
        }

        var text = new StringBuilder();
        var inOrder = all
            .OrderBy(diagnostic => diagnostic.Severity)
            .ThenBy(diagnostic => diagnostic.Span is { } span ? files[span.Source] : -1)
            .ThenBy(diagnostic => diagnostic.Span?.Line)
            .ThenBy(diagnostic => diagnostic.Span?.Column)
            .ToList();
        foreach (var diagnostic in inOrder.Take(MostShown))
        {
            Write(text, diagnostic);
            text.Append('\n');
        }

        if (all.Count > MostShown)
        {
            text.Append(Count(inOrder[MostShown..])).Append(" more, not shown.\n\n");
        }

        var end = all.Exists(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) ? $"; {outcome}." : ".";
        return KnownSecrets.Hide(text.Append(Count(all)).Append(end).Append('\n').ToString());
    }

    private static void Write(StringBuilder text, Diagnostic diagnostic)
    {
        text.Append(diagnostic.Severity == DiagnosticSeverity.Error ? "error: " : "warning: ")
            .Append(SafeText.Of(diagnostic.Message)).Append('\n');
        if (diagnostic.Span is not { } span)
        {
            if (diagnostic.Hint is { } advice)
            {
                text.Append("  = ").Append(SafeText.Of(advice)).Append('\n');
            }

            return;
        }

        WritePlace(text, span, diagnostic.Hint);
    }

    /// <summary>Writes a place: the line itself, with carets, and the chain of includes that led there.</summary>
    internal static void WritePlace(StringBuilder text, SourceSpan span, string? hint = null)
    {
        var number = span.Line.ToString(CultureInfo.InvariantCulture);
        var gutter = new string(' ', number.Length);
        var excerpt = SourceExcerpt.Of(span);
        var behind = hint is null ? "" : " " + SafeText.Of(hint);
        text.Append(gutter).Append("--> ").Append(SafeText.Of(span.ToString())).Append('\n')
            .Append(gutter).Append(" |\n")
            .Append((number + " | " + excerpt.Line).TrimEnd()).Append('\n')
            .Append(gutter).Append(" | ").Append(excerpt.Carets).Append(behind).Append('\n');

        var from = span.Source.IncludedFrom;
        for (var links = 0; from is not null && links < LongestIncludeChain; links++)
        {
            text.Append(gutter).Append(" = included from ").Append(SafeText.Of(from.Source.Name))
                .Append(CultureInfo.InvariantCulture, $":{from.Line}\n");
            from = from.Source.IncludedFrom;
        }
    }

    private static string Count(List<Diagnostic> all)
    {
        var errors = all.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        var warnings = all.Count - errors;
        var parts = new List<string>();
        if (errors > 0)
        {
            parts.Add(errors == 1 ? "1 error" : FormattableString.Invariant($"{errors} errors"));
        }

        if (warnings > 0)
        {
            parts.Add(warnings == 1 ? "1 warning" : FormattableString.Invariant($"{warnings} warnings"));
        }

        return string.Join(", ", parts);
    }
}
