using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MessageRouter.Configuration.Secrets;

/// <summary>Every secret that this process has read, so that none of them gets into what it says: whatever a component throws or logs.</summary>
internal static class KnownSecrets
{
    /// <summary>What is shorter stands in half of all lines.</summary>
    private const int Shortest = 4;

    /// <summary>A line of a longer secret that says enough of it.</summary>
    private const int ShortestLine = 12;

    private const string Mask = "***";

    private static readonly Lock Adding = new();

    /// <summary>The longest first. Replaced, never changed: it is read without a lock.</summary>
    private static volatile string[] _texts = [];

    public static void Add(string secret)
    {
        if (secret.Length < Shortest) return;
        lock (Adding)
        {
            if (_texts.Contains(secret)) return;
            _texts = [.. _texts.Concat(Shapes(secret)).Distinct().OrderByDescending(text => text.Length)];
        }
    }

    /// <summary>A text without any of them.</summary>
    public static string Hide(string text)
    {
        foreach (var secret in _texts) text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return text;
    }

    /// <summary>
    /// JSON without any of them in what it says; it is the same JSON in all else: a name of a property stays though a secret may be spelled like a part of it, and what is a number is one still,
    /// unless it is the secret itself.
    /// </summary>
    /// <param name="json">One value; of what is none the text is hidden in.</param>
    public static string HideInJson(string json)
    {
        var hidden = Hide(json);
        if (ReferenceEquals(hidden, json)) return json;
        try
        {
            using var copied = new MemoryStream();
            using (var writer = new Utf8JsonWriter(copied, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) Copy(Encoding.UTF8.GetBytes(json), writer);
            return Encoding.UTF8.GetString(copied.GetBuffer(), 0, (int)copied.Length) + json[json.AsSpan().TrimEnd().Length..];
        }
        catch (JsonException)
        {
            return hidden;
        }
    }

    private static void Copy(byte[] json, Utf8JsonWriter writer)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject: writer.WriteStartObject(); break;
                case JsonTokenType.EndObject: writer.WriteEndObject(); break;
                case JsonTokenType.StartArray: writer.WriteStartArray(); break;
                case JsonTokenType.EndArray: writer.WriteEndArray(); break;
                case JsonTokenType.PropertyName: writer.WritePropertyName(reader.GetString()!); break;
                case JsonTokenType.String: writer.WriteStringValue(Hide(reader.GetString()!)); break;
                case JsonTokenType.Number when _texts.Contains(Encoding.UTF8.GetString(reader.ValueSpan)): writer.WriteStringValue(Mask); break;
                default: writer.WriteRawValue(reader.ValueSpan); break;
            }
        }
    }

    /// <summary>As it may stand in a text: as it is, as JSON has it, cut off as messages do, and line by line.</summary>
    private static IEnumerable<string> Shapes(string secret)
    {
        yield return secret;
        yield return JsonEncodedText.Encode(secret).ToString();
        yield return JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        foreach (var length in (int[])[60, 200])
        {
            if (secret.Length > length) yield return secret[..length];
        }
        if (!secret.Contains('\n', StringComparison.Ordinal)) yield break;
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length >= ShortestLine)) yield return line;
    }
}
