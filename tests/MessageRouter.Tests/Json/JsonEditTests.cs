using System.Text;
using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

public sealed class JsonEditTests
{
    [Theory]
    [InlineData("""{}""", "a", """{"a":1}""")]
    [InlineData("""{ }""", "a", """{"a":1 }""")]
    [InlineData("""{"b":2}""", "a", """{"b":2,"a":1}""")]
    [InlineData("{\n  \"b\": 2\n}\n", "a", "{\n  \"b\": 2,\"a\":1\n}\n")]
    [InlineData("""{"a": 1.50 , "b":2E+1}""", "a", """{"a": 1 , "b":2E+1}""")]
    [InlineData("""{"a":{"x":[]}}""", "a", """{"a":1}""")]
    [InlineData("""{"\u0061":2}""", "a", """{"\u0061":1}""")]
    [InlineData("""{"a":2,"a":3,"a":4}""", "a", """{"a":2,"a":3,"a":1}""")]
    [InlineData("""{"x":0}""", "a.b.c", """{"x":0,"a":{"b":{"c":1}}}""")]
    [InlineData("""{"a":{"b":{}}}""", "a.b.c", """{"a":{"b":{"c":1}}}""")]
    [InlineData("""{"a":{"x":0},"y":0}""", "a.b.0", """{"a":{"x":0,"b":{"0":1}},"y":0}""")]
    [InlineData("""{"a":{"b":0},"a":{}}""", "a.b", """{"a":{"b":0},"a":{"b":1}}""")]
    [InlineData("""{"a":[0, 0]}""", "a.1", """{"a":[0, 1]}""")]
    [InlineData("""{"a":[{}]}""", "a.0.b", """{"a":[{"b":1}]}""")]
    [InlineData("""{}""", "\"q\\\"\\\\.x\"", """{"q\"\\.x":1}""")]
    public void Sets_a_value(string json, string path, string expected)
    {
        Assert.True(ByteEdit.TrySet(Bytes(json), FieldPath.Parse(path), "1"u8, out var result, out var problem));
        Assert.Null(problem);
        Assert.Equal(expected, Encoding.UTF8.GetString(result));
    }

    [Theory]
    [InlineData("[]", "a", "the document is not an object")]
    [InlineData("[1]", "0", "the document is not an object")]
    [InlineData("\"a\"", "a", "the document is not an object")]
    [InlineData("""{"a":null}""", "a.b", "'a' is not an object")]
    [InlineData("""{"x":{"a b":"s"}}""", "x.\"a b\".c.d", "'x.\"a b\"' is not an object")]
    [InlineData("""{"a":[1]}""", "a.1", "'1' is not an index in the array 'a'")]
    [InlineData("""{"a":[1]}""", "a.x.y", "'x' is not an index in the array 'a'")]
    [InlineData("""{"a":{"b":1},"a":2}""", "a.b", "'a' is not an object")]
    public void Says_why_a_value_has_no_place(string json, string path, string expected)
    {
        Assert.False(ByteEdit.TrySet(Bytes(json), FieldPath.Parse(path), "1"u8, out var result, out var problem));
        Assert.Equal(expected, problem);
        Assert.Empty(result);
    }

    [Fact]
    public void Sets_nothing_below_64_levels()
    {
        var deepest = FieldPath.Parse(string.Join('.', Enumerable.Repeat("a", 64)));
        var above = FieldPath.Parse(string.Join('.', Enumerable.Repeat("a", 62)));

        Assert.True(ByteEdit.TrySet("{}"u8, deepest, "1"u8, out var result, out _));
        Assert.True(JsonCheck.IsDocument(result, out _));
        Assert.True(ByteEdit.TrySet("{}"u8, above, "[1,{}]"u8, out result, out _));
        Assert.True(JsonCheck.IsDocument(result, out _));
        Assert.False(ByteEdit.TrySet("{}"u8, deepest, "[]"u8, out _, out var problem));
        Assert.Contains("64 levels", problem);
        Assert.False(ByteEdit.TrySet("{}"u8, above, "[[],[[]]]"u8, out _, out _));
    }

    [Theory]
    [InlineData("""{"a":1}""", "a", "{}")]
    [InlineData("""{ "a":1 }""", "a", "{  }")]
    [InlineData("""{ "a" : 1 , "b":2 }""", "a", """{ "b":2 }""")]
    [InlineData("""{ "b":2 , "a" : 1 }""", "a", """{ "b":2 }""")]
    [InlineData("""{"b":2 ,"a":1 ,"c":3}""", "a", """{"b":2 ,"c":3}""")]
    [InlineData("{\n  \"a\": 1,\n  \"b\": 2\n}", "b", "{\n  \"a\": 1\n}")]
    [InlineData("""{"a":1,"a":2}""", "a", "{}")]
    [InlineData("""{"a":1,"b":2,"\u0061":3,"a":4,"c":5,"a":6}""", "a", """{"b":2,"c":5}""")]
    [InlineData("""{"a":1,"a":2,"b":2}""", "a", """{"b":2}""")]
    [InlineData("""{"x":{"a":1,"b":[]},"a":1}""", "x.a", """{"x":{"b":[]},"a":1}""")]
    [InlineData("""{"x":{"a":1},"x":{"a":2}}""", "x.a", """{"x":{"a":1},"x":{}}""")]
    [InlineData("""[1, 2, 3]""", "1", "[1, 3]")]
    [InlineData("""{"t":[[1],2]}""", "t.0", """{"t":[2]}""")]
    [InlineData("""{"t":[1]}""", "t.0", """{"t":[]}""")]
    public void Removes_a_field_and_its_comma(string json, string path, string expected)
    {
        Assert.True(ByteEdit.TryRemove(Bytes(json), FieldPath.Parse(path), out var result));
        Assert.Equal(expected, Encoding.UTF8.GetString(result));
    }

    [Theory]
    [InlineData("{}", "a")]
    [InlineData("1", "a")]
    [InlineData("""{"a":1}""", "b")]
    [InlineData("""{"a":1}""", "a.b")]
    [InlineData("""{"a":[1]}""", "a.1")]
    [InlineData("""{"a":{"b":1},"a":{}}""", "a.b")]
    public void Removes_nothing_else(string json, string path)
    {
        Assert.False(ByteEdit.TryRemove(Bytes(json), FieldPath.Parse(path), out var result));
        Assert.Empty(result);
    }

    [Theory]
    [InlineData("""{"x":0, "a" : 1.0 ,"y":0}""", "a", "b", """{"x":0, "b" : 1.0 ,"y":0}""")]
    [InlineData("""{"o":{"a":1,"c":2}}""", "o.a", "o.b", """{"o":{"b":1,"c":2}}""")]
    [InlineData("""{"a":1,"x":0,"a":2,"y":0}""", "a", "b", """{"x":0,"b":2,"y":0}""")]
    [InlineData("""{"a":1,"b":2,"c":3}""", "a", "b", """{"b":1,"c":3}""")]
    [InlineData("""{"a":1,"b":2}""", "a", "a", """{"a":1,"b":2}""")]
    [InlineData("""{"a":1,"b":2}""", "a", "o.p", """{"b":2,"o":{"p":1}}""")]
    [InlineData("""{"o":{"p":[1]},"b":2}""", "o.p", "a", """{"o":{},"b":2,"a":[1]}""")]
    [InlineData("""{"a":1}""", "a", "a.b", """{"a":{"b":1}}""")]
    [InlineData("""{"a":{"b":1}}""", "a.b", "a", """{"a":1}""")]
    [InlineData("""{"t":[1,2,3]}""", "t.0", "first", """{"t":[2,3],"first":1}""")]
    [InlineData("""{"t":[1,2,3]}""", "t.0", "t.1", """{"t":[2,1]}""")]
    [InlineData("""{"\u0061":"\u0061"}""", "a", "\"x y\"", """{"x y":"\u0061"}""")]
    public void Renames_a_field(string json, string from, string to, string expected)
    {
        var renamed = ByteEdit.TryRename(
            Bytes(json), FieldPath.Parse(from), FieldPath.Parse(to), out var result, out var problem);

        Assert.True(renamed, problem);
        Assert.Null(problem);
        Assert.Equal(expected, Encoding.UTF8.GetString(result));
    }

    [Theory]
    [InlineData("""{"b":1}""", "a", "c", null)]
    [InlineData("""{"a":1}""", "a.b", "c", null)]
    [InlineData("""{"a":1,"b":2}""", "a", "b.c", "'b' is not an object")]
    [InlineData("""{"t":[1]}""", "t.0", "t.1", "'1' is not an index in the array 't'")]
    [InlineData("[1]", "0", "a", "the document is not an object")]
    public void Tells_nothing_to_move_from_no_place_to_move_to(string json, string from, string to, string? expected)
    {
        var renamed = ByteEdit.TryRename(
            Bytes(json), FieldPath.Parse(from), FieldPath.Parse(to), out var result, out var problem);

        Assert.False(renamed);
        Assert.Equal(expected, problem);
        Assert.Empty(result);
    }

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
