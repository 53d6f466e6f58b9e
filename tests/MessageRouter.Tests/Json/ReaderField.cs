using System.Text.Json;

using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

/// <summary>Finds one field of a checked document.</summary>
internal static class ReaderField
{
    // Below every index, and too far below to be counted up to one.
    private const int Passed = int.MinValue;

    /// <summary>Finds the value at the path. Of a key that occurs several times in an object, the last one counts.</summary>
    public static bool TryFind(ReadOnlySpan<byte> json, FieldPath path, out JsonSlice value) =>
        TryFind(json, path, path.Segments.Count, out value);

    /// <summary>Finds the value at the first <paramref name="depth"/> names of the path.</summary>
    public static bool TryFind(ReadOnlySpan<byte> json, FieldPath path, int depth, out JsonSlice value)
    {
        if (depth == 0)
        {
            value = Root(json);
            return true;
        }

        value = default;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return false;
        }

        var level = 0;
        var index = 0;
        var searchedRest = false;
        while (reader.Read())
        {
            bool matches;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    matches = NameEquals(in reader, path[level]);
                    reader.Read();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    // If the parent is an array, the one element of it that matters is behind.
                    level--;
                    index = Passed;
                    continue;
                default:
                    matches = index++ == path[level].Index;
                    break;
            }

            if (!matches)
            {
                reader.Skip();
                continue;
            }

            // A later duplicate hides all that an earlier one held, even when the path ends early in the later one.
            value = default;
            if (level < depth - 1)
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    level++;
                    index = 0;
                }

                continue;
            }

            value = Take(ref reader);

            // Once only: searching the rest again at every duplicate would make the time quadratic.
            if (!searchedRest && !MayRepeat(json[value.End..], path, depth))
            {
                return true;
            }

            searchedRest = true;
        }

        return value.Length > 0;
    }

    public static JsonSlice Root(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        return new JsonSlice(start, json.LastIndexOfAnyExcept(JsonCheck.WhiteSpace) + 1 - start, reader.TokenType);
    }

    // Not the reader's ValueTextEquals, which throws on an escaped half of a surrogate pair.
    public static bool NameEquals(in Utf8JsonReader reader, PathSegment name) =>
        reader.ValueIsEscaped
            ? JsonEscapes.TextEquals(reader.ValueSpan, name.Utf8)
            : reader.ValueSpan.SequenceEqual(name.Utf8);

    private static JsonSlice Take(ref Utf8JsonReader reader)
    {
        var kind = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonSlice(start, (int)reader.BytesConsumed - start, kind);
    }

    // A vector search over the rest is several times faster than reading it. Without a backslash no name in it is
    // escaped, so a duplicate would stand there literally.
    private static bool MayRepeat(ReadOnlySpan<byte> rest, FieldPath path, int depth)
    {
        for (var level = 0; level < depth; level++)
        {
            if (rest.IndexOf(path[level].Quoted) >= 0)
            {
                return true;
            }
        }

        return rest.Contains((byte)'\\');
    }
}
