using System.Text;
using CsCheck;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Json;

public sealed class JsonEditPropertyTests
{
    [Fact]
    public void Sets_like_a_tree_and_touches_nothing_else() =>
        Gen.Select(JsonGen.Document, JsonGen.Path, JsonGen.Value).Sample((json, path, value) =>
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            var raw = Encoding.UTF8.GetBytes(value);
            var tree = JsonTree.Parse(json);

            var expected = JsonTree.TrySet(ref tree, path.Segments, JsonTree.Parse(value));

            Assert.Equal(expected, ByteEdit.TrySet(bytes, path, raw, out var result, out var problem));
            Assert.Equal(expected, problem is null);
            if (!expected)
            {
                Assert.Empty(result);
                return;
            }

            JsonTree.AssertSame(tree, result);
            Assert.True(JsonField.TryFind(result, path, out var set));
            Assert.Equal(value, Encoding.UTF8.GetString(set.Raw(result)));
            if (JsonField.TryFind(bytes, path, out var old))
            {
                Assert.Equal(bytes[..old.Start], result[..set.Start]);
                Assert.Equal(bytes[old.End..], result[set.End..]);
            }
            else
            {
                AssertInserted(bytes, result);
            }
        }, iter: JsonGen.Many);

    [Fact]
    public void Removes_like_a_tree_and_touches_nothing_else() =>
        Gen.Select(JsonGen.Document, JsonGen.Path).Sample((json, path) =>
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            var tree = JsonTree.Parse(json);

            var expected = JsonTree.TryRemove(ref tree, path.Segments);

            Assert.Equal(expected, ByteEdit.TryRemove(bytes, path, out var result));
            if (!expected)
            {
                Assert.Empty(result);
                return;
            }

            JsonTree.AssertSame(tree, result);
            AssertCutOut(result, bytes);
        }, iter: JsonGen.Many);

    [Fact]
    public void Renames_like_a_tree() =>
        Gen.Select(JsonGen.Document, JsonGen.Path, JsonGen.Path).Sample(AssertRenamesLikeATree, iter: JsonGen.Many);

    [Fact]
    public void Renames_in_the_same_object_like_a_tree() =>
        Gen.Select(JsonGen.Document, JsonGen.Names, JsonGen.Names).Sample((json, from, to) =>
            AssertRenamesLikeATree(json, JsonGen.PathOf(from), JsonGen.PathOf([.. from[..^1], to[0]])), iter: JsonGen.Many);

    private static void AssertRenamesLikeATree(string json, FieldPath from, FieldPath to)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var tree = JsonTree.Parse(json);
        var value = JsonTree.Find(tree, from.Segments);
        var unmoved = from.Segments.SequenceEqual(to.Segments);
        var expected = value is not null && tree.Type == JTokenType.Object
            && (unmoved || (JsonTree.TryRemove(ref tree, from.Segments) && JsonTree.TrySet(ref tree, to.Segments, value)));

        Assert.Equal(expected, ByteEdit.TryRename(bytes, from, to, out var result, out var problem));
        if (!expected)
        {
            Assert.Empty(result);
            return;
        }

        Assert.Null(problem);
        JsonTree.AssertSame(tree, result);
        Assert.True(JsonField.TryFind(bytes, from, out var old));
        Assert.True(JsonField.TryFind(result, to, out var moved));
        Assert.Equal(bytes[old.Start..old.End], result[moved.Start..moved.End]);
        if (from.IsSiblingOf(to) && !JsonField.TryFind(bytes, to, out _))
        {
            Assert.Equal(bytes[old.End..], result[moved.End..]);
        }
    }

    private static void AssertInserted(byte[] before, byte[] after)
    {
        var start = before.AsSpan().CommonPrefixLength(after);
        var end = before.Length - start;
        Assert.True(before.AsSpan(start).SequenceEqual(after.AsSpan(after.Length - end)), "more than one place changed");
    }

    private static void AssertCutOut(byte[] part, byte[] whole)
    {
        var found = 0;
        foreach (var b in whole)
        {
            if (found < part.Length && part[found] == b)
            {
                found++;
            }
        }

        Assert.Equal(part.Length, found);
    }
}
