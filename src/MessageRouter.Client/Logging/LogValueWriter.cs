using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MessageRouter.Client.Logging;

/// <summary>Writes the values of fields, whatever they are: what throws, has no end or is too long is said in its place.</summary>
internal sealed class LogValueWriter(JsonText json)
{
    /// <summary>Characters of one text; the rest is cut off and said.</summary>
    internal const int LongestText = 32 << 10;

    /// <summary>Levels of objects in objects, and elements of each.</summary>
    private const int Deepest = 5, MostElements = 100;

    /// <summary>Bytes after which fields are left out.</summary>
    private const int MostBytes = 512 << 10;

    /// <summary>A number with more digits is a text.</summary>
    private const int LongestNumber = 100;

    /// <summary>The names of the object that is being written.</summary>
    public FieldNames Names { get; } = new();

    /// <summary>Whether fields were left out since <see cref="Begin"/>.</summary>
    public bool WasFull { get; private set; }

    /// <summary>Whether something was, or is shorter than it was.</summary>
    public bool WasCut { get; private set; }

    /// <summary>Whether something could not be written as it is, since the application's code failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>An event begins.</summary>
    public void Begin()
    {
        Names.Clear();
        (WasFull, WasCut, HasFailed) = (false, false, false);
    }

    public bool IsFull()
    {
        var isFull = json.Length > MostBytes;
        if (isFull) LeaveOut();
        return isFull;
    }

    /// <summary>Fields are left out.</summary>
    public void LeaveOut() => WasFull = WasCut = true;

    /// <summary>A name as <see cref="FieldNames.Clean"/> has it.</summary>
    public string Name(string? name)
    {
        WasCut |= name is { Length: > FieldNames.LongestName };
        return FieldNames.Clean(name ?? "");
    }

    /// <summary>Says in the place of something that it could not be had.</summary>
    public void Failure(Exception exception)
    {
        HasFailed = true;
        json.Text(exception.GetType().Name);
    }

    public void Value(object? value, int depth = 0)
    {
        switch (value)
        {
            case null: json.Null(); break;
            case string text: Text(text); break;
            case bool flag: json.Flag(flag); break;
            case int number: json.Number(number); break;
            case long number: json.Number(number); break;
            case byte or sbyte or short or ushort or uint: json.Number(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case ulong number: json.Number(number); break;
            case decimal number: json.Number(number); break;
            case double number when double.IsFinite(number): json.Number(number); break;
            case float number when float.IsFinite(number): json.Number(number); break;
            case DateTime time: json.Time(time); break;
            case DateTimeOffset time: json.Time(time); break;
            case Guid guid: json.Guid(guid); break;
            case JsonElement element: Element(element, depth); break;
            case JsonNode node: Node(node, depth); break;
            case IDictionary map when depth < Deepest: Map(Entries(map), depth); break;
            case IEnumerable<KeyValuePair<string, object?>> map when depth < Deepest: Map(map, depth); break;
            case IEnumerable list when depth < Deepest: List(list, depth); break;
            default: Plain(value); break;
        }
    }

    public void Text(string? text)
    {
        if (text is { Length: > LongestText })
        {
            WasCut = true;
            text = string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, LongestText - (char.IsHighSurrogate(text[LongestText - 1]) ? 1 : 0))}… ({text.Length} characters)");
        }
        if (text is null) json.Null();
        else json.Text(text);
    }

    /// <summary>What the writer itself says within an object, under a name that this does not have.</summary>
    public void Mark(string name)
    {
        while (!Names.TryAdd(name)) name += "_";
        json.Name(name);
    }

    /// <summary>A value's own text; where making it fails, what failed.</summary>
    public string Guarded(object value)
    {
        try
        {
            return (value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString()) ?? "";
        }
        catch (Exception exception)
        {
            HasFailed = true;
            return $"({value.GetType().Name}.ToString failed: {exception.GetType().Name})";
        }
    }

    private void Plain(object value)
    {
        // It has elements, and stands too deep for them.
        WasCut |= value is IEnumerable;
        Text(Guarded(value));
    }

    private void Element(JsonElement element, int depth)
    {
        // Its document may have been disposed, or it has none.
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object when depth < Deepest: Map(Properties(element), depth); break;
                case JsonValueKind.Array when depth < Deepest: List(element.EnumerateArray(), depth); break;
                case JsonValueKind.String: Text(TextOf(element)); break;
                case JsonValueKind.Object or JsonValueKind.Array: Text(Start(JsonMarshal.GetRawUtf8Value(element))); break;
                case JsonValueKind.Number when JsonMarshal.GetRawUtf8Value(element) is { Length: > LongestNumber } digits: Text(Start(digits)); break;
                default: json.Raw(JsonMarshal.GetRawUtf8Value(element)); break;
            }
        }
        catch (InvalidOperationException exception)
        {
            HasFailed = true;
            Text($"({nameof(JsonElement)} failed: {exception.GetType().Name})");
        }
    }

    private void Node(JsonNode node, int depth)
    {
        switch (node)
        {
            case JsonObject map when depth < Deepest: Map(Members(map), depth); break;
            case JsonArray list when depth < Deepest: List(list, depth); break;
            case JsonValue value when Inner(value) is { } inner and not JsonNode: Value(inner, depth); break;
            default: Text(Guarded(node)); break;
        }
    }

    private void Map(IEnumerable<KeyValuePair<string, object?>> map, int depth)
    {
        json.Open('{');
        var outer = Names.Enter();
        try
        {
            var count = 0;
            foreach (var (key, value) in map)
            {
                if (IsEnough(++count)) break;
                var name = Name(key);
                if (!Names.TryAdd(name)) continue;
                json.Name(name);
                Value(value, depth + 1);
            }
        }
        catch (Exception exception)
        {
            Mark("failed");
            Failure(exception);
        }
        Names.Leave(outer);
        json.Close('}');
    }

    private void List(IEnumerable list, int depth)
    {
        json.Open('[');
        try
        {
            var count = 0;
            foreach (var element in list)
            {
                if (IsEnough(++count)) break;
                Value(element, depth + 1);
            }
        }
        catch (Exception exception)
        {
            Failure(exception);
        }
        json.Close(']');
    }

    private bool IsEnough(int count)
    {
        WasCut |= count > MostElements;
        return count > MostElements || IsFull();
    }

    private IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map) yield return new(Guarded(entry.Key), entry.Value);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Properties(JsonElement element)
    {
        foreach (var property in element.EnumerateObject()) yield return new(NameOf(property), property.Value);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Members(JsonObject map)
    {
        foreach (var (name, node) in map) yield return new(name, node);
    }

    private static object? Inner(JsonValue value)
    {
        try
        {
            return value.GetValue<object>();
        }
        catch (Exception)
        {
            // Its document may have been disposed: then its text is asked for, and says so.
            return null;
        }
    }

    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException exception) when (exception is not ObjectDisposedException)
        {
            return Unescaped(JsonMarshal.GetRawUtf8Value(element)[1..^1]);
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception) when (exception is not ObjectDisposedException)
        {
            return Unescaped(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }

    /// <summary>Of a JSON text in which an escape stands for half a character, which .NET does not read.</summary>
    private static string Unescaped(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }
            var escape = text[++i];
            if (escape == 'u') plain.Append((char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            else plain.Append(escape switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => escape });
            if (escape == 'u') i += 4;
        }
        return plain.ToString();
    }

    /// <summary>As much of a JSON text as may be shown, and a little more where there is more, which is cut off and said.</summary>
    private static string Start(ReadOnlySpan<byte> raw) => Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, (4 * LongestText) + 4)]);
}
