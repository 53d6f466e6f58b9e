using System.Text;
using MessageRouter.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Json;

/// <summary>The same edits on an object tree, as the model that the byte edits are compared with.</summary>
internal static class JsonTree
{
    public static JToken Parse(ReadOnlySpan<byte> json) => Parse(Encoding.UTF8.GetString(json));

    public static JToken Parse(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        var token = JToken.ReadFrom(reader);
        Assert.False(reader.Read());
        return token;
    }

    public static JToken? Find(JToken? token, IEnumerable<string> names) => names.Aggregate(token, Child);

    public static bool TrySet(ref JToken root, IReadOnlyList<string> names, JToken value)
    {
        if (root is not JObject)
        {
            return false;
        }

        root = root.DeepClone();
        var parent = root;
        foreach (var name in names.SkipLast(1))
        {
            var next = Child(parent, name);
            if (next is null && parent is JObject missing)
            {
                missing[name] = next = new JObject();
            }

            parent = next;
        }

        switch (parent)
        {
            case JObject o:
                o[names[^1]] = value;
                return true;
            case JArray when Child(parent, names[^1]) is { } element:
                element.Replace(value);
                return true;
            default:
                return false;
        }
    }

    public static bool TryRemove(ref JToken root, IReadOnlyList<string> names)
    {
        root = root.DeepClone();
        switch (Find(root, names))
        {
            case null:
                return false;
            case { Parent: JProperty property }:
                property.Remove();
                return true;
            case var element:
                element.Remove();
                return true;
        }
    }

    /// <summary>The bytes are valid and read as the tree.</summary>
    public static void AssertSame(JToken expected, ReadOnlySpan<byte> actual)
    {
        Assert.True(JsonCheck.IsDocument(actual, out var problem), problem);
        var tree = Parse(actual);
        Assert.True(JToken.DeepEquals(expected, tree), $"expected {expected}, got {tree}");
    }

    private static JToken? Child(JToken? parent, string name) => parent switch
    {
        JObject o => o.Property(name, StringComparison.Ordinal)?.Value,
        JArray a when int.TryParse(name, out var index) && index < a.Count => a[index],
        _ => null,
    };
}
