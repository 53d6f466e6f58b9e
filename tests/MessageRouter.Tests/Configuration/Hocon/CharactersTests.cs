using System.Text;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration.Hocon;

/// <summary>Bytes and characters that texts should not have, or that the specification gives a meaning.</summary>
public sealed class CharactersTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    public static TheoryData<byte[], string, int, int, string> NoText => new()
    {
        { [.. "a = 1\nb = "u8, 0x80], "this is not valid UTF-8", 2, 5, "save the file as UTF-8" },
        { [.. "a = "u8, 0xC0, 0xAF], "this is not valid UTF-8", 1, 5, "save the file as UTF-8" },
        { [.. "a = "u8, 0xED, 0xA0, 0x80], "this is not valid UTF-8", 1, 5, "save the file as UTF-8" },
        { [.. "a = "u8, 0xF4, 0x90, 0x80, 0x80], "this is not valid UTF-8", 1, 5, "save the file as UTF-8" },
        { [.. "a = é"u8[..5]], "this is not valid UTF-8", 1, 5, "save the file as UTF-8" },
        { [.. Encoding.Latin1.GetBytes("# Größe\na = 1")], "this is not valid UTF-8", 1, 5, "save the file as UTF-8" },
        { [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("a = 1")], "this is not valid UTF-8", 1, 1, "the file looks like UTF-16; save it as UTF-8" },
        { [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes("a = 1")], "this is not valid UTF-8", 1, 1, "the file looks like UTF-16; save it as UTF-8" },
        { Encoding.Unicode.GetBytes("a = 1"), "this is a NUL character, and no text", 1, 2, "is it a text file, saved as UTF-8?" },
        { Encoding.BigEndianUnicode.GetBytes("a = 1"), "this is a NUL character, and no text", 1, 1, "is it a text file, saved as UTF-8?" },
        { [.. Encoding.UTF32.GetBytes("a = 1")], "this is a NUL character, and no text", 1, 2, "is it a text file, saved as UTF-8?" },
        { [.. "a = 1\nb = \"x"u8, 0, .. "\""u8], "this is a NUL character, and no text", 2, 7, "is it a text file, saved as UTF-8?" },
    };

    [Theory]
    [MemberData(nameof(NoText))]
    public void Points_at_bytes_that_are_no_text(byte[] bytes, string problem, int line, int column, string cure)
    {
        File.WriteAllBytes(_file, bytes);
        var document = HoconReader.ReadFiles([_file], Read.Options);

        var error = Assert.Single(document.Diagnostics);
        Assert.Equal((problem, line, column, cure), (error.Message, error.Span!.Line, error.Span.Column, error.Hint));
        Assert.NotEmpty(DiagnosticPrinter.Print(document.Diagnostics));
    }

    [Theory]
    [InlineData("\uFEFFa = 1", """{"a":1}""")]
    [InlineData("a = 1\uFEFF, b = 2", """{"a":1,"b":2}""")]
    [InlineData("a = 1\u2028, b = 2", """{"a":1,"b":2}""")]
    [InlineData("a\u2028=\u2029x y\u00A0z", "{\"a\":\"x y\u00A0z\"}")]
    [InlineData("a = x\u2028y", "{\"a\":\"x\u2028y\"}")]
    [InlineData("a = 1\r\nb = \"x\"\r\n", """{"a":1,"b":"x"}""")]
    [InlineData("a = x\ry\n", "{\"a\":\"x\\ry\"}")]
    [InlineData("{ \"a\" : 1,\r  \"b\" : 2 }\n", """{"a":1,"b":2}""")]
    [InlineData("a = \"\\uD83D\\uDE00\", \"\\u0061b\" = \"\\u0000\"", "{\"a\":\"😀\",\"ab\":\"\\u0000\"}")]
    [InlineData("日本 = 語, \"😀\" = ${日本}", """{"日本":"語","😀":"語"}""")]
    public void Are_what_the_specification_says(string text, string expected)
    {
        File.WriteAllText(_file, text, new UTF8Encoding(false));
        var document = HoconReader.ReadFiles([_file], Read.Options);

        Assert.Empty(document.Diagnostics);
        Assert.Equal(Normal(expected), Normal(Read.Json(document.Root)));

        static string Normal(string json) => System.Text.Json.Nodes.JsonNode.Parse(json.Replace("\u2028", "\\u2028", StringComparison.Ordinal))!.ToJsonString();
    }

    [Theory]
    [InlineData("a = \"\\uD83D\"", 6, "this escape is half a character")]
    [InlineData("a = \"\\uDE00\"", 6, "this escape is half a character")]
    [InlineData("a = \"\\uD83D\\uD83D\"", 6, "this escape is half a character")]
    [InlineData("a = \"\\uDE00\\uD83Dx\"", 6, "this escape is half a character")]
    [InlineData("\"\\uD800\" = 1", 2, "this escape is half a character")]
    [InlineData("a = \"\\u12\"", 6, "`\\u` needs four hexadecimal digits")]
    [InlineData("a = \"x\u0001y\"", 7, "a quoted string cannot contain a control character")]
    [InlineData("a = \"x\ry\"", 7, "a quoted string cannot contain a control character")]
    public void Points_at_what_no_string_can_have(string text, int column, string problem)
    {
        var error = Read.Text(text).Diagnostics[0];

        Assert.Equal((problem, 1, column), (error.Message, error.Span!.Line, error.Span.Column));
    }

    [Fact]
    public void Warns_where_no_carriage_return_ends_a_line()
    {
        File.WriteAllText(_file, "# a comment\ra = 1\rb = 2\r");
        var document = HoconReader.ReadFiles([_file], Read.Options);

        var warning = Assert.Single(document.Diagnostics);
        Assert.Equal((DiagnosticSeverity.Warning, "this carriage return ends no line", 12), (warning.Severity, warning.Message, warning.Span!.Column));
        Assert.Empty(document.Root.Fields);
    }
}
