using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace MessageRouter.Inputs;

/// <summary>
/// Text with placeholders of the form <c>%{name}</c>, which stand in JSON without any escaping. Parsed once, it is
/// written as UTF-8 with no string in between.
/// </summary>
internal sealed class MessageTemplate
{
    public const string Placeholders = "%{seq}, %{time}, %{random}, %{level}";

    private const string Open = "%{";

    private static readonly byte[][] Levels = ["debug"u8.ToArray(), "info"u8.ToArray(), "warning"u8.ToArray(), "error"u8.ToArray()];

    private readonly Piece[] _pieces;

    private MessageTemplate(List<Piece> pieces) => _pieces = [.. pieces];

    private enum Kind
    {
        Text,
        Seq,
        Time,
        Random,
        Level,
    }

    public static MessageTemplate Parse(string text) =>
        TryParse(text, out var template, out var problem) ? template : throw new FormatException($"The template {problem}.");

    public static bool TryParse(string text, [NotNullWhen(true)] out MessageTemplate? template, [NotNullWhen(false)] out string? problem)
    {
        template = null;
        var pieces = new List<Piece>();
        var at = 0;
        for (int open; (open = text.IndexOf(Open, at, StringComparison.Ordinal)) >= 0;)
        {
            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                problem = $"has a placeholder at position {open + 1} that is not closed with }}";
                return false;
            }

            var name = text[(open + Open.Length)..close];
            if (KindOf(name) is not { } kind)
            {
                problem = $"has an unknown placeholder %{{{name}}}; there are {Placeholders}";
                return false;
            }
            pieces.Add(new Piece(Kind.Text, Encoding.UTF8.GetBytes(text[at..open])));
            pieces.Add(new Piece(kind, []));
            at = close + 1;
        }
        pieces.Add(new Piece(Kind.Text, Encoding.UTF8.GetBytes(text[at..])));
        template = new MessageTemplate(pieces);
        problem = null;
        return true;
    }

    /// <summary>One message.</summary>
    /// <param name="seq">Its number, from 1.</param>
    /// <param name="time">The time that stands in it.</param>
    public byte[] Write(long seq, DateTimeOffset time)
    {
        var output = new ArrayBufferWriter<byte>(128);
        foreach (var piece in _pieces)
        {
            switch (piece.Kind)
            {
                case Kind.Seq:
                    Append(output, seq, "");
                    break;
                case Kind.Time:
                    Append(output, time.UtcDateTime, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
                    break;
                case Kind.Random:
                    Append(output, Random.Shared.Next(1_000_000), "");
                    break;
                case Kind.Level:
                    output.Write(Levels[(seq - 1) % Levels.Length]);
                    break;
                default:
                    output.Write(piece.Text);
                    break;
            }
        }
        return output.WrittenSpan.ToArray();
    }

    private static void Append<T>(ArrayBufferWriter<byte> output, T value, string format)
        where T : IUtf8SpanFormattable
    {
        // No number and no time of these formats is longer.
        value.TryFormat(output.GetSpan(32), out var length, format, CultureInfo.InvariantCulture);
        output.Advance(length);
    }

    private static Kind? KindOf(string name) => name switch
    {
        "seq" => Kind.Seq,
        "time" => Kind.Time,
        "random" => Kind.Random,
        "level" => Kind.Level,
        _ => null,
    };

    private readonly record struct Piece(Kind Kind, byte[] Text);
}
