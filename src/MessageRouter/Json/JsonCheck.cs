using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace MessageRouter.Json;

/// <summary>Tells whether bytes are one JSON value, strictly by RFC 8259.</summary>
internal static class JsonCheck
{
    public const int MaxDepth = 64;

    /// <summary>The bytes that JSON allows around values.</summary>
    public static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    public static bool IsDocument(ReadOnlySpan<byte> json, [NotNullWhen(false)] out string? problem)
    {
        // Only for what this does not accept is it worth the time to find out more.
        if (JsonScan.Accepts(json))
        {
            problem = null;
            return true;
        }

        // Plain text among JSON messages is the most common fault; finding it here costs no exception.
        var start = json.IndexOfAnyExcept(WhiteSpace);
        if (start < 0)
        {
            problem = $"no value, the document ends at byte {json.Length}";
            return false;
        }

        if (!CanStartValue(json[start]))
        {
            problem = Unexpected(json, start);
            return false;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            problem = Describe(json, PositionOf(json, e), reader.CurrentDepth);
            return false;
        }

        // The reader looks at the structure only and lets any byte above 0x7F pass in strings.
        problem = Utf8.IsValid(json) ? null : $"invalid UTF-8 at byte {FirstInvalid(json)}";
        return problem is null;
    }

    private static bool CanStartValue(byte first) =>
        first is (byte)'{' or (byte)'[' or (byte)'"' or (byte)'-' or (byte)'t' or (byte)'f' or (byte)'n'
            or (>= (byte)'0' and <= (byte)'9');

    private static string Describe(ReadOnlySpan<byte> json, int at, int depth) =>
        at >= json.Length ? $"the document ends too early, at byte {json.Length}"
        : depth >= MaxDepth - 1 && json[at] is (byte)'{' or (byte)'[' ? $"more than {MaxDepth} levels deep at byte {at}"
        : Unexpected(json, at);

    private static string Unexpected(ReadOnlySpan<byte> json, int at) =>
        json[at] is > (byte)' ' and < 0x7F
            ? $"unexpected '{(char)json[at]}' at byte {at}"
            : $"unexpected 0x{json[at]:X2} at byte {at}";

    private static int PositionOf(ReadOnlySpan<byte> json, JsonException e)
    {
        var at = 0;
        for (var line = e.LineNumber ?? 0; line > 0; line--)
        {
            at += json[at..].IndexOf((byte)'\n') + 1;
        }

        return (int)Math.Min(at + (e.BytePositionInLine ?? 0), json.Length);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> json)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(json[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
