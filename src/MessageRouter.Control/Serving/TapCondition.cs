using System.Text.RegularExpressions;
using MessageRouter.Configuration;
using MessageRouter.Plugins;

namespace MessageRouter.Control.Serving;

/// <summary>Which messages of a tap are shown: a field's value, <c>level=error</c>, or C# over <c>message</c> as a filter has it.</summary>
internal sealed partial class TapCondition
{
    private const int Longest = 4096;

    private TapCondition(Func<Message, bool> isMet) => IsMet = isMet;

    /// <summary>Whether a message meets it; may throw whatever it likes.</summary>
    public Func<Message, bool> IsMet { get; }

    /// <summary>Whether a text is C#, which may do anything that the node may.</summary>
    public static bool IsCode(string text) => !FieldPattern().IsMatch(text);

    /// <param name="text">The condition.</param>
    /// <param name="problem">What is wrong with it, ready to print.</param>
    /// <returns>Null where there is a problem.</returns>
    public static TapCondition? Read(string text, out string? problem)
    {
        problem = null;
        if (text.Length > Longest)
        {
            problem = $"A condition has at most {Longest} characters.";
            return null;
        }
        if (FieldPattern().Match(text) is { Success: true } field)
        {
            var (name, value) = (field.Groups["name"].Value, field.Groups["value"].Value);
            return new TapCondition(message => message[name] is { } found && found.ToString() == value);
        }
        if (ExtensionPackage.CSharp.Plugin is not IBringsConditions compiler)
        {
            problem = $"A condition that is no `field=value` {ExtensionPackage.CSharp.Absence}; {ExtensionPackage.CSharp.Cure}.";
            return null;
        }
        if (compiler.Compile(text, out var problems) is { } condition) return new TapCondition(condition);
        var source = new SourceText("where", text);
        problem = Report(problems.Select(one => new Diagnostic(DiagnosticSeverity.Error, one.Problem, Span(source, one.Start, one.Length), one.Hint)));
        return null;
    }

    private static SourceSpan Span(SourceText source, int start, int length)
    {
        var (line, column) = source.Lines.Locate(start);
        return new SourceSpan(source, line, column, length);
    }

    /// <summary>The findings without the closing line, which is about nodes that start.</summary>
    private static string Report(IEnumerable<Diagnostic> findings)
    {
        var text = DiagnosticPrinter.Print(findings).TrimEnd();
        return text[..text.LastIndexOf('\n')].TrimEnd();
    }

    [GeneratedRegex(@"^(?<name>[\w@][\w@.\-]*)=(?<value>(?!=)[^""()]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex FieldPattern();
}
