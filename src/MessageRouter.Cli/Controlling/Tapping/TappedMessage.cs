using System.Globalization;
using System.Text;
using System.Text.Json;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling.Tapping;

/// <summary>A message that a tap was given.</summary>
internal readonly struct TappedMessage(JsonElement json)
{
    /// <summary>Bytes of one that is no text that a line shows.</summary>
    private const int ShownBytes = 32;

    /// <summary>Characters that the sides take, the longest that is usual.</summary>
    private const int LongestSide = 3;

    /// <summary>Its bytes, as many as were given.</summary>
    public byte[] Payload => Text(json, "payload") is { } text ? Encoding.UTF8.GetBytes(text) : Text(json, "payload_base64") is { } bytes ? Convert.FromBase64String(bytes) : [];

    /// <summary>Whether it has more than that.</summary>
    public bool IsCut => json.TryGetProperty("cut", out var cut) && cut.ValueKind == JsonValueKind.True;

    /// <summary>On one line: when, where, what became of it, and the payload.</summary>
    public string Print(int longestName)
    {
        var line = new StringBuilder();
        if (json.TryGetProperty("time", out var time) && time.TryGetDateTimeOffset(out var at)) line.Append(at.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)).Append("  ");
        line.Append(SafeText.Of(Text(json, "component") ?? "").PadRight(longestName)).Append("  ").Append((Text(json, "side") ?? "").PadRight(LongestSide));
        if (Text(json, "why") is { } why) line.Append(": ").Append(SafeText.Of(why));
        if (Text(json, "peer") is { } peer) line.Append("  ").Append(SafeText.Of(peer));
        line.Append("  ").Append(Text(json, "payload") is { } text ? SafeText.Of(text) : Bytes());
        if (json.TryGetProperty("length", out var length) && IsCut) line.Append(CultureInfo.InvariantCulture, $"… ({length} bytes)");
        if (json.TryGetProperty("frames_base64", out var frames) && frames.ValueKind == JsonValueKind.Array && frames.GetArrayLength() is > 0 and var count) line.Append(CultureInfo.InvariantCulture, $"  +{count} frame{(count == 1 ? "" : "s")}");
        return line.ToString();
    }

    /// <summary>What an object has under a name; null where that is nothing, or no text.</summary>
    public static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private string Bytes()
    {
        var bytes = Payload;
        return string.Create(CultureInfo.InvariantCulture, $"<{bytes.Length} bytes {Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, ShownBytes)))}{(bytes.Length > ShownBytes ? "…" : "")}>");
    }
}
