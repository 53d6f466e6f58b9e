namespace MessageRouter.Json;

/// <summary>A document with one part of it replaced, before it is written anywhere.</summary>
internal readonly ref struct JsonSplice
{
    private readonly ReadOnlySpan<byte> _before;
    private readonly ReadOnlySpan<byte> _value;
    private readonly ReadOnlySpan<byte> _after;
    private readonly FieldPath? _path;
    private readonly int _depth;
    private readonly bool _isFirst;

    /// <summary><paramref name="value"/> in place of what is from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public JsonSplice(ReadOnlySpan<byte> json, int start, int end, ReadOnlySpan<byte> value)
    {
        _before = json[..start];
        _value = value;
        _after = json[end..];
        Length = _before.Length + value.Length + _after.Length;
    }

    private JsonSplice(ReadOnlySpan<byte> json, int at, FieldPath path, int depth, bool isFirst, ReadOnlySpan<byte> value)
        : this(json, at, at, value)
    {
        _path = path;
        _depth = depth;
        _isFirst = isFirst;
        Length += (isFirst ? 0 : 1) + 2 * (path.Count - depth - 1);
        for (var level = depth; level < path.Count; level++) Length += path[level].Quoted.Length + 1;
    }

    public int Length { get; }

    /// <summary>A member more at the end of an object: the path's names from <paramref name="depth"/> on, with objects between them.</summary>
    public static JsonSplice Add(ReadOnlySpan<byte> json, JsonSlice parent, FieldPath path, int depth, ReadOnlySpan<byte> value)
    {
        // Behind the last value and not before the brace, so that the brace keeps its line.
        var at = JsonCursor.SkipSpaceBack(json, parent.End - 1);
        return new JsonSplice(json, at, path, depth, at == parent.Start + 1, value);
    }

    /// <summary>Writes the document to a buffer that has room for it.</summary>
    public void WriteTo(Span<byte> buffer)
    {
        var output = new SpanWriter(buffer);
        output.Write(_before);
        if (_path is null) output.Write(_value);
        else WriteMember(ref output, _path);
        output.Write(_after);
    }

    public byte[] ToArray()
    {
        var written = GC.AllocateUninitializedArray<byte>(Length);
        WriteTo(written);
        return written;
    }

    private void WriteMember(ref SpanWriter output, FieldPath path)
    {
        if (!_isFirst) output.Write((byte)',');
        for (var level = _depth; level < path.Count; level++)
        {
            if (level > _depth) output.Write((byte)'{');
            output.Write(path[level].Quoted);
            output.Write((byte)':');
        }

        output.Write(_value);
        for (var level = _depth + 1; level < path.Count; level++) output.Write((byte)'}');
    }
}
