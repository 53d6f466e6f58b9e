using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CsCheck;
using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

public sealed class JsonScanTests
{
    private const string LogLine =
        """{"t":"2020-01-02T03:04:05.678Z","level":"error","host":"web-12","n":17,"text":"request 7 took 49 ms; retrying"}""";

    private static readonly Gen<byte> s_damage = Gen.Frequency(
        (3, Gen.OneOf("{}[]\",:\\/u0123aeE+-.tfnrl \t\r\n"u8.ToArray())),
        (1, Gen.Byte[0, 0x1F]),
        (1, Gen.Byte[0x80, 0xFF]));

    [Theory]
    [InlineData(LogLine)]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("{\"a\":1}")]
    [InlineData("[true,false,null,{},[],\"\",[[]],{\"\":{}}]")]
    [InlineData("[0,-0,7,-12,3.25,0.5,-0.5E-7,1e9,1E+2,12345678901234567890123,1e999999]")]
    [InlineData("""["\"\\\/\b\f\n\r\t","\u00e9\uD83D\uDE00\ud800","C:\\temp\\"]""")]
    [InlineData("""{"text":"a \"quoted\" word in a text that is longer than a block of bytes, and an end of line\n"}""")]
    [InlineData("""{"é":"Привет, мир","🙂":["日本語","a text of more than one block in which there is no escape"]}""")]
    [InlineData(" \t\r\n{ \"a\" : [ 1 , 2 ] ,\n  \"b\" : { } , \"c\" : [ ] , \"d\" : \"e\" }\r\n")]
    [InlineData("true")]
    [InlineData(" -1.5 ")]
    public void Accepts_ordinary_documents_itself(string json) => Assert.True(JsonScan.Accepts(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Accepts_what_the_generator_writes() =>
        JsonGen.Document.Sample(json => Assert.True(JsonScan.Accepts(Encoding.UTF8.GetBytes(json)), json));

    [Fact]
    public void Accepts_strings_of_any_length_but_no_beginning_of_one()
    {
        for (var length = 0; length < 200; length++)
        {
            var json = Encoding.UTF8.GetBytes($"[\"{new string('a', length)}\"]");
            Assert.True(JsonScan.Accepts(json));
            for (var cut = 0; cut < json.Length; cut++) Assert.False(JsonScan.Accepts(json.AsSpan(0, cut)));
        }
    }

    [Fact]
    public void Finds_a_damaged_byte_at_any_place()
    {
        for (var place = 0; place < LogLine.Length; place++)
        {
            foreach (var value in new byte[] { 0, 0x1F, (byte)'\n', (byte)'"', (byte)'\\', 0x80, 0xC3, 0xFF })
            {
                var json = Encoding.UTF8.GetBytes(LogLine);
                json[place] = value;
                AssertNotMoreThanTheReader(json);
            }
        }
    }

    [Fact]
    public void Accepts_no_damaged_document_that_the_reader_rejects() =>
        Gen.Select(JsonGen.Document, Gen.Select(Gen.Int[0, 400], Gen.Int[0, 4], s_damage).Array[1, 3]).Sample((json, changes) =>
        {
            var bytes = Encoding.UTF8.GetBytes(json).ToList();
            foreach (var (place, how, value) in changes) Damage(bytes, place % (bytes.Count + 1), how, value);
            AssertNotMoreThanTheReader([.. bytes]);
        }, iter: JsonGen.Many);

    [Fact]
    public void Accepts_no_random_bytes_that_the_reader_rejects() =>
        s_damage.Array[0, 24].Sample(AssertNotMoreThanTheReader, iter: JsonGen.Many);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("[{\"a\":", "}]")]
    public void Is_as_deep_as_the_reader(string open, string close)
    {
        var levels = close.Length;
        for (var count = 60 / levels; count <= 70 / levels; count++)
        {
            foreach (var inner in new[] { "1", "[]", "{}" })
            {
                var json = string.Concat(Enumerable.Repeat(open, count)) + inner + string.Concat(Enumerable.Repeat(close, count));
                var bytes = Encoding.UTF8.GetBytes(json);
                Assert.Equal(count * levels + (inner == "1" ? 0 : 1) <= JsonCheck.MaxDepth, JsonScan.Accepts(bytes));
                Assert.Equal(ReaderAccepts(bytes), JsonScan.Accepts(bytes));
            }
        }

        Assert.False(JsonScan.Accepts(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, 100_000)))));
    }

    [Fact]
    public void Allocates_nothing()
    {
        byte[][] documents = [.. new[] { "{}", LogLine, "[\"\\u00e9é\"]", "[1", "" }.Select(Encoding.UTF8.GetBytes)];
        foreach (var json in documents) JsonScan.Accepts(json);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var json in documents) JsonScan.Accepts(json);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Damage(List<byte> bytes, int place, int how, byte value)
    {
        switch (how)
        {
            case 0 when place < bytes.Count:
                bytes[place] = value;
                break;
            case 1 when place < bytes.Count:
                bytes.RemoveAt(place);
                break;
            case 2 when place < bytes.Count:
                bytes.Insert(place, bytes[place]);
                break;
            case 3:
                bytes.RemoveRange(place, bytes.Count - place);
                break;
            default:
                bytes.Insert(place, value);
                break;
        }
    }

    private static void AssertNotMoreThanTheReader(byte[] json) =>
        Assert.True(!JsonScan.Accepts(json) || ReaderAccepts(json), Convert.ToHexString(json));

    private static bool ReaderAccepts(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonCheck.MaxDepth });
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return Utf8.IsValid(json);
    }
}
