using System.Buffers;
using System.Globalization;
using System.Text;

namespace MessageRouter.Json;

/// <summary>One name of a <see cref="FieldPath"/>, in the forms that reading and editing need.</summary>
internal sealed class PathSegment
{
    private const int NotAnIndex = -1;

    /// <summary>What can follow a string.</summary>
    private const string BehindStrings = ",:}] ";

    private static readonly SearchValues<char> Escapable = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\', '/']);

    public PathSegment(string text)
    {
        Text = text;
        Utf8 = Encoding.UTF8.GetBytes(text);
        Quoted = JsonText.Quote(text);
        Index = IndexOf(text);
        IsEvident = !text.AsSpan().ContainsAny(Escapable) && (text.Length == 0 || !BehindStrings.Contains(text[0]));
    }

    public string Text { get; }

    public byte[] Utf8 { get; }

    /// <summary>The name as a JSON string.</summary>
    public byte[] Quoted { get; }

    /// <summary>The place in an array; negative when the name is not one.</summary>
    public int Index { get; }

    /// <summary>
    /// Whether a document can have the name only as <see cref="Quoted"/> or with a <c>\u</c> in it, and whether each Quoted before which no
    /// backslash stands is a whole string: what can follow a string does not begin it, so that its first quote closes none.
    /// </summary>
    public bool IsEvident { get; }

    // Nine digits always fit an int; no array in a span has more elements than that.
    private static int IndexOf(string text) =>
        text.Length is > 0 and <= 9
        && (text[0] != '0' || text.Length == 1)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : NotAnIndex;
}
