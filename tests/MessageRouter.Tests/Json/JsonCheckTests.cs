using System.Text;
using System.Text.Json;
using CsCheck;
using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

public sealed class JsonCheckTests
{
    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("0")]
    [InlineData("-0.5E-7")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData(" \t\r\n{ \"a\" : [ 1 , \"é\\u00e9🙂\" ] } \r\n")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\u007f\u2028\"")]
    [InlineData("1e999999999999999999999")]
    public void Accepts_one_value_of_any_kind(string json)
    {
        Assert.True(JsonCheck.IsDocument(Encoding.UTF8.GetBytes(json), out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("", "no value, the document ends at byte 0")]
    [InlineData(" \n", "no value, the document ends at byte 2")]
    [InlineData("hello", "unexpected 'h' at byte 0")]
    [InlineData("\ufeff{}", "unexpected 0xEF at byte 0")]
    [InlineData("{} {}", "unexpected '{' at byte 3")]
    [InlineData("1 2", "unexpected '2' at byte 2")]
    [InlineData("{\"a\":1", "ends too early, at byte 6")]
    [InlineData("[1", "ends too early, at byte 2")]
    [InlineData("\"ab", "ends too early, at byte 3")]
    [InlineData("[1,]", "unexpected ']' at byte 3")]
    [InlineData("{\"a\":1,}", "unexpected '}' at byte 7")]
    [InlineData("[1 // x\n]", "unexpected '/' at byte 3")]
    [InlineData("{\n\n\"a\" 1}", "unexpected '1' at byte 7")]
    [InlineData("{a:1}", "unexpected 'a' at byte 1")]
    [InlineData("{'a':1}", "unexpected ''' at byte 1")]
    [InlineData("[01]", "unexpected '1' at byte 2")]
    [InlineData("[+1]", "unexpected '+' at byte 1")]
    [InlineData("[.5]", "unexpected '.' at byte 1")]
    [InlineData("[NaN]", "unexpected 'N' at byte 1")]
    [InlineData("[nul]", "byte ")]
    [InlineData("\"\\x\"", "unexpected 'x' at byte 2")]
    [InlineData("\"\\u12g4\"", "byte ")]
    [InlineData("\"a\nb\"", "unexpected 0x0A at byte 2")]
    [InlineData("[\"\t\"]", "unexpected 0x09 at byte 2")]
    [InlineData("\u00a0{}", "unexpected 0xC2 at byte 0")]
    public void Says_what_is_wrong_and_where(string json, string expected)
    {
        Assert.False(JsonCheck.IsDocument(Encoding.UTF8.GetBytes(json), out var problem));
        Assert.Contains(expected, problem);
    }

    [Theory]
    [InlineData("22C32822", 1)] // a lead byte without its continuation
    [InlineData("22617822808022", 4)] // continuations outside of the string
    [InlineData("2261ED A080 22", 2)] // half a surrogate pair
    [InlineData("22C080 22", 1)] // an overlong NUL
    [InlineData("22F4908080 22", 1)] // above U+10FFFF
    [InlineData("7B22C3A9FF223A317D", 4)] // in a name
    [InlineData("5B22C3225D", 2)]
    public void Rejects_invalid_UTF8(string hex, int position)
    {
        Assert.False(JsonCheck.IsDocument(Convert.FromHexString(hex.Replace(" ", "")), out var problem));
        Assert.Contains($"at byte {position}", problem);
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Accepts_64_levels_and_no_more(char open, char close)
    {
        var name = open == '{' ? "\"a\":" : "";

        string Nested(int levels) =>
            string.Join(name, Enumerable.Repeat(open, levels)) + new string(close, levels);

        Assert.True(JsonCheck.IsDocument(Encoding.UTF8.GetBytes(Nested(64)), out _));
        Assert.False(JsonCheck.IsDocument(Encoding.UTF8.GetBytes(Nested(65)), out var problem));
        Assert.Equal($"more than 64 levels deep at byte {64 * (1 + name.Length)}", problem);
        Assert.False(JsonCheck.IsDocument(Encoding.UTF8.GetBytes(new string('[', 1_000_000)), out _));
    }

    [Fact]
    public void Accepts_what_the_generator_writes() =>
        JsonGen.Document.Sample(json => Assert.True(JsonCheck.IsDocument(Encoding.UTF8.GetBytes(json), out var problem), problem));

    [Fact]
    public void Agrees_with_the_reader_on_damaged_documents() =>
        Gen.Select(JsonGen.Document, Gen.Int[0, 200], Gen.Int[0, 2], Gen.Byte).Sample((json, place, how, value) =>
        {
            var bytes = Encoding.UTF8.GetBytes(json).ToList();
            place %= bytes.Count + 1;
            if (how == 0)
            {
                bytes.Insert(place, value);
            }
            else if (place < bytes.Count && how == 1)
            {
                bytes[place] = value;
            }
            else
            {
                bytes.RemoveRange(place, Math.Min(3, bytes.Count - place));
            }

            AssertAgreement([.. bytes]);
        }, iter: JsonGen.Many);

    [Fact]
    public void Never_throws_on_random_bytes() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 64],
            Gen.OneOf("{}[]\",:\\u0123eE+-.tfnrl \n\u0001"u8.ToArray()).Array[0, 24]).Sample(AssertAgreement, iter: JsonGen.Many);

    private static void AssertAgreement(byte[] bytes)
    {
        var valid = JsonCheck.IsDocument(bytes, out var problem);
        Assert.Equal(IsStrict(bytes), valid);
        Assert.Equal(valid, problem is null);
        if (problem is not null)
        {
            Assert.InRange(int.Parse(problem[(problem.LastIndexOf(' ') + 1)..]), 0, bytes.Length);
        }
    }

    private static bool IsStrict(byte[] bytes)
    {
        try
        {
            s_strictUtf8.GetCharCount(bytes);
            using var document = JsonDocument.Parse(bytes);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }
}
