using CsCheck;
using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

public sealed class FieldPathTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("a.b", "a", "b")]
    [InlineData("tags.0", "tags", "0")]
    [InlineData("@timestamp", "@timestamp")]
    [InlineData("$x-y_z", "$x-y_z")]
    [InlineData("grün.🙂", "grün", "🙂")]
    [InlineData("\"a.b\".c", "a.b", "c")]
    [InlineData("a.\"x y\"", "a", "x y")]
    [InlineData("\"\"", "")]
    [InlineData("\"\".\"\"", "", "")]
    [InlineData("\"say \\\"hi\\\" \\\\ bye\"", "say \"hi\" \\ bye")]
    [InlineData("\"tags[0]\"", "tags[0]")]
    public void Reads_the_names_and_keeps_the_text(string text, params string[] names)
    {
        var path = FieldPath.Parse(text);

        Assert.Equal(names, path.Segments);
        Assert.Equal(text, path.ToString());
    }

    [Theory]
    [InlineData("", "position 1 is empty")]
    [InlineData(".a", "position 1 is empty")]
    [InlineData("a.", "position 3 is empty")]
    [InlineData("a..b", "position 3 is empty")]
    [InlineData("a b", "' ' at position 2")]
    [InlineData("a\"b\"", "'\"' at position 2")]
    [InlineData("a\\b", "'\\' at position 2")]
    [InlineData("tags[0]", "'[' at position 5")]
    [InlineData("a.\"b", "position 3 is not closed")]
    [InlineData("\"a\\", "backslash at position 3")]
    [InlineData("\"a\\n\"", "backslash at position 3")]
    [InlineData("\"a\"b", "position 4")]
    public void Says_what_is_wrong(string text, string expected)
    {
        Assert.False(FieldPath.TryParse(text, out var path, out var problem));
        Assert.Null(path);
        Assert.Contains(expected, problem);
        Assert.Contains(expected, Assert.Throws<FormatException>(() => FieldPath.Parse(text)).Message);
    }

    // Attributes cannot hold half a surrogate pair.
    [Fact]
    public void Rejects_half_a_surrogate_pair()
    {
        Assert.False(FieldPath.TryParse("a\ud800", out _, out var problem));
        Assert.Contains("not valid Unicode", problem);
        Assert.True(FieldPath.TryParse("\ud83d\ude42\ufffd", out _, out _));
    }

    [Fact]
    public void Has_as_many_names_as_a_document_has_levels()
    {
        Assert.True(FieldPath.TryParse(string.Join('.', Enumerable.Repeat("a", 64)), out _, out _));
        Assert.False(FieldPath.TryParse(string.Join('.', Enumerable.Repeat("a", 65)), out _, out var problem));
        Assert.Contains("more than 64", problem);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("10", 10)]
    [InlineData("999999999", 999999999)]
    [InlineData("01", -1)]
    [InlineData("-1", -1)]
    [InlineData("+1", -1)]
    [InlineData("٣", -1)]
    [InlineData("1000000000", -1)]
    [InlineData("\"\"", -1)]
    public void Takes_plain_numbers_as_an_index(string text, int index) =>
        Assert.Equal(index, FieldPath.Parse(text).Last.Index);

    [Theory]
    [InlineData("a", "b", true)]
    [InlineData("a", "a", true)]
    [InlineData("x.a", "\"x\".b", true)]
    [InlineData("x.a", "y.a", false)]
    [InlineData("x", "x.a", false)]
    [InlineData("x.a", "x", false)]
    public void Knows_its_siblings(string path, string other, bool expected) =>
        Assert.Equal(expected, FieldPath.Parse(path).IsSiblingOf(FieldPath.Parse(other)));

    [Fact]
    public void Gives_back_any_names_that_were_quoted() =>
        JsonGen.Names.Sample(names =>
        {
            var path = JsonGen.PathOf(names);
            Assert.Equal(names, path.Segments);
            Assert.Equal(names, FieldPath.Parse(path.ToString()).Segments);
            Assert.Equal(names[..1], FieldPath.Parse(path.Prefix(1)).Segments);
        });

    [Fact]
    public void Never_throws_on_any_text() =>
        Gen.String[Gen.OneOf('a', '0', '.', '"', '\\', ' ', '[', '\ud800'), 0, 12].Sample(text =>
        {
            if (FieldPath.TryParse(text, out var path, out var problem))
            {
                Assert.Equal(text, path.ToString());
            }
            else
            {
                Assert.NotEmpty(problem);
            }
        });
}
