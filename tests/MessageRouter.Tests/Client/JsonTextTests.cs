using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MessageRouter.Client.Logging;

namespace MessageRouter.Tests.Client;

/// <summary>The JSON of log events is that of .NET's writer, byte for byte.</summary>
public sealed class JsonTextTests
{
    [Fact]
    public void Every_character_is_written_as_dotnet_writes_it()
    {
        for (var c = 0; c <= char.MaxValue; c++) Same(json => json.Value($"a{(char)c}b"), writer => writer.WriteStringValue($"a{(char)c}b"));
    }

    [Fact]
    public void Texts_are_written_as_dotnet_writes_them()
    {
        var random = new Random(7);
        for (var n = 0; n < 5000; n++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(200)).Select(_ => (char)(random.Next(20) == 0 ? random.Next(char.MaxValue + 1) : random.Next(' ', '~')))]);
            Same(json => json.Value(text), writer => writer.WriteStringValue(text));
        }
        Same(json => json.Value(new string('ü', 40_000)), writer => writer.WriteStringValue(new string('ü', 40_000)));
    }

    [Fact]
    public void Numbers_are_written_as_dotnet_writes_them()
    {
        var random = new Random(7);
        foreach (var value in new[] { 0.0, -0.0, 1, 3.5, 1e21, 1e-7, double.MaxValue, double.Epsilon, 0.1 + 0.2 }.Concat(Enumerable.Range(0, 5000).Select(_ => random.NextDouble() * Math.Pow(10, random.Next(-30, 30)))))
        {
            Same(json => json.Value(value), writer => writer.WriteNumberValue(value));
            if (float.IsFinite((float)value)) Same(json => json.Value((float)value), writer => writer.WriteNumberValue((float)value));
            if (Math.Abs(value) < 1e27) Same(json => json.Value((decimal)value), writer => writer.WriteNumberValue((decimal)value));
        }
        foreach (var value in new[] { 0, -1, long.MinValue, long.MaxValue, 42 }) Same(json => json.Value(value), writer => writer.WriteNumberValue(value));
        foreach (var value in new[] { decimal.MinValue, decimal.MaxValue, 1.000m, 0.0000000000000000000000000001m }) Same(json => json.Value(value), writer => writer.WriteNumberValue(value));
        Same(json => json.Value(ulong.MaxValue), writer => writer.WriteNumberValue(ulong.MaxValue));
    }

    [Fact]
    public void Times_are_written_as_dotnet_writes_them()
    {
        foreach (var ticks in new[] { 0, 1, 10, 1_000_000, 6_780_000, 9_999_999, 1_234_567, 1_234_500 })
        {
            var time = new DateTime(2026, 1, 2, 3, 4, 5).AddTicks(ticks);
            foreach (var kind in Enum.GetValues<DateTimeKind>()) Same(json => json.Value(DateTime.SpecifyKind(time, kind)), writer => writer.WriteStringValue(DateTime.SpecifyKind(time, kind)));
            foreach (var minutes in new[] { 0, 90, -600 }) Same(json => json.Value(new DateTimeOffset(time, TimeSpan.FromMinutes(minutes))), writer => writer.WriteStringValue(new DateTimeOffset(time, TimeSpan.FromMinutes(minutes))));
        }
        Same(json => json.Value(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")), writer => writer.WriteStringValue(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")));
    }

    [Fact]
    public void Objects_and_arrays_are_written_as_dotnet_writes_them()
    {
        using var document = JsonDocument.Parse("""{ "a": [1, "ü\u0001"], "b": {} }""");
        Same(
            json =>
            {
                json.BeginObject();
                json.Name("a"u8).BeginArray();
                json.Null();
                json.Value(true);
                json.BeginObject();
                json.EndObject();
                json.Value("[");
                json.BeginArray();
                json.EndArray();
                json.Value(document.RootElement);
                json.EndArray();
                json.Name("\"b\"").Value(false);
                json.EndObject();
            },
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("a"u8);
                writer.WriteNullValue();
                writer.WriteBooleanValue(true);
                writer.WriteStartObject();
                writer.WriteEndObject();
                writer.WriteStringValue("[");
                writer.WriteStartArray();
                writer.WriteEndArray();
                document.RootElement.WriteTo(writer);
                writer.WriteEndArray();
                writer.WriteBoolean("\"b\"", false);
                writer.WriteEndObject();
            });
    }

    private static void Same(Action<JsonText> write, Action<Utf8JsonWriter> expected)
    {
        var json = new JsonText();
        write(json);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true })) expected(writer);
        Assert.Equal(Encoding.UTF8.GetString(buffer.WrittenSpan), Encoding.UTF8.GetString(json.Written.Span));
    }
}
