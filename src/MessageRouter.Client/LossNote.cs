using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MessageRouter.Client;

/// <summary>Writes into a JSON object, as its first field, how many messages were lost before it.</summary>
internal static class LossNote
{
    /// <summary>The field.</summary>
    public const string Name = "dropped";

    /// <summary>Whether it may be possible: the payload begins as an object does.</summary>
    public static bool MayFit(ReadOnlySpan<byte> payload) => payload.Length >= 2 && payload[0] == '{';

    /// <summary>Whether it can: the payload is an object, and has no field of this name.</summary>
    public static bool Fits(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                if (reader.ValueTextEquals(Name)) return false;
                reader.Skip();
            }
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It is no JSON, or has half a character in it.
            return false;
        }
    }

    /// <summary>Where such a message is in a batch, and how many losses it tells; none by default.</summary>
    public readonly record struct Place(int At, long Told);

    public static byte[] Add(ReadOnlySpan<byte> payload, long count)
    {
        var rest = payload[1..];
        var isEmpty = rest.TrimStart(" \t\r\n"u8) is [(byte)'}', ..];
        var note = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"{Name}\":{count}{(isEmpty ? "" : ",")}"));
        return [.. note, .. rest];
    }
}
