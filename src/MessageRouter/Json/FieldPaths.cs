using System.Runtime.CompilerServices;

namespace MessageRouter.Json;

/// <summary>
/// The paths that C# code names by texts, so that a text is read once and not for each message. Most are constants and few, and are
/// found by comparing them with the one that was last seen in their place; the others are known for each string object.
/// </summary>
internal static class FieldPaths
{
    // A power of two.
    private const int Places = 256;

    private static readonly FieldPath?[] Seen = new FieldPath?[Places];
    private static readonly ConditionalWeakTable<string, FieldPath> Known = [];

    /// <exception cref="FormatException">The path is malformed.</exception>
    public static FieldPath Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var place = text.Length == 0 ? 0 : (text.Length * 31 + text[0] * 7 + text[text.Length / 2] * 17 + text[^1]) & (Places - 1);
        var seen = Volatile.Read(ref Seen[place]);
        if (seen is not null && seen.ToString().Equals(text, StringComparison.Ordinal)) return seen;

        var path = Known.GetValue(text, FieldPath.Parse);
        Volatile.Write(ref Seen[place], path);
        return path;
    }
}
