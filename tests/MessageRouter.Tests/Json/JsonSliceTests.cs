using System.Text;
using CsCheck;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Json;

public sealed class JsonSliceTests
{
    [Theory]
    [InlineData("0", "0", true)]
    [InlineData("0", "0.0", false)]
    [InlineData("\"0\"", "0", true)]
    [InlineData("\"\"", "", true)]
    [InlineData("\"\"", "\"\"", false)]
    [InlineData("null", "null", true)]
    [InlineData("true", "true", true)]
    [InlineData("[ 1 ]", "[ 1 ]", true)]
    [InlineData("[ 1 ]", "[1]", false)]
    [InlineData("""
        "a\nb"
        """, "a\nb", true)]
    [InlineData("""
        "a\nb"
        """, """a\nb""", false)]
    [InlineData("""
        "\"\\\/\b\f\r\t\u0041\u00e9\uD83D\uDE42!"
        """, "\"\\/\b\f\r\tAé🙂!", true)]
    [InlineData("""
        "ab\u0063"
        """, "ab", false)]
    [InlineData("""
        "ab\u0063"
        """, "abcd", false)]
    [InlineData("""
        "\ud800x\ude00"
        """, "\ufffdx\ufffd", true)]
    public void Compares_by_text(string json, string text, bool expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        Assert.Equal(expected, JsonCursor.Root(bytes).ValueEquals(bytes, Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Gives_the_text_that_a_tree_gives() =>
        JsonGen.Value.Sample(json =>
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            var text = JsonCursor.Root(bytes).GetText(bytes);

            Assert.Equal(JsonTree.Parse(json) is JValue { Type: JTokenType.String } s ? (string)s! : json, text);
            Assert.True(JsonCursor.Root(bytes).ValueEquals(bytes, Encoding.UTF8.GetBytes(text)));
            Assert.False(JsonCursor.Root(bytes).ValueEquals(bytes, Encoding.UTF8.GetBytes(text + "x")));
        });
}
