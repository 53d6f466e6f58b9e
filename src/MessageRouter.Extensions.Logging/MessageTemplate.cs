using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MessageRouter.Client.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>
/// A message template of .NET, taken apart once: the text of an event is put together from it as JSON has it, byte for byte what .NET's formatter makes. What is not as
/// templates and values mostly are is left to that: braces that stand for themselves, half characters, texts that would have to be cut.
/// </summary>
internal sealed class MessageTemplate
{
    /// <summary>As many are kept, as by .NET itself; an application that makes its templates anew for each event has more.</summary>
    private const int MostKept = 1024;

    /// <summary>With the texts of all values that can wait the message stays shorter than what is cut.</summary>
    private const int Longest = 4 << 10;

    private const int WidestHole = 999;

    private static readonly ConcurrentDictionary<string, MessageTemplate?> Known = new();

    [ThreadStatic]
    private static JsonText? _text;

    private readonly Hole[] _holes;
    private readonly byte[] _rest;
    private readonly byte[] _encoded;

    private MessageTemplate(List<Hole> holes, byte[] rest, byte[] encoded) => (_holes, _rest, _encoded) = ([.. holes], rest, encoded);

    /// <summary>How many values it takes.</summary>
    public int Count => _holes.Length;

    /// <summary>The template itself, as JSON has it.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    /// <summary>The name of the value at a place.</summary>
    public string NameAt(int place) => _holes[place].Name;

    /// <summary>The same as JSON has it.</summary>
    public ReadOnlySpan<byte> EncodedNameAt(int place) => _holes[place].EncodedName;

    /// <returns>Null where it is left to .NET.</returns>
    public static MessageTemplate? Of(string text)
    {
        if (Known.TryGetValue(text, out var known)) return known;
        return Known.Count < MostKept ? Known.GetOrAdd(text, Parse) : null;
    }

    /// <summary>Puts the text of an event together.</summary>
    /// <param name="values">A value for each hole, none of which runs anybody's code when it is written.</param>
    /// <param name="numbers">Is given, for each value that stands there as JSON has it too and takes long to write, where in the text.</param>
    /// <param name="text">The text, good until this thread writes the next one.</param>
    /// <returns>Whether it could be; else it is left to .NET.</returns>
    public bool TryWrite(ReadOnlySpan<object?> values, Span<Range> numbers, out ReadOnlyMemory<byte> text)
    {
        var json = _text ??= new JsonText();
        json.Clear();
        text = default;
        try
        {
            for (var i = 0; i < _holes.Length; i++)
            {
                var hole = _holes[i];
                json.Part(hole.Before);
                var start = json.Length;
                if (!hole.TryWrite(values[i], json)) return false;
                if (hole.IsBare && values[i] is double number && double.IsFinite(number)) numbers[i] = start..json.Length;
            }
        }
        catch (Exception)
        {
            // No format of a value's, mostly: .NET's formatter meets it too, and it is said what failed there.
            return false;
        }
        json.Part(_rest);
        text = json.Written;
        return text.Length <= LogValueWriter.LongestText;
    }

    private static MessageTemplate? Parse(string text)
    {
        if (text.Length > Longest) return null;
        var holes = new List<Hole>();
        var rest = text.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            var inner = rest[(open + 1)..];
            var close = inner.IndexOfAny('{', '}');
            if (close < 0 || inner[close] != '}' || !TryEncode(rest[..open], out var before) || !Hole.TryParse(before, inner[..close], out var hole)) return null;
            holes.Add(hole);
            rest = inner[(close + 1)..];
        }
        return TryEncode(rest, out var last) && TryEncode(text, out var encoded, true) ? new MessageTemplate(holes, last, encoded) : null;
    }

    private static bool TryEncode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? encoded, bool isWhole = false)
    {
        encoded = null;
        var json = new JsonText();
        if ((!isWhole && text.Contains('}')) || !json.TryPart(text)) return false;
        encoded = json.Written.ToArray();
        return true;
    }

    /// <summary>Where a value stands, with what stands before it.</summary>
    /// <param name="Before">As JSON has it.</param>
    /// <param name="Name">The name of the value.</param>
    /// <param name="EncodedName">The same as JSON has it.</param>
    /// <param name="Width">What it is filled up to with spaces, at its end where it is negative.</param>
    /// <param name="Format">How it is written; null where nothing is said.</param>
    private sealed record Hole(byte[] Before, string Name, byte[] EncodedName, int Width, string? Format)
    {
        public bool IsBare => Width == 0 && Format is null;

        public static bool TryParse(byte[] before, ReadOnlySpan<char> text, [NotNullWhen(true)] out Hole? hole)
        {
            hole = null;
            var end = text.IndexOfAny(',', ':');
            var name = (end < 0 ? text : text[..end]).ToString();
            var rest = end < 0 ? default : text[end..];
            var width = 0;
            if (rest is [',', .. var more])
            {
                var colon = more.IndexOf(':');
                var digits = colon < 0 ? more : more[..colon];
                if (!int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out width) || digits[0] == '+' || width is < -WidestHole or > WidestHole) return false;
                rest = colon < 0 ? default : more[colon..];
            }
            if (name.Length > FieldNames.LongestName || !TryEncode(name, out var encodedName)) return false;
            hole = new Hole(before, name, encodedName, width, rest.IsEmpty ? null : rest[1..].ToString());
            return true;
        }

        public bool TryWrite(object? value, JsonText json)
        {
            if (Width == 0)
            {
                switch (value)
                {
                    case string text: return json.TryPart(text);
                    case int number when Format is null: return json.TryPart(number, default);
                    case double number when Format is null: return json.TryPart(number);
                    case IUtf8SpanFormattable formattable when value is not char && json.TryPart(formattable, Format): return true;
                }
            }
            var plain = value switch
            {
                null => "(null)",
                IFormattable formattable => formattable.ToString(Format, CultureInfo.InvariantCulture),
                _ => value.ToString() ?? "",
            };
            return json.TryPart(Width < 0 ? plain.PadRight(-Width) : plain.PadLeft(Width));
        }
    }
}
