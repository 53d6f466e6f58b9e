using System.Text.Json;

namespace MessageRouter.Json;

/// <summary>Finds one field of a checked document.</summary>
internal static class JsonField
{
    /// <summary>Finds the value at the path. Of a key that occurs several times in an object, the last one counts.</summary>
    public static bool TryFind(ReadOnlySpan<byte> json, FieldPath path, out JsonSlice value) =>
        TryFind(json, path, path.Count, out value);

    /// <summary>Finds the value at the first <paramref name="depth"/> names of the path.</summary>
    public static bool TryFind(ReadOnlySpan<byte> json, FieldPath path, int depth, out JsonSlice value)
    {
        value = JsonCursor.Root(json);
        for (var level = 0; level < depth; level++)
        {
            if (TryFindChild(json, value, path[level], out _, out value)) continue;
            value = default;
            return false;
        }

        return true;
    }

    /// <summary>
    /// Finds one child of an object or array; of a key that occurs several times, the last one. <paramref name="nameStart"/> is where its name begins,
    /// or an array's element.
    /// </summary>
    public static bool TryFindChild(ReadOnlySpan<byte> json, JsonSlice parent, PathSegment name, out int nameStart, out JsonSlice value)
    {
        (nameStart, value) = (0, default);
        switch (parent.Kind)
        {
            case JsonTokenType.StartObject:
                if (!JsonMember.TryFindLast(json, parent, name, out var member)) return false;
                nameStart = member.Start;
                value = JsonCursor.Value(json, member.ValueStart);
                return true;
            case JsonTokenType.StartArray when name.Index >= 0:
                return TryFindElement(json, parent, name.Index, ref nameStart, ref value);
            default:
                return false;
        }
    }

    private static bool TryFindElement(ReadOnlySpan<byte> json, JsonSlice parent, int index, ref int start, ref JsonSlice value)
    {
        start = JsonCursor.SkipSpace(json, parent.Start + 1);
        while (JsonCursor.ByteAt(json, start) is not ((byte)']' or 0))
        {
            value = JsonCursor.Value(json, start);
            if (index-- == 0) return true;
            start = JsonCursor.SkipSeparator(json, value.End);
        }

        value = default;
        return false;
    }
}
