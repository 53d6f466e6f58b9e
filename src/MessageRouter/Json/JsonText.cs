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

    /// <summary>The text as a JSON string: only what must be escaped is, and half a surrogate pair becomes U+FFFD.</summary>
    public static byte[] Quote(string text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(text.Length * LongestEscape + 2);
        var length = 0;
        buffer[length++] = (byte)'"';
        var rest = text.AsSpan();
        for (int run; (run = rest.IndexOfAny(Escaped)) >= 0; rest = rest[(run + 1)..])
        {
            length += Encoding.UTF8.GetBytes(rest[..run], buffer.AsSpan(length));
            length += Escape(rest[run], buffer.AsSpan(length));
        }

        length += Encoding.UTF8.GetBytes(rest, buffer.AsSpan(length));
        buffer[length++] = (byte)'"';
        var quoted = buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return quoted;
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
