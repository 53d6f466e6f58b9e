using System.Buffers;

namespace MessageRouter.Json;

/// <summary>Takes all children of one name out of an object, or gives the last of them another one.</summary>
internal static class JsonMembers
{
    private const int None = -1;

    public static byte[] Remove(ReadOnlySpan<byte> json, JsonSlice parent, PathSegment child) => Rewrite(json, parent, child, None, []);

    /// <summary>Renames the child whose value is <paramref name="value"/> and removes its earlier duplicates.</summary>
    public static byte[] Rename(ReadOnlySpan<byte> json, JsonSlice parent, PathSegment child, JsonSlice value, PathSegment to) =>
        Rewrite(json, parent, child, value.Start, to.Quoted);

    private static byte[] Rewrite(ReadOnlySpan<byte> json, JsonSlice parent, PathSegment child, int renamedValue, ReadOnlySpan<byte> newName)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(json.Length + newName.Length);
        var output = new SpanWriter(buffer);

        // Everything before `copied` is either in the output or dropped.
        var copied = 0;
        var previousEnd = None;
        var keptAny = false;
        var dropSeparator = false;
        for (var at = JsonCursor.SkipSpace(json, parent.Start + 1); JsonCursor.ByteAt(json, at) == '"';)
        {
            if (dropSeparator)
            {
                copied = at;
                dropSeparator = false;
            }

            var member = JsonMember.At(json, at);
            var end = JsonCursor.Value(json, member.ValueStart).End;
            if (!member.IsNamed(json, child))
            {
                keptAny = true;
            }
            else if (member.ValueStart == renamedValue)
            {
                output.Write(json[copied..at]);
                output.Write(newName);
                copied = member.NameEnd;
                keptAny = true;
            }
            else
            {
                // The comma before goes with the child; when nothing is left before it, the comma after.
                output.Write(json[copied..(keptAny ? previousEnd : at)]);
                copied = end;
                dropSeparator = !keptAny;
            }

            previousEnd = end;
            at = JsonCursor.SkipSeparator(json, end);
        }

        output.Write(json[copied..]);
        var result = output.Written.ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return result;
    }
}
