using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MessageRouter.Client.Logging;

/// <summary>
/// Writes JSON into memory that is used again: byte for byte what <see cref="Utf8JsonWriter"/> writes with the relaxed encoder, at a part of its cost, since texts in which
/// nothing is to be escaped are seen as such at once.
/// </summary>
internal sealed class JsonText
{
    /// <summary>The most bytes of any value that is no text.</summary>
    private const int LongestValue = 64;

    /// <summary>The most characters that one becomes when it is escaped, and bytes that one becomes.</summary>
    private const int MostEscaped = 6, MostBytes = 3;

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Except(['"', '\\'])]);

    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void BeginObject() => Open((byte)'{');

    public void EndObject() => Put((byte)'}');

    public void BeginArray() => Open((byte)'[');

    public void EndArray() => Put((byte)']');

    /// <param name="name">In which nothing is to be escaped.</param>
    public JsonText Name(ReadOnlySpan<byte> name)
    {
        var target = Next(name.Length + 3);
        target[0] = (byte)'"';
        name.CopyTo(target[1..]);
        target[name.Length + 1] = (byte)'"';
        target[name.Length + 2] = (byte)':';
        Length += name.Length + 3;
        return this;
    }

    /// <param name="members">Members of an object, as they were written before.</param>
    public void Members(ReadOnlySpan<byte> members) => Raw(members);

    public JsonText Name(string name)
    {
        Value(name);
        Put((byte)':');
        return this;
    }

    public void Null() => Raw("null"u8);

    public void Value(bool value) => Raw(value ? "true"u8 : "false"u8);

    public void Value(long value)
    {
        Utf8Formatter.TryFormat(value, Next(LongestValue), out var written);
        Length += written;
    }

    public void Value(ulong value)
    {
        Utf8Formatter.TryFormat(value, Next(LongestValue), out var written);
        Length += written;
    }

    public void Value(decimal value)
    {
        Utf8Formatter.TryFormat(value, Next(LongestValue), out var written);
        Length += written;
    }

    public void Value(double value)
    {
        Utf8Formatter.TryFormat(value, Next(LongestValue), out var written);
        Length += written;
    }

    public void Value(float value)
    {
        Utf8Formatter.TryFormat(value, Next(LongestValue), out var written);
        Length += written;
    }

    public void Value(Guid value)
    {
        var target = Quoted();
        Utf8Formatter.TryFormat(value, target, out var written);
        Quote(written);
    }

    public void Value(DateTime value)
    {
        var target = Quoted();
        Utf8Formatter.TryFormat(value, target, out var written, 'O');
        Quote(Trim(target, written));
    }

    public void Value(DateTimeOffset value)
    {
        var target = Quoted();
        Utf8Formatter.TryFormat(value, target, out var written, 'O');
        Quote(Trim(target, written));
    }

    public void Value(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Encoder, SkipValidation = true })) value.WriteTo(writer);
        Raw(buffer.WrittenSpan);
    }

    public void Value(ReadOnlySpan<char> text)
    {
        var escaped = text.IndexOfAnyExcept(Plain);
        if (escaped >= 0)
        {
            Escape(text, escaped);
            return;
        }
        var target = Next(text.Length + 2);
        target[0] = (byte)'"';
        Ascii.FromUtf16(text, target[1..], out _);
        target[text.Length + 1] = (byte)'"';
        Length += text.Length + 2;
    }

    private void Escape(ReadOnlySpan<char> text, int first)
    {
        var room = ArrayPool<char>.Shared.Rent(first + ((text.Length - first) * MostEscaped));
        text[..first].CopyTo(room);
        Encoder.Encode(text[first..], room.AsSpan(first), out _, out var written);
        written += first;
        var target = Next((written * MostBytes) + 2);
        target[0] = (byte)'"';
        Quote(Encoding.UTF8.GetBytes(room.AsSpan(0, written), target[1..]));
        ArrayPool<char>.Shared.Return(room);
    }

    private void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Next(value.Length));
        Length += value.Length;
    }

    private void Open(byte bracket)
    {
        Next(1)[0] = bracket;
        Length++;
    }

    private void Put(byte one)
    {
        Ensure(1);
        _bytes[Length++] = one;
    }

    /// <summary>Where the text of a value begins whose quotes are put around it by <see cref="Quote"/>.</summary>
    private Span<byte> Quoted()
    {
        var target = Next(LongestValue);
        target[0] = (byte)'"';
        return target[1..];
    }

    private void Quote(int written)
    {
        _bytes[Length + 1 + written] = (byte)'"';
        Length += written + 2;
    }

    /// <summary>Where the next value or name goes, behind a comma where there was one before it.</summary>
    private Span<byte> Next(int size)
    {
        Ensure(size + 1);
        if (Length > 0 && _bytes[Length - 1] is not ((byte)'{' or (byte)'[' or (byte)':')) _bytes[Length++] = (byte)',';
        return _bytes.AsSpan(Length);
    }

    private void Ensure(int size)
    {
        if (size > _bytes.Length - Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + size));
    }

    /// <summary>Takes the zeros from the end of a time's seven decimals, and their point if there is nothing else.</summary>
    private static int Trim(Span<byte> time, int length)
    {
        const int point = 19, decimals = 8;
        var kept = time.Slice(point, decimals).TrimEnd((byte)'0').TrimEnd((byte)'.').Length;
        time[(point + decimals)..length].CopyTo(time[(point + kept)..]);
        return length - decimals + kept;
    }
}
