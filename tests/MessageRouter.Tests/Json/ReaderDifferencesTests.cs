using System.Text;
using CsCheck;
using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

/// <summary>What is read and edited by searching the bytes is, byte for byte, what a plain reader of all tokens reads and edits.</summary>
public sealed class ReaderDifferencesTests
{
    private static readonly FieldPath[] s_paths =
        [.. new[] { "a", "b", "level", "\"\"", "a.b", "b.a.0", "1", "a.1", "\"a.b\"", "\"x y\"", "\",\"", "\":\"", "\"}\"", "\"{\"", "\"\\\"\"", "\"\\\\\"", "\"/\"", "é", "\"\ufffd\"", "\" a\"" }.Select(FieldPath.Parse)];

    public static TheoryData<string> Traps() =>
    [
        // Values that look like members.
        """{"a":"b","b":"a"}""",
        """{"x":"\"a\":1","a":2}""",
        """{"a":2,"x":"\"a\":1"}""",
        """{"x\"a":1,"y":"say \"a"}""",
        """{"say \"a":1}""",
        """{"x\\":1,"a":2,"y":"\\\"a\":"}""",
        """{"a":1,"x":["a","a",{"a":3}],"y":"a"}""",
        """{"x":{"a":1}}""",
        """{"a":1,"x":{"a":2}}""",
        """{"a":1,"x":[{"a":2}]}""",
        """{"x":"{[","a":1,"y":"]}"}""",
        """{"x":["{",{"y":"}"}],"a":1}""",

        // Names that are what stands between strings.
        """{",":1,"x":"y","z":2}""",
        """{"x":"y","z":":","}":1,":":3}""",
        """{"x":{"y":"z"},"}":{"}":1},"{":2}""",
        """{"":1,"x":""}""",
        """{"x":"","":""}""",
        """{"x":" a"," a":1}""",

        // Names that are written with escapes.
        """{"\u0061":1}""",
        """{"a":1,"\u0061":2}""",
        """{"\u0061":1,"a":2}""",
        """{"a":1,"x":"\u0061"}""",
        """{"\u0061":1,"\u0061":2,"x":{"\u0061":3}}""",
        """{"\/":1,"/":2}""",
        """{"\"":1,"\\":2}""",
        """{"\ud800":1,"\ufffd":2}""",
        """{"\u00e9":1,"é":2}""",

        // Several of a name, and what is nested in them.
        """{"a":{"b":1},"a":{"b":2,"b":3},"b":4}""",
        """{"a":{"b":1},"a":5}""",
        """{"b":{"a":[1]},"b":{"a":[]}}""",
        """ { "a" : 1 , "a" : 2 , "b" : 3 } """,
        "{\n\t\"b\" : {\n\t\t\"a\" : [ 1 , 2 ]\n\t} ,\n\t\"a\" : [ ]\n}\n",

        // Documents that are no objects.
        "[]",
        "[1,[2],{\"a\":3}]",
        "\"a\"",
        "1e999",
        "null",
    ];

    [Theory]
    [MemberData(nameof(Traps))]
    public void Nothing_that_looks_like_a_member_is_taken_for_one(string json)
    {
        Assert.True(JsonCheck.IsDocument(Encoding.UTF8.GetBytes(json), out var problem), problem);
        foreach (var from in s_paths)
        {
            foreach (var to in s_paths) AssertSame(Encoding.UTF8.GetBytes(json), from, to);
        }
    }

    /// <summary>So that each of its parts is at each place of the blocks in which documents are read.</summary>
    [Theory]
    [MemberData(nameof(Traps))]
    public void It_makes_no_difference_where_in_a_longer_document_it_stands(string json)
    {
        for (var length = 0; length < 2 * JsonBlock.Size; length++)
        {
            var padded = Encoding.UTF8.GetBytes($$"""{"pad":"{{new string('x', length)}}","level":{{json}},"a":{"b":"\\"},"end":"{{new string('y', length)}}"}""");
            AssertSame(padded, s_paths[0], s_paths[1]);
            AssertSame(padded, s_paths[2], s_paths[0]);
            AssertSame(padded, s_paths[4], s_paths[2]);
            AssertSame(padded, FieldPath.Parse("level.a"), FieldPath.Parse("level.b"));
        }
    }

    [Fact]
    public void Random_documents_read_and_edit_the_same() =>
        Gen.Select(JsonGen.Document, JsonGen.Path, JsonGen.Path).Sample(
            (json, from, to) => AssertSame(Encoding.UTF8.GetBytes(json), from, to), iter: JsonGen.Many);

    [Fact]
    public void Random_documents_in_a_longer_one_read_and_edit_the_same() =>
        Gen.Select(JsonGen.Document, JsonGen.Names, Gen.Int[0, 130], JsonGen.Document).Sample(
            (json, names, length, other) => AssertSame(
                Encoding.UTF8.GetBytes($$"""{"a":{{json.Trim()}},"x":"{{new string('\\', length * 2)}}\"","b":{{other.Trim()}},"c":1}"""),
                JsonGen.PathOf(["a", .. names]),
                JsonGen.PathOf(["b", .. names])), iter: JsonGen.Many);

    /// <summary>Bytes that were never checked: whatever comes of them, it comes to an end.</summary>
    [Fact]
    public void What_is_no_document_after_all_ends_in_some_answer_or_a_message_exception() =>
        Gen.Select(
            Gen.OneOf(
                Gen.OneOf("{}[]\",:\\/u0a1bn \n"u8.ToArray()).Array[0, 90],
                Gen.Select(JsonGen.Document, Gen.Int[0, 200], (json, cut) => Encoding.UTF8.GetBytes(json)[..Math.Min(cut, Encoding.UTF8.GetByteCount(json))])),
            JsonGen.Path,
            JsonGen.Path).Sample((bytes, from, to) =>
        {
            Try(() => JsonField.TryFind(bytes, from, out _));
            Try(() => ByteEdit.TrySet(bytes, from, "1"u8, out _, out _));
            Try(() => ByteEdit.TryRemove(bytes, from, out _));
            Try(() => ByteEdit.TryRename(bytes, from, to, out _, out _));
        }, iter: JsonGen.Many);

    private static void Try(Func<bool> act)
    {
        try
        {
            act();
        }
        catch (MessageException)
        {
        }
    }

    private static void AssertSame(byte[] json, FieldPath from, FieldPath to)
    {
        Assert.Equal(ReaderField.TryFind(json, from, out var expected), JsonField.TryFind(json, from, out var found));
        Assert.Equal(expected, found);

        foreach (var value in new[] { "1", "{\"b\":[\"]\"]}" }.Select(Encoding.UTF8.GetBytes))
        {
            Assert.Equal(ReaderEdit.TrySet(json, from, value, out var expectedSet, out var expectedProblem), ByteEdit.TrySet(json, from, value, out var set, out var problem));
            Assert.Equal((Text(expectedSet), expectedProblem), (Text(set), problem));
        }

        Assert.Equal(ReaderEdit.TryRemove(json, from, out var expectedRest), ByteEdit.TryRemove(json, from, out var rest));
        Assert.Equal(Text(expectedRest), Text(rest));

        Assert.Equal(ReaderEdit.TryRename(json, from, to, out var expectedMoved, out var expectedReason), ByteEdit.TryRename(json, from, to, out var moved, out var reason));
        Assert.Equal((Text(expectedMoved), expectedReason), (Text(moved), reason));
    }

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}
