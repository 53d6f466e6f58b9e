using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MessageRouter.Json;

/// <summary>
/// Where a field is in a JSON document: names joined by dots, as in HOCON. <c>tags.0</c> is the first element when
/// <c>tags</c> is an array. A name with dots, quotes or white space stands in quotes: <c>"a.b".c</c>, with
/// <c>\"</c> and <c>\\</c> inside.
/// </summary>
internal sealed class FieldPath
{
    private const string Reserved = "[]{}\\";

    private readonly string _text;
    private readonly PathSegment[] _segments;
    private readonly int[] _ends;

    private FieldPath(string text, List<string> names, List<int> ends)
    {
        _text = text;
        _segments = [.. names.Select(name => new PathSegment(name))];
        _ends = [.. ends];
        Segments = names.AsReadOnly();
    }

    public IReadOnlyList<string> Segments { get; }

    /// <summary>The number of names.</summary>
    public int Count => _segments.Length;

    public PathSegment this[int level] => _segments[level];

    public PathSegment Last => _segments[^1];

    /// <exception cref="FormatException">The text is not a field path.</exception>
    public static FieldPath Parse(string text) =>
        TryParse(text, out var path, out var problem)
            ? path
            : throw new FormatException($"'{text}' is not a field path: {problem}.");

    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out FieldPath? path,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        path = null;
        var names = new List<string>();
        var ends = new List<int>();
        var at = 0;
        while (true)
        {
            if (!TryReadName(text, ref at, out var name, out problem))
            {
                return false;
            }

            names.Add(name);
            ends.Add(at);
            if (at == text.Length)
            {
                break;
            }

            // TryReadName stops at the end or at a dot only.
            at++;
        }

        problem = names.Count > JsonCheck.MaxDepth ? $"it has more than {JsonCheck.MaxDepth} names"
            : HasLoneSurrogate(text) ? "it is not valid Unicode"
            : null;
        if (problem is not null)
        {
            return false;
        }

        path = new FieldPath(text, names, ends);
        return true;
    }

    /// <summary>The path of the first <paramref name="count"/> names, as it was written.</summary>
    public string Prefix(int count) => count == 0 ? "" : _text[.._ends[count - 1]];

    /// <summary>Whether both paths name a child of the same parent.</summary>
    public bool IsSiblingOf(FieldPath other)
    {
        var same = 0;
        while (same < Math.Min(_segments.Length, other._segments.Length) - 1 && Segments[same] == other.Segments[same])
        {
            same++;
        }

        return same == _segments.Length - 1 && same == other._segments.Length - 1;
    }

    public override string ToString() => _text;

    private static bool TryReadName(
        string text, ref int at, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out string? problem) =>
        at < text.Length && text[at] == '"'
            ? TryReadQuoted(text, ref at, out name, out problem)
            : TryReadPlain(text, ref at, out name, out problem);

    private static bool TryReadPlain(
        string text, ref int at, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out string? problem)
    {
        name = null;
        var start = at;
        for (; at < text.Length && text[at] != '.'; at++)
        {
            if (text[at] == '"' || IsReserved(text[at]))
            {
                problem = $"'{text[at]}' at position {at + 1} can only stand in a quoted name";
                return false;
            }
        }

        if (at == start)
        {
            problem = $"the name at position {at + 1} is empty";
            return false;
        }

        name = text[start..at];
        problem = null;
        return true;
    }

    private static bool TryReadQuoted(
        string text, ref int at, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out string? problem)
    {
        name = null;
        var start = at;
        var content = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && (++at == text.Length || text[at] is not ('"' or '\\')))
            {
                problem = $"only \\\" and \\\\ can follow the backslash at position {at}";
                return false;
            }

            content.Append(text[at]);
        }

        if (at == text.Length)
        {
            problem = $"the quote at position {start + 1} is not closed";
            return false;
        }

        at++;
        if (at < text.Length && text[at] != '.')
        {
            problem = $"a dot must follow the quoted name, at position {at + 1}";
            return false;
        }

        name = content.ToString();
        problem = null;
        return true;
    }

    // Brackets are refused because `tags[0]`, right in other path languages, would silently name a key here.
    private static bool IsReserved(char c) => char.IsWhiteSpace(c) || char.IsControl(c) || Reserved.Contains(c);

    private static bool HasLoneSurrogate(string text) =>
        !Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Equals(text, StringComparison.Ordinal);
}
