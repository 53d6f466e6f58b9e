namespace MessageRouter.Json;

/// <summary>Where a member of an object is in its document: its name, quotes included, and its value.</summary>
internal readonly record struct JsonMember(int Start, int NameEnd, int ValueStart)
{
    /// <summary>The last member of this name, the one that counts.</summary>
    public static bool TryFindLast(ReadOnlySpan<byte> json, JsonSlice parent, PathSegment name, out JsonMember member)
    {
        if (name.IsEvident)
        {
            switch (Search(json, parent, name, out member))
            {
                case Found.Yes:
                    return true;
                case Found.No:
                    return false;
            }
        }

        return TryWalk(json, parent, name, out member);
    }

    /// <summary>Whether there may be more members of this name before the one at <paramref name="start"/>.</summary>
    public static bool MayRepeat(ReadOnlySpan<byte> json, JsonSlice parent, PathSegment name, int start)
    {
        var before = json[parent.Start..start];
        return !name.IsEvident || before.IndexOf(name.Quoted) >= 0 || MayHaveEscapedNames(before);
    }

    /// <summary>The member whose name begins at <paramref name="start"/>.</summary>
    public static JsonMember At(ReadOnlySpan<byte> json, int start)
    {
        var nameEnd = JsonCursor.EndOfString(json, start);
        var colon = JsonCursor.SkipSpace(json, nameEnd);
        return new JsonMember(start, nameEnd, JsonCursor.SkipSpace(json, colon + 1));
    }

    public bool IsNamed(ReadOnlySpan<byte> json, PathSegment name) =>
        JsonEscapes.TextEquals(json[(Start + 1)..(NameEnd - 1)], name.Utf8);

    // A vector search is several times faster than a walk: from the end, since of several members the last one counts.
    private static Found Search(ReadOnlySpan<byte> json, JsonSlice parent, PathSegment name, out JsonMember member)
    {
        member = default;
        var quoted = name.Quoted.AsSpan();
        var rest = parent.Raw(json);
        for (int at; (at = rest.LastIndexOf(quoted)) >= 0; rest = rest[..at])
        {
            // Elsewhere than before a colon it is a value, and behind a backslash the end of one.
            var start = parent.Start + at;
            var colon = JsonCursor.SkipSpace(json, start + quoted.Length);
            if (JsonCursor.ByteAt(json, colon) != ':' || json[start - 1] == '\\') continue;

            if (MayHaveEscapedNames(json[colon..parent.End])) return Found.Perhaps;
            if (rest[1..at].ContainsAny((byte)'{', (byte)'[') && !JsonCursor.IsDirectlyIn(json, parent.Start, start)) return Found.Perhaps;

            member = new JsonMember(start, start + quoted.Length, JsonCursor.SkipSpace(json, colon + 1));
            return Found.Yes;
        }

        return MayHaveEscapedNames(parent.Raw(json)) ? Found.Perhaps : Found.No;
    }

    private static bool TryWalk(ReadOnlySpan<byte> json, JsonSlice parent, PathSegment name, out JsonMember found)
    {
        found = default;
        var any = false;
        for (var at = JsonCursor.SkipSpace(json, parent.Start + 1); JsonCursor.ByteAt(json, at) == '"';)
        {
            var member = At(json, at);
            if (member.IsNamed(json, name)) (found, any) = (member, true);
            at = JsonCursor.SkipSeparator(json, JsonCursor.Value(json, member.ValueStart).End);
        }

        return any;
    }

    private static bool MayHaveEscapedNames(ReadOnlySpan<byte> json) => json.Contains((byte)'\\') && json.IndexOf("\\u"u8) >= 0;

    private enum Found
    {
        No,
        Yes,
        Perhaps,
    }
}
