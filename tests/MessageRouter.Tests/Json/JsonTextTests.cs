using System.Text;
using CsCheck;
using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("a/é€🙂\u007f\u2028<>&'", "\"a/é€🙂\u007f\u2028<>&'\"")]
    [InlineData("\"\\", "\"\\\"\\\\\"")]
    [InlineData("\b\f\n\r\t\0\u001f", "\"\\b\\f\\n\\r\\t\\u0000\\u001f\"")]
    public void Escapes_only_what_must_be(string text, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(JsonText.Quote(text)));

    // Attributes cannot hold half a surrogate pair.
    [Fact]
    public void Replaces_half_a_surrogate_pair() =>
        Assert.Equal("\"a\ufffdb\ufffd\"", Encoding.UTF8.GetString(JsonText.Quote("a\ud800b\udc00")));

    [Fact]
    public void Quotes_any_text_so_that_it_reads_back() =>
        Gen.String.Sample(text =>
        {
            var quoted = JsonText.Quote(text);
            Assert.True(JsonCheck.IsDocument(quoted, out var problem), problem);
            var readable = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            Assert.Equal(readable, (string?)JsonTree.Parse(quoted));
            Assert.Equal(readable, JsonCursor.Root(quoted).GetText(quoted));
        });

    [Fact]
    public void Keeps_the_memory_of_a_single_line()
    {
        ReadOnlyMemory<byte> json = "{\"a\": \"\\n\"}"u8.ToArray();

        Assert.Equal(json, JsonText.SingleLine(json));
    }

    [Fact]
    public void Replaces_line_breaks_by_spaces()
    {
        var json = "{\r\n\t\"a\": [\n1]}\n"u8.ToArray();

        Assert.Equal("{  \t\"a\": [ 1]} ", Encoding.UTF8.GetString(JsonText.SingleLine(json).Span));
        Assert.Equal((byte)'\r', json[1]);
    }

    [Fact]
    public void Means_the_same_on_a_single_line() =>
        JsonGen.Document.Sample(json =>
        {
            var line = JsonText.SingleLine(Encoding.UTF8.GetBytes(json));
            Assert.True(line.Span.IndexOfAny((byte)'\r', (byte)'\n') < 0);
            JsonTree.AssertSame(JsonTree.Parse(json), line.Span);
        });
}
