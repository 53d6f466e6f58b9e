using System.Globalization;
using System.Text;

namespace MessageRouter.Client;

/// <summary>Writes into a JSON object, as its first field, how many messages were lost before it.</summary>
internal static class LossNote
{
    /// <summary>Whether it can: the payload begins as an object does.</summary>
    public static bool Fits(ReadOnlySpan<byte> payload) => payload.Length >= 2 && payload[0] == '{';

    public static byte[] Add(ReadOnlySpan<byte> payload, long count)
    {
        var rest = payload[1..];
        var isEmpty = rest.TrimStart(" \t\r\n"u8) is [(byte)'}', ..];
        var note = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"dropped\":{count}{(isEmpty ? "" : ",")}"));
        return [.. note, .. rest];
    }
}
