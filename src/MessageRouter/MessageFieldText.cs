using Newtonsoft.Json.Linq;

namespace MessageRouter;

/// <summary>
/// What can be asked of a field that is text, letter by letter: <c>message["text"].Contains("disk full")</c>.
/// The answer is no where the field is missing or no string.
/// </summary>
public static class MessageFieldText
{
    /// <summary>Whether the text has this part.</summary>
    public static bool Contains(this MessageField? field, string part) => Text(field).Contains(part, StringComparison.Ordinal);

    /// <summary>Whether the text begins so.</summary>
    public static bool StartsWith(this MessageField? field, string start) => Text(field).StartsWith(start, StringComparison.Ordinal);

    /// <summary>Whether the text ends so.</summary>
    public static bool EndsWith(this MessageField? field, string end) => Text(field).EndsWith(end, StringComparison.Ordinal);

    /// <summary>The value as a tree, null where the field is missing; each call returns one of its own.</summary>
    public static JToken? ToJson(this MessageField? field) => field?.ToJson();

    private static string Text(MessageField? field) => field is { IsString: true } text ? text.ToString() : "";
}
