using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;

namespace MessageRouter.Client.Logging;

/// <summary>
/// Writes JSON as <see cref="System.Text.Json.Utf8JsonWriter"/> does with the relaxed encoder, to the byte, into memory that is used again. It asks nothing back, and only a text with
/// something in it that is not plain goes through the encoder.
/// </summary>
internal sealed class JsonText
{
    private const int LongestNumber = 64;
    private const int SecondsEnd = 19, FractionEnd = 27, LongestTime = 33;

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(0, 128).Select(c => (char)c).Where(c => Encoder.Encode($"{c}") == $"{c}")]);
    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create([.. Enumerable.Range(0, 128).Where(c => Plain.Contains((char)c)).Select(c => (byte)c)]);

    private byte[] _bytes = new byte[1024];
    private bool _isNext;

    /// <summary>How many bytes were written.</summary>
    public int Length { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => (Length, _isNext) = (0, false);

    /// <summary>Begins an object or an array.</summary>
    public void Open(char bracket)
    {
        Separate();
        Add((byte)bracket);
        _isNext = false;
    }

    public void Close(char bracket)
    {
        Add((byte)bracket);
        _isNext = true;
    }

    public void Name(ReadOnlySpan<char> name)
    {
        Text(name);
        Add((byte)':');
        _isNext = false;
    }

    /// <summary>A name that is escaped already.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        Quoted(name);
        Add((byte)':');
        _isNext = false;
    }

    public void Text(ReadOnlySpan<char> text)
    {
        Separate();
        Add((byte)'"');
        if (!text.ContainsAnyExcept(Plain)) AddPlain(text);
        else Escape(text);
        Add((byte)'"');
        _isNext = true;
    }

    /// <summary>A text that is escaped already.</summary>
    public void Quoted(ReadOnlySpan<byte> text)
    {
        Separate();
        var room = Room(text.Length + 2);
        room[0] = (byte)'"';
        text.CopyTo(room[1..]);
        room[text.Length + 1] = (byte)'"';
        Wrote(text.Length + 2);
    }

    /// <summary>A value, or names with their values and commas between, as they are.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        Part(json);
        _isNext = true;
    }

    public void Null() => Raw("null"u8);

    public void Flag(bool flag) => Raw(flag ? "true"u8 : "false"u8);

    public void Number(long number)
    {
        Separate();
        Utf8Formatter.TryFormat(number, Room(LongestNumber), out var written);
        Wrote(written);
    }

    public void Number(ulong number)
    {
        Separate();
        Utf8Formatter.TryFormat(number, Room(LongestNumber), out var written);
        Wrote(written);
    }

    public void Number(decimal number)
    {
        Separate();
        Utf8Formatter.TryFormat(number, Room(LongestNumber), out var written);
        Wrote(written);
    }

    public void Number(double number)
    {
        Separate();
        var room = Room(LongestNumber);
        if (!ShortNumber.TryFormat(number, room, out var written)) Utf8Formatter.TryFormat(number, room, out written);
        Wrote(written);
    }

    public void Number(float number)
    {
        Separate();
        Utf8Formatter.TryFormat(number, Room(LongestNumber), out var written);
        Wrote(written);
    }

    public void Guid(Guid guid)
    {
        Span<byte> text = stackalloc byte[36];
        Utf8Formatter.TryFormat(guid, text, out _);
        Quoted(text);
    }

    public void Time(DateTime time)
    {
        Span<byte> text = stackalloc byte[LongestTime];
        Utf8Formatter.TryFormat(time, text, out var written, 'O');
        Time(text[..written]);
    }

    public void Time(DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[LongestTime];
        Utf8Formatter.TryFormat(time, text, out var written, 'O');
        Time(text[..written]);
    }

    /// <summary>Adds a part of a text, which is escaped already.</summary>
    public void Part(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    /// <summary>Adds a part of a text.</summary>
    /// <returns>Whether it could be: half a character may belong to the next part.</returns>
    public bool TryPart(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExcept(Plain)) AddPlain(text);
        else if (text.ContainsAnyInRange('\ud800', '\udfff')) return false;
        else Escape(text);
        return true;
    }

    /// <summary>Adds a number as a part of a text, as .NET writes it where no format is asked for.</summary>
    /// <returns>Whether it could be.</returns>
    public bool TryPart(double number)
    {
        if (!ShortNumber.TryFormat(number, Room(LongestNumber), out var written)) return TryPart(number, default);
        Length += written;
        return true;
    }

    /// <summary>Adds a value as a part of a text.</summary>
    /// <returns>Whether it could be: there may be something to escape in it.</returns>
    public bool TryPart<T>(T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        var room = Room(LongestNumber);
        if (!value.TryFormat(room, out var written, format, System.Globalization.CultureInfo.InvariantCulture) || room[..written].ContainsAnyExcept(PlainBytes)) return false;
        Length += written;
        return true;
    }

    private void Separate()
    {
        if (_isNext) Add((byte)',');
    }

    private void Add(byte one)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = one;
    }

    private void AddPlain(ReadOnlySpan<char> text)
    {
        Ascii.FromUtf16(text, Room(text.Length), out var written);
        Length += written;
    }

    private void Escape(ReadOnlySpan<char> text)
    {
        Span<char> escaped = stackalloc char[256];
        while (text.Length > 0)
        {
            Encoder.Encode(text, escaped, out var read, out var written);
            Length += Encoding.UTF8.GetBytes(escaped[..written], Room(written * 3));
            text = text[read..];
        }
    }

    /// <summary>Without the zeros at the end of the fraction.</summary>
    private void Time(ReadOnlySpan<byte> text)
    {
        var shortened = text[..FractionEnd].TrimEnd((byte)'0');
        if (shortened.Length == SecondsEnd + 1) shortened = text[..SecondsEnd];
        Separate();
        Add((byte)'"');
        Part(shortened);
        Part(text[FractionEnd..]);
        Add((byte)'"');
        _isNext = true;
    }

    private void Wrote(int bytes)
    {
        Length += bytes;
        _isNext = true;
    }

    private Span<byte> Room(int size)
    {
        if (size > _bytes.Length - Length) Grow(size);
        return _bytes.AsSpan(Length);
    }

    private void Grow(int size) => Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + size));
}
