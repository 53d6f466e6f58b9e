using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace MessageRouter.CSharp;

/// <summary>The compiler's findings in terms of the script's text, without what is about the class around it.</summary>
internal static partial class ScriptErrors
{
    private const string UnexpectedToken = "CS1073";

    /// <param name="diagnostics">What the compiler says.</param>
    /// <param name="text">The script.</param>
    /// <param name="offset">Where it begins in what was compiled.</param>
    public static IReadOnlyList<ScriptError> Of(IEnumerable<Diagnostic> diagnostics, string text, int offset)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();

        // Beside another error it only says that the reading ended there.
        if (errors.Exists(error => error.Id != UnexpectedToken)) errors.RemoveAll(error => error.Id == UnexpectedToken);
        return [.. errors.Select(error => Describe(error, text, offset)).OrderBy(error => error.Start)];
    }

    private static ScriptError Describe(Diagnostic diagnostic, string text, int offset)
    {
        var (start, end) = (diagnostic.Location.SourceSpan.Start - offset, diagnostic.Location.SourceSpan.End - offset);

        // That one covers what could be read, and means what comes after it.
        if (diagnostic.Id == UnexpectedToken) start = end = text.Length - text.AsSpan(Math.Min(end, text.Length)).TrimStart().Length;

        // What is about the method, as that it does not return, or about what must follow the text, is about its end.
        var last = text.AsSpan().TrimEnd().Length;
        if (start < 0 || start > last) start = end = last;
        end = Math.Clamp(end, start, text.Length);
        var message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
        return new ScriptError(
            start, end - start, $"{Chatter().Replace(message, "").TrimEnd('.')} ({diagnostic.Id})", ScriptHints.For(diagnostic.Id, text[start..end], message));
    }

    [GeneratedRegex(@"^'Script\.\w+\([^)]*\)': | and no accessible extension method .*|\. An explicit conversion exists.*| \(are you missing .*|\. Consider marking .*|^'[^']*' is obsolete: '|(?<= is obsolete: '.*)'$")]
    private static partial Regex Chatter();
}
