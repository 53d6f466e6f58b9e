using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using MessageRouter.Client.Logging;

namespace MessageRouter.Tests.Client;

/// <summary>What log events are written with writes what .NET's writer does with the relaxed encoder, byte for byte.</summary>
public sealed class JsonTextTests
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [Fact]
    public void Each_character_is_escaped_as_there()
    {
        for (var c = 0; c <= char.MaxValue; c++) Same(writer => writer.WriteStringValue($"a{(char)c}b"), json => json.Text($"a{(char)c}b"));
        foreach (var text in (string[])["", "😀", "a😀\"b", "\ud83d", "\ude00\ud83d", new string('ü', 1000), new string('"', 1000), string.Concat(Enumerable.Repeat("😀", 1000))])
        {
            Same(writer => writer.WriteStringValue(text), json => json.Text(text));
        }
    }

    [Fact]
    public void Any_text_is_a_text_and_a_name() => Gen.OneOf(Gen.String, Gen.String[Gen.Char['\u0000', '\u00ff'], 0, 600], Gen.String[Gen.Char['\ud700', '\ue000'], 0, 300]).Sample(text =>
    {
        Same(
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString(text, text);
                writer.WriteNull(text);
                writer.WriteEndObject();
            },
            json =>
            {
                json.Open('{');
                json.Name(text);
                json.Text(text);
                json.Name(text);
                json.Null();
                json.Close('}');
            });
    });

    [Fact]
    public void Any_value_is_written_as_there()
    {
        Gen.Double.Where(double.IsFinite).Sample(value => Same(writer => writer.WriteNumberValue(value), json => json.Number(value)));
        Gen.Single.Where(float.IsFinite).Sample(value => Same(writer => writer.WriteNumberValue(value), json => json.Number(value)));
        Gen.Decimal.Sample(value => Same(writer => writer.WriteNumberValue(value), json => json.Number(value)));
        Gen.Long.Sample(value => Same(writer => writer.WriteNumberValue(value), json => json.Number(value)));
        Gen.ULong.Sample(value => Same(writer => writer.WriteNumberValue(value), json => json.Number(value)));
        Gen.Guid.Sample(value => Same(writer => writer.WriteStringValue(value), json => json.Guid(value)));
        Gen.DateTimeOffset.Sample(value => Same(writer => writer.WriteStringValue(value), json => json.Time(value)));
        foreach (var value in (decimal[])[0m, -0.0m, 1.10m, 1e-28m, decimal.MaxValue]) Same(writer => writer.WriteNumberValue(value), json => json.Number(value));
        foreach (var value in (double[])[0, -0.0, 1e21, 1e-7, double.Epsilon, double.MinValue]) Same(writer => writer.WriteNumberValue(value), json => json.Number(value));
    }

    [Fact]
    public void A_number_with_a_few_decimals_is_written_as_dotnet_writes_it()
    {
        for (var thousandths = 1; thousandths < 100_000; thousandths++) Assert.Equal(TextOf(thousandths / 1000.0), Short(thousandths / 1000.0));
        foreach (var (number, text) in ((double, string)[])[(3.5, "3.5"), (-3.5, "-3.5"), (100, "100"), (0.001, "0.001"), (0.3, "0.3"), (999_999_999_999.999, "999999999999.999")]) Assert.Equal(text, Short(number));
        foreach (var number in (double[])[0, -0.0, 0.1 + 0.2, 0.0001, 0.0009, 1e12, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue]) Assert.Null(Short(number));

        // Those beside them have other texts, and so has whatever is divided by something else.
        Gen.Select(Gen.Long[-999_999_999_999_999, 999_999_999_999_999], Gen.Double[1, 10_000]).Sample((thousandths, divisor) =>
        {
            var number = thousandths / 1000.0;
            foreach (var each in (double[])[number, Math.BitIncrement(number), Math.BitDecrement(number), thousandths / divisor, (long)(thousandths / divisor) / 1000.0])
            {
                if (Short(each) is { } text) Assert.Equal(TextOf(each), text);
            }
        });

        static string TextOf(double number) => number.ToString(CultureInfo.InvariantCulture);

        static string? Short(double number)
        {
            Span<byte> text = stackalloc byte[64];
            return ShortNumber.TryFormat(number, text, out var written) ? Encoding.UTF8.GetString(text[..written]) : null;
        }
    }

    [Fact]
    public void A_time_has_no_more_of_its_second_than_is_needed()
    {
        var events = new EventTime();
        var second = new DateTime(2020, 1, 2, 3, 4, 50, DateTimeKind.Utc);
        foreach (var time in (DateTime[])[second, second.AddTicks(1), second.AddTicks(10), second.AddMilliseconds(500), second.AddTicks(9_999_999), second.AddSeconds(1), second, DateTime.UnixEpoch, DateTime.MaxValue])
        {
            var utc = DateTime.SpecifyKind(time, DateTimeKind.Utc);
            foreach (var kind in Enum.GetValues<DateTimeKind>()) Same(writer => writer.WriteStringValue(DateTime.SpecifyKind(time, kind)), json => json.Time(DateTime.SpecifyKind(time, kind)));
            Same(writer => writer.WriteStringValue(utc), json => json.Quoted(events.Text(utc)));
            Same(writer => writer.WriteStringValue(new DateTimeOffset(time.AddDays(-1).Ticks, TimeSpan.FromMinutes(-90))), json => json.Time(new DateTimeOffset(time.AddDays(-1).Ticks, TimeSpan.FromMinutes(-90))));
        }
        Gen.Long[DateTime.UnixEpoch.Ticks, DateTime.UnixEpoch.AddSeconds(3).Ticks].Select(ticks => new DateTime(ticks, DateTimeKind.Utc))
            .Sample(time => Same(writer => writer.WriteStringValue(time), json => json.Quoted(new EventTime().Text(time))));
    }

    [Fact]
    public void Commas_stand_between_what_follows_one_another() => Same(
        writer =>
        {
            writer.WriteStartArray();
            writer.WriteStartObject();
            writer.WriteBoolean("a"u8, true);
            writer.WriteStartArray("b"u8);
            writer.WriteEndArray();
            writer.WriteStartObject("c"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteNumberValue(1);
            writer.WriteBooleanValue(false);
            writer.WriteStartArray();
            writer.WriteNullValue();
            writer.WriteEndArray();
            writer.WriteEndArray();
        },
        json =>
        {
            json.Open('[');
            json.Open('{');
            json.Name("a"u8);
            json.Flag(true);
            json.Name("b"u8);
            json.Open('[');
            json.Close(']');
            json.Name("c"u8);
            json.Open('{');
            json.Close('}');
            json.Close('}');
            json.Number(1);
            json.Flag(false);
            json.Open('[');
            json.Null();
            json.Close(']');
            json.Close(']');
        });

    private static void Same(Action<Utf8JsonWriter> expected, Action<JsonText> actual)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed)) expected(writer);
        var json = new JsonText();
        actual(json);
        if (!buffer.WrittenSpan.SequenceEqual(json.Written.Span)) Assert.Fail($"expected {Encoding.UTF8.GetString(buffer.WrittenSpan)}, written {Encoding.UTF8.GetString(json.Written.Span)}");
    }
}
