using System.Buffers;
using System.Text.Json;

using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

/// <summary>Takes children out of one object or array of a document, or gives one another name.</summary>
internal static class ReaderMembers
{
    private const int None = -1;

    public static bool TryRemove(ReadOnlySpan<byte> json, JsonSlice parent, PathSegment child, out byte[] result) =>
        TryRewrite(json, parent, child, None, [], out result);

    /// <summary>Renames the child whose value is <paramref name="value"/> and removes its earlier duplicates.</summary>
    public static bool TryRename(
        ReadOnlySpan<byte> json, JsonSlice parent, PathSegment child, JsonSlice value, PathSegment to, out byte[] result) =>
        TryRewrite(json, parent, child, value.Start, to.Quoted, out result);

    private static bool TryRewrite(
        ReadOnlySpan<byte> json,
        JsonSlice parent,
        PathSegment child,
        int renamedValue,
        ReadOnlySpan<byte> newName,
        out byte[] result)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(json.Length + newName.Length);
        var output = new SpanWriter(buffer);
        var reader = new Utf8JsonReader(parent.Raw(json));
        reader.Read();

        // Everything before `copied` is either in the output or dropped.
        var copied = 0;
        var index = 0;
        var previousEnd = None;
        var keptAny = false;
        var changed = false;
        var dropSeparator = false;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var start = parent.Start + (int)reader.TokenStartIndex;
            if (dropSeparator)
            {
                copied = start;
                dropSeparator = false;
            }

            var valueStart = start;
            var nameEnd = start;
            bool matches;
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                matches = ReaderField.NameEquals(in reader, child);
                nameEnd += reader.ValueSpan.Length + 2;
                reader.Read();
                valueStart = parent.Start + (int)reader.TokenStartIndex;
            }
            else
            {
                matches = index++ == child.Index;
            }

            reader.Skip();
            var end = parent.Start + (int)reader.BytesConsumed;
            if (!matches)
            {
                keptAny = true;
            }
            else if (valueStart == renamedValue)
            {
                output.Write(json[copied..start]);
                output.Write(newName);
                copied = nameEnd;
                keptAny = true;
                changed = true;
            }
            else
            {
                // The comma before goes with the child; when nothing is left before it, the comma after.
                output.Write(json[copied..(keptAny ? previousEnd : start)]);
                copied = end;
                dropSeparator = !keptAny;
                changed = true;
            }

            previousEnd = end;
        }

        if (changed)
        {
            output.Write(json[copied..]);
        }

        result = output.Written.ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return changed;
    }
}
