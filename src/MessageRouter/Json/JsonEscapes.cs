using System.Buffers;
using System.Globalization;
using System.Text;

namespace MessageRouter.Json;

/// <summary>
/// The text behind the content of a JSON string. An escaped half of a surrogate pair reads as U+FFFD, as Newtonsoft
/// does, because Utf8JsonReader throws on it although the grammar allows it.
/// </summary>
internal static class JsonEscapes
{
    public static bool TextEquals(ReadOnlySpan<byte> content, ReadOnlySpan<byte> utf8Text)
    {
        // What is escaped takes more bytes than the text itself.
        if (content.Length <= utf8Text.Length) return content.SequenceEqual(utf8Text) && !content.Contains((byte)'\\');
        return content.Contains((byte)'\\') && UnescapedEquals(content, utf8Text);
    }

    private static bool UnescapedEquals(ReadOnlySpan<byte> content, ReadOnlySpan<byte> utf8Text)
    {
        Span<byte> encoded = stackalloc byte[4];
        while (true)
        {
            var run = content.IndexOf((byte)'\\');
            if (run < 0)
            {
                return content.SequenceEqual(utf8Text);
            }

            if (!utf8Text.StartsWith(content[..run]))
            {
                return false;
            }

            content = content[run..];
            utf8Text = utf8Text[run..];
            var character = encoded[..Take(ref content).EncodeToUtf8(encoded)];
            if (!utf8Text.StartsWith(character))
            {
                return false;
            }

            utf8Text = utf8Text[character.Length..];
        }
    }

    public static string GetText(ReadOnlySpan<byte> content)
    {
        if (!content.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(content);
        }

        // No character takes more UTF-16 units than bytes, escaped or not.
        var buffer = ArrayPool<char>.Shared.Rent(content.Length);
        var length = 0;
        for (int run; (run = content.IndexOf((byte)'\\')) >= 0;)
        {
            length += Encoding.UTF8.GetChars(content[..run], buffer.AsSpan(length));
            content = content[run..];
            length += Take(ref content).EncodeToUtf16(buffer.AsSpan(length));
        }

        length += Encoding.UTF8.GetChars(content, buffer.AsSpan(length));
        var text = new string(buffer, 0, length);
        ArrayPool<char>.Shared.Return(buffer);
        return text;
    }

    private static Rune Take(ref ReadOnlySpan<byte> content)
    {
        if (content.Length < 2) throw JsonCursor.Broken();
        if (content[1] == (byte)'u')
        {
            return TakeUnicode(ref content);
        }

        var character = content[1] switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            var itself => (char)itself,
        };
        content = content[2..];
        return Rune.TryCreate(character, out var rune) ? rune : Rune.ReplacementChar;
    }

    private static Rune TakeUnicode(ref ReadOnlySpan<byte> content)
    {
        var first = Unit(content);
        content = content[6..];
        if (!char.IsSurrogate(first))
        {
            return new Rune(first);
        }

        if (content.StartsWith("\\u"u8) && Rune.TryCreate(first, Unit(content), out var pair))
        {
            content = content[6..];
            return pair;
        }

        return Rune.ReplacementChar;
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        escape.Length >= 6 && ushort.TryParse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : throw JsonCursor.Broken();
}
