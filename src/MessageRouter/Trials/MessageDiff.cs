using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using MessageRouter.Json;

namespace MessageRouter.Trials;

/// <summary>What is different between a message before a component and after it.</summary>
internal static class MessageDiff
{
    /// <summary>Bytes of a payload that are shown.</summary>
    private const int MostBytes = 16 << 10;

    private const int MostChanges = 200;
    private const int LongestValue = 2000;

    public static ShownPayload Show(Message message)
    {
        var payload = message.Payload.Span;
        var shown = payload[..Math.Min(payload.Length, MostBytes)];

        // A cut goes through no character.
        while (shown.Length < payload.Length && shown.Length > MostBytes - 3 && !Utf8.IsValid(shown)) shown = shown[..^1];
        var isText = Utf8.IsValid(shown);
        return new ShownPayload(
            isText ? Encoding.UTF8.GetString(shown) : null, isText ? null : Convert.ToBase64String(shown), payload.Length,
            shown.Length < payload.Length ? true : null, message.LeadingFrames.Count > 0 ? message.LeadingFrames.Count : null);
    }

    /// <returns>Nothing where the payloads are the same but for the white space of JSON.</returns>
    public static IReadOnlyList<FieldChange> Between(Message before, Message after)
    {
        if (ReferenceEquals(before, after) || before.Payload.Span.SequenceEqual(after.Payload.Span)) return [];
        if (before.Format != MessageFormat.Json || after.Format != MessageFormat.Json) return [new FieldChange("", Text(before), Text(after))];
        using var old = JsonDocument.Parse(before.Payload);
        using var changed = JsonDocument.Parse(after.Payload);
        var changes = new List<FieldChange>();
        Compare("", old.RootElement, changed.RootElement, changes);
        return changes;
    }

    private static void Compare(string path, JsonElement? before, JsonElement? after, List<FieldChange> changes)
    {
        if (changes.Count >= MostChanges) return;
        switch (before?.ValueKind, after?.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                var (fields, others) = (Fields(before!.Value), Fields(after!.Value));
                foreach (var name in fields.Keys.Union(others.Keys)) Compare(Join(path, name), Find(fields, name), Find(others, name), changes);
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                var (items, otherItems) = (before!.Value.GetArrayLength(), after!.Value.GetArrayLength());
                for (var i = 0; i < Math.Max(items, otherItems); i++)
                    Compare(Join(path, i.ToString(CultureInfo.InvariantCulture)), i < items ? before.Value[i] : null, i < otherItems ? after.Value[i] : null, changes);
                break;
            default:
                if (before is { } value && after is { } other && JsonElement.DeepEquals(value, other)) break;
                changes.Add(new FieldChange(path, Raw(before), Raw(after)));
                break;
        }
    }

    /// <summary>Of a key that stands twice the last one counts.</summary>
    private static Dictionary<string, JsonElement> Fields(JsonElement body)
    {
        var fields = new Dictionary<string, JsonElement>();
        foreach (var field in body.EnumerateObject()) fields[field.Name] = field.Value;
        return fields;
    }

    private static JsonElement? Find(Dictionary<string, JsonElement> fields, string name) => fields.TryGetValue(name, out var value) ? value : null;

    private static string? Raw(JsonElement? value) => value is { } one ? Cut(one.GetRawText()) : null;

    private static string Join(string path, string name)
    {
        var quoted = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '@') ? name : Encoding.UTF8.GetString(JsonText.Quote(name));
        return path.Length == 0 ? quoted : $"{path}.{quoted}";
    }

    private static string Text(Message message) => Show(message) is { Text: { } text } ? Cut(text) : $"base64 {Cut(Show(message).Base64!)}";

    private static string Cut(string text) => text.Length > LongestValue ? text[..LongestValue] + "…" : text;
}
