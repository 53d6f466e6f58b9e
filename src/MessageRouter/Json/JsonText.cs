using System.Buffers;
using System.Globalization;
using System.Text;

namespace MessageRouter.Json;

/// <summary>Writes JSON text.</summary>
internal static class JsonText
{
    private const int LongestEscape = 6;

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    /// <summary>How many bytes a text of so many characters takes at most.</summary>
    public static int MostBytes(int length) => checked(length * LongestEscape + 2);

    /// <summary>The text as a JSON string: only what must be escaped is, and half a surrogate pair becomes U+FFFD.</summary>
    public static byte[] Quote(string text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostBytes(text.Length));
        var quoted = buffer.AsSpan(0, Quote(text, buffer)).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return quoted;
    }

    /// <summary>Writes the text as a JSON string to a buffer of <see cref="MostBytes"/> and tells how many it took.</summary>
    public static int Quote(ReadOnlySpan<char> text, Span<byte> buffer)
    {
        var length = 0;
        buffer[length++] = (byte)'"';
        for (int run; (run = text.IndexOfAny(Escaped)) >= 0; text = text[(run + 1)..])
        {
            length += Encoding.UTF8.GetBytes(text[..run], buffer[length..]);
            length += Escape(text[run], buffer[length..]);
        }

        length += Encoding.UTF8.GetBytes(text, buffer[length..]);
        buffer[length++] = (byte)'"';
        return length;
    }

    /// <summary>Whether a checked document is on one line.</summary>
    public static bool IsSingleLine(ReadOnlySpan<byte> json) => !json.ContainsAny((byte)'\r', (byte)'\n');

    /// <summary>
    /// A checked document on one line. Line breaks in it can only be white space, so they become spaces; without any,
    /// the same memory comes back.
    /// </summary>
    public static ReadOnlyMemory<byte> SingleLine(ReadOnlyMemory<byte> json)
    {
        if (IsSingleLine(json.Span)) return json;

        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        return line;
    }

    private static int Escape(char c, Span<byte> target)
    {
        target[0] = (byte)'\\';
        var letter = c switch
        {
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            '"' or '\\' => (byte)c,
            _ => default,
        };
        if (letter != default)
        {
            target[1] = letter;
            return 2;
        }

        "u00"u8.CopyTo(target[1..]);
        ((int)c).TryFormat(target[4..], out _, "x2", CultureInfo.InvariantCulture);
        return LongestEscape;
    }
}
