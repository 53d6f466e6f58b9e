using System.Text;
using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

/// <summary>Large documents that are made to take long: with quadratic time none of these would come to an end.</summary>
public sealed class HostileDocumentsTests
{
    private const int Many = 300_000;

    private static readonly string s_longName = new('k', 1000);

    public static TheoryData<string, string, string> Documents() => new()
    {
        { "a key over and over", Object(Repeat("\"a\":1")), "a" },
        { "a key over and over, once with an escape", Object($$"""{{Repeat("\"a\":1")}},"\u0061":2"""), "a" },
        { "a key that is always written with an escape", Object(Repeat("\"\\u0061\":1")), "a" },
        { "values that look like the key", Object($$"""{{Repeat("\"x\":\"a\"")}}"""), "a" },
        { "the key behind values that look like it", Object($$"""{{Repeat("\"x\":\"a\"")}},"a":1"""), "a" },
        { "texts that look like members", Object($$"""{{Repeat("\"x\":\"\\\"a\\\":\"")}},"a":1"""), "a" },
        { "the key in every element of a list", Object($$"""{"list":[{{Repeat("{\"a\":1}")}}]}"""[1..^1]), "a" },
        { "the key before every element of a list has it", Object($$"""{"a":1,"list":[{{Repeat("{\"a\":1}")}}]}"""[1..^1]), "a" },
        { "a list of lists", Object($$"""{"a":[{{Repeat("[]")}}]}"""[1..^1]), $"a.{Many - 1}" },
        { "a parent over and over", Object(Repeat("\"a\":{\"b\":1}")), "a.b" },
        { "a parent over and over that ends early", Object($$"""{{Repeat("\"a\":{\"b\":1}")}},"a":2"""), "a.b" },
        { "an empty key over and over", Object(Repeat("\"\":\"\"")), "\"\"" },
        { "a key of a comma", Object(Repeat("\",\":\",\"")), "\",\"" },
        { "a key that is longer than a block", Object($$"""{{Repeat("\"x\":1")}},"{{s_longName}}":1"""), s_longName },
        { "white space", Object($$"""{{new string(' ', Many)}}"a"{{new string('\n', Many)}}:{{new string('\t', Many)}}1{{new string(' ', Many)}}"""), "a" },
        { "backslashes", Object($$"""{"x":"{{new string('\\', 2 * Many)}}","a":1}"""[1..^1]), "a" },
        { "a number of many digits", Object($$"""{"a":{{new string('1', Many)}}e999}"""[1..^1]), "a" },
        { "half surrogate pairs", Object($$"""{"a":"{{string.Concat(Enumerable.Repeat("\\ud800", Many))}}"}"""[1..^1]), "a" },
        { "as many levels as there may be", string.Concat(Enumerable.Repeat("{\"a\":", 64)) + "1" + new string('}', 64), string.Join('.', Enumerable.Repeat("a", 64)) },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Are_read_and_edited_as_by_a_plain_reader(string what, string text, string name)
    {
        var json = Encoding.UTF8.GetBytes(text);
        var path = FieldPath.Parse(name);
        var other = FieldPath.Parse("other");

        Assert.True(JsonCheck.IsDocument(json, out var problem), $"{what}: {problem}");
        Assert.Equal(ReaderField.TryFind(json, path, out var expected), JsonField.TryFind(json, path, out var found));
        Assert.Equal(expected, found);
        Assert.Equal(ReaderEdit.TrySet(json, path, "18"u8, out var expectedSet, out _), ByteEdit.TrySet(json, path, "18"u8, out var set, out _));
        Assert.True(expectedSet.AsSpan().SequenceEqual(set), what);
        Assert.Equal(ReaderEdit.TryRemove(json, path, out var expectedRest), ByteEdit.TryRemove(json, path, out var rest));
        Assert.True(expectedRest.AsSpan().SequenceEqual(rest), what);
        Assert.Equal(ReaderEdit.TryRename(json, path, other, out var expectedMoved, out _), ByteEdit.TryRename(json, path, other, out var moved, out _));
        Assert.True(expectedMoved.AsSpan().SequenceEqual(moved), what);
    }

    /// <summary>A tree may be deeper than a document that comes in, and is never checked.</summary>
    [Fact]
    public void Any_number_of_levels_is_looked_through_without_a_stack()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"x":{{string.Concat(Enumerable.Repeat("{\"a\":[", Many))}}{{string.Concat(Enumerable.Repeat("]}", Many))}},"a":1}""");

        Assert.False(JsonCheck.IsDocument(json, out var problem));
        Assert.Contains("more than 64 levels deep", problem);
        Assert.True(JsonField.TryFind(json, FieldPath.Parse("a"), out var found));
        Assert.Equal("1", Encoding.UTF8.GetString(found.Raw(json)));
    }

    private static string Object(string members) => $"{{{members}}}";

    private static string Repeat(string member) => string.Join(',', Enumerable.Repeat(member, Many));
}
