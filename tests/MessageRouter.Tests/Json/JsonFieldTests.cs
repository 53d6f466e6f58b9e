using System.Text;
using System.Text.Json;
using CsCheck;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Json;

public sealed class JsonFieldTests
{
    [Theory]
    [InlineData("""{"a":1}""", "a", "1")]
    [InlineData("""{"a":"x"}""", "a", "\"x\"")]
    [InlineData(""" { "a" : [ 1 , 2 ] } """, "a", "[ 1 , 2 ]")]
    [InlineData("""{"x":{"a":0},"a":{"b":{"c":null}}}""", "a.b.c", "null")]
    [InlineData("""{"tags":["x",["y",{"z":3}]]}""", "tags.1.1.z", "3")]
    [InlineData("""[5,6]""", "1", "6")]
    [InlineData("""{"0":5}""", "0", "5")]
    [InlineData("""{"a.b":{"c":7},"a":{"b":{"c":8}}}""", "\"a.b\".c", "7")]
    [InlineData("""{"":1}""", "\"\"", "1")]
    [InlineData("""{"\u0061\/":1}""", "a/", "1")]
    [InlineData("""{"a":1,"a":2}""", "a", "2")]
    [InlineData("""{"a":1,"\u0061":2}""", "a", "2")]
    [InlineData("""{"a":{"b":1},"a":{"b":2}}""", "a.b", "2")]
    [InlineData("""{"a":{"b":1,"b":2},"c":3}""", "a.b", "2")]
    [InlineData("""{"\ud800":1}""", "\ufffd", "1")]
    public void Finds_the_raw_value(string json, string path, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        Assert.True(JsonField.TryFind(bytes, FieldPath.Parse(path), out var value));
        Assert.Equal(expected, Encoding.UTF8.GetString(value.Raw(bytes)));
    }

    [Theory]
    [InlineData("{}", "a")]
    [InlineData("1", "a")]
    [InlineData("\"a\"", "a")]
    [InlineData("""{"a":1}""", "b")]
    [InlineData("""{"a":1}""", "A")]
    [InlineData("""{"a":1}""", "a.b")]
    [InlineData("""{"x":{"a":1}}""", "a")]
    [InlineData("""{"x":"a"}""", "a")]
    [InlineData("""{"a":[1]}""", "a.1")]
    [InlineData("""{"a":[1]}""", "a.00")]
    [InlineData("""{"a":[1]}""", "a.x")]
    [InlineData("""{"a":[[1],5],"b":[9,9]}""", "a.0.1")]
    [InlineData("""{"a":{"b":1},"a":{}}""", "a.b")]
    [InlineData("""{"a":{"b":1},"a":2}""", "a.b")]
    public void Finds_nothing_else(string json, string path)
    {
        Assert.False(JsonField.TryFind(Encoding.UTF8.GetBytes(json), FieldPath.Parse(path), out var value));
        Assert.Equal(default, value);
    }

    [Fact]
    public void Finds_the_deepest_value_of_64_levels()
    {
        var json = string.Concat(Enumerable.Repeat("{\"a\":", 64)) + "1" + new string('}', 64);
        var path = FieldPath.Parse(string.Join('.', Enumerable.Repeat("a", 64)));

        Assert.True(JsonField.TryFind(Encoding.UTF8.GetBytes(json), path, out var value));
        Assert.Equal(1, value.Length);
    }

    [Fact]
    public void Does_not_allocate()
    {
        var json = """{"x":[1,{"y":"\n"}],"a":{"b":[1,"v"]},"z":"\u0061"}"""u8.ToArray();
        var path = FieldPath.Parse("a.b.1");
        JsonField.TryFind(json, path, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        JsonField.TryFind(json, path, out var value);
        var equal = value.ValueEquals(json, "v"u8);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(equal);
    }

    [Fact]
    public void Walks_like_a_tree() =>
        Gen.Select(JsonGen.Document, JsonGen.Path).Sample((json, path) =>
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            var expected = JsonTree.Find(JsonTree.Parse(json), path.Segments);

            Assert.Equal(expected is not null, JsonField.TryFind(bytes, path, out var value));
            if (expected is not null)
            {
                JsonTree.AssertSame(expected, value.Raw(bytes));
                Assert.Equal(expected.Type == JTokenType.String, value.Kind == JsonTokenType.String);
            }
        }, iter: JsonGen.Many);

    [Fact]
    public void Finds_every_field_of_a_tree() =>
        JsonGen.Document.Sample(json =>
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            AssertFields(bytes, JsonTree.Parse(json), []);
        });

    private static void AssertFields(byte[] json, JToken token, string[] names)
    {
        if (names.Length > 0)
        {
            Assert.True(JsonField.TryFind(json, JsonGen.PathOf(names), out var value));
            JsonTree.AssertSame(token, value.Raw(json));
        }

        switch (token)
        {
            case JObject o:
                foreach (var property in o.Properties())
                {
                    AssertFields(json, property.Value, [.. names, property.Name]);
                }

                break;
            case JArray a:
                for (var i = 0; i < a.Count; i++)
                {
                    AssertFields(json, a[i], [.. names, i.ToString()]);
                }

                break;
        }
    }
}
