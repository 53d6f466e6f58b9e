using Microsoft.CodeAnalysis.CSharp;

namespace MessageRouter.CSharp;

/// <summary>
/// What C# of a configuration may be at most. The compiler goes down as deep as brackets and operators do: some ten thousand of them end the process, and before that they take it many
/// seconds. What is larger is for a class of its own, in a plug-in.
/// </summary>
internal static class ScriptSize
{
    /// <summary>Characters.</summary>
    public const int Longest = 64 << 10;

    /// <summary>Brackets of any kind that are open at once. Those of texts count too.</summary>
    public const int Deepest = 200;

    /// <summary>Words and signs between two semicolons or braces.</summary>
    public const int MostTokens = 4000;

    private const string Hint = "write it as a class of a plug-in";

    /// <summary>Why a script is too large; null where it is not.</summary>
    public static ScriptError? Problem(string text, CSharpParseOptions parsing)
    {
        if (text.Length > Longest) return new ScriptError(Longest, text.Length - Longest, FormattableString.Invariant($"this is more than {Longest >> 10} KiB of C#"), Hint);
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            depth = text[at] switch
            {
                '(' or '[' or '{' => depth + 1,
                ')' or ']' or '}' => Math.Max(0, depth - 1),
                _ => depth,
            };
            if (depth > Deepest) return new ScriptError(at, 1, FormattableString.Invariant($"more than {Deepest} brackets are open here"), Hint);
        }
        var tokens = 0;
        foreach (var token in SyntaxFactory.ParseTokens(text, options: parsing))
        {
            tokens = token.Kind() is SyntaxKind.SemicolonToken or SyntaxKind.OpenBraceToken or SyntaxKind.CloseBraceToken ? 0 : tokens + 1;
            if (tokens > MostTokens) return new ScriptError(token.SpanStart, token.Span.Length, FormattableString.Invariant($"this has more than {MostTokens} words and signs in a row, without a semicolon or brace"), Hint);
        }
        return null;
    }
}
