using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

/// <summary>
/// Changes one field of a checked document. What is not touched stays byte for byte. When a method returns false, its
/// result is empty.
/// </summary>
internal static class ReaderEdit
{
    private const string NoObject = "the document is not an object";

    /// <summary>
    /// Replaces the value at the path, or adds it as the last field of its object together with missing parents.
    /// <paramref name="rawValue"/> is a checked document too.
    /// </summary>
    public static bool TrySet(
        ReadOnlySpan<byte> json,
        FieldPath path,
        ReadOnlySpan<byte> rawValue,
        out byte[] result,
        [NotNullWhen(false)] out string? problem)
    {
        result = [];
        var value = rawValue.Trim(JsonCheck.WhiteSpace);
        var depth = path.Segments.Count;
        if (ReaderField.Root(json).Kind != JsonTokenType.StartObject)
        {
            problem = NoObject;
            return false;
        }

        if (depth + DepthOf(value) > JsonCheck.MaxDepth)
        {
            problem = $"with '{path}' the document would be more than {JsonCheck.MaxDepth} levels deep";
            return false;
        }

        problem = null;
        if (ReaderField.TryFind(json, path, out var found))
        {
            result = Replace(json, found, value);
            return true;
        }

        while (!ReaderField.TryFind(json, path, --depth, out found))
        {
        }

        if (found.Kind != JsonTokenType.StartObject)
        {
            problem = found.Kind == JsonTokenType.StartArray
                ? $"'{path[depth].Text}' is not an index in the array '{path.Prefix(depth)}'"
                : $"'{path.Prefix(depth)}' is not an object";
            return false;
        }

        result = Add(json, found, path, depth, value);
        return true;
    }

    /// <summary>Removes the field, with all duplicates of its key. False when there is none.</summary>
    public static bool TryRemove(ReadOnlySpan<byte> json, FieldPath path, out byte[] result)
    {
        result = [];
        return ReaderField.TryFind(json, path, path.Segments.Count - 1, out var parent)
            && parent.IsContainer
            && ReaderMembers.TryRemove(json, parent, path.Last, out result);
    }

    /// <summary>
    /// Moves a value: like removing it and then setting it at the new path, but a new name in the same object keeps the
    /// place. False without a problem when there is nothing to move.
    /// </summary>
    public static bool TryRename(
        ReadOnlySpan<byte> json, FieldPath from, FieldPath to, out byte[] result, out string? problem)
    {
        result = [];
        problem = ReaderField.Root(json).Kind == JsonTokenType.StartObject ? null : NoObject;
        if (problem is not null || !ReaderField.TryFind(json, from, out var value))
        {
            return false;
        }

        if (from.IsSiblingOf(to))
        {
            if (from.Last.Text.Equals(to.Last.Text, StringComparison.Ordinal))
            {
                result = json.ToArray();
                return true;
            }

            ReaderField.TryFind(json, from, from.Segments.Count - 1, out var parent);
            if (parent.Kind == JsonTokenType.StartObject && !ReaderField.TryFind(json, to, out _))
            {
                return ReaderMembers.TryRename(json, parent, from.Last, value, to.Last, out result);
            }
        }

        return TryRemove(json, from, out var rest) && TrySet(rest, to, value.Raw(json), out result, out problem);
    }

    private static byte[] Replace(ReadOnlySpan<byte> json, JsonSlice old, ReadOnlySpan<byte> value)
    {
        var result = new byte[json.Length - old.Length + value.Length];
        var output = new SpanWriter(result);
        output.Write(json[..old.Start]);
        output.Write(value);
        output.Write(json[old.End..]);
        return result;
    }

    private static byte[] Add(ReadOnlySpan<byte> json, JsonSlice parent, FieldPath path, int depth, ReadOnlySpan<byte> value)
    {
        // Behind the last value and not before the brace, so that the brace keeps its line.
        var at = json[..(parent.End - 1)].LastIndexOfAnyExcept(JsonCheck.WhiteSpace) + 1;
        var isEmpty = at == parent.Start + 1;
        var count = path.Segments.Count;
        var length = json.Length + value.Length + (isEmpty ? 0 : 1) + 2 * (count - depth - 1);
        for (var level = depth; level < count; level++)
        {
            length += path[level].Quoted.Length + 1;
        }

        var result = new byte[length];
        var output = new SpanWriter(result);
        output.Write(json[..at]);
        output.Write(isEmpty ? [] : ","u8);
        for (var level = depth; level < count; level++)
        {
            output.Write(level > depth ? "{"u8 : []);
            output.Write(path[level].Quoted);
            output.Write((byte)':');
        }

        output.Write(value);
        for (var level = depth + 1; level < count; level++)
        {
            output.Write((byte)'}');
        }

        output.Write(json[at..]);
        return result;
    }

    private static int DepthOf(ReadOnlySpan<byte> value)
    {
        if (value[0] is not ((byte)'{' or (byte)'['))
        {
            return 0;
        }

        var depth = 0;
        var reader = new Utf8JsonReader(value);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                depth = Math.Max(depth, reader.CurrentDepth + 1);
            }
        }

        return depth;
    }
}
