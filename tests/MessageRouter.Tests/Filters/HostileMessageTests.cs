using System.Globalization;
using System.Text;
using System.Text.Json;
using MessageRouter.TestKit;

namespace MessageRouter.Tests.Filters;

/// <summary>
/// Messages that are meant to do harm, through every filter and every codec and out again. Whatever they are, the node goes on, nothing is
/// restarted, each is accounted for, and what comes out is what its codec says.
/// </summary>
public sealed class HostileMessageTests : RouterTestKit
{
    private const int Many = 100_000;
    private const string Tree = "type = csharp, code = \"\"\"return message.Edit(body => body[\"seen\"] = 1);\"\"\"";
    private const string Good = """{"level":"error","k":"v","a":{"b":[1]}}""";

    private static readonly Dictionary<string, byte[]> Bombs = new()
    {
        ["arrays within arrays"] = Text(new string('[', Many) + new string(']', Many)),
        ["arrays never closed"] = Text(new string('[', Many)),
        ["objects within objects"] = Text(string.Concat(Enumerable.Repeat("{\"a\":", Many)) + "1" + new string('}', Many)),
        ["deep in a field"] = Text("{\"level\":\"error\",\"k\":" + new string('[', Many) + new string(']', Many) + "}"),
        ["64 levels"] = Text("{\"level\":\"error\",\"k\":" + new string('[', 63) + new string(']', 63) + "}"),
        ["65 levels"] = Text("{\"level\":\"error\",\"k\":" + new string('[', 64) + new string(']', 64) + "}"),
        ["one key many times"] = Text("{\"level\":\"error\"," + string.Concat(Enumerable.Repeat("\"k\":1,", Many)) + "\"k\":2}"),
        ["the key that is looked for many times"] = Text("{" + string.Concat(Enumerable.Repeat("\"level\":\"info\",", Many)) + "\"level\":\"error\"}"),
        ["many keys"] = Text("{\"level\":\"error\"," + string.Join(",", Enumerable.Range(0, Many).Select(n => $"\"k{n}\":{n}")) + "}"),
        ["a number out of range"] = Text("""{"level":"error","k":1e999,"a":{"b":-1e999}}"""),
        ["a number too small"] = Text("""{"level":"error","k":1e-999}"""),
        ["a number with many digits"] = Text("{\"level\":\"error\",\"k\":" + new string('9', Many) + "}"),
        ["a fraction with many digits"] = Text("{\"level\":\"error\",\"k\":0." + new string('9', Many) + "}"),
        ["a level that is a number out of range"] = Text("""{"level":1e999,"k":"v"}"""),
        ["half a surrogate"] = Text("""{"level":"error","k":"\ud800"}"""),
        ["the other half"] = Text("""{"level":"error","k":"x\udc00y"}"""),
        ["halves the wrong way round"] = Text("""{"level":"error","k":"\udc00\ud800"}"""),
        ["half a surrogate in a key"] = Text("""{"level":"error","\ud800":"v","k":1}"""),
        ["half a surrogate that is looked at"] = Text("""{"level":"\ud800","k":"v"}"""),
        ["escapes only"] = Text("{\"level\":\"error\",\"k\":\"" + string.Concat(Enumerable.Repeat("\\u0000", Many)) + "\"}"),
        ["an escaped key"] = Text("""{"\u006cevel":"error","\u006b":"v"}"""),
        ["a control character"] = Text("{\"level\":\"error\",\"k\":\"\u0001\"}"),
        ["a NUL"] = Text("{\"level\":\"error\"}\0"),
        ["a line end"] = Text("{\"level\":\"error\",\n\r\n\"k\":\"v\"\n}"),
        ["a byte order mark"] = [0xEF, 0xBB, 0xBF, .. Text(Good)],
        ["no UTF-8"] = [.. Text("{\"level\":\"error\",\"k\":\""), 0xC0, 0xAF, .. Text("\"}")],
        ["half a character at the end"] = [.. Text("{\"level\":\"error\"}"), 0xE2, 0x82],
        ["UTF-16"] = Encoding.Unicode.GetBytes(Good),
        ["no object"] = Text("[1,2,3]"),
        ["two documents"] = Text(Good + Good),
        ["a name that is empty"] = Text("""{"":{"":1},"level":"error","k":{"":2}}"""),
        ["NaN"] = Text("""{"level":"error","k":NaN}"""),
        ["a comment"] = Text("""{"level":"error",/* x */"k":1}"""),
        ["nothing"] = [],
    };

    public static TheoryData<string, string> Filters => new()
    {
        { "null", "type = null" },
        { "tee", "type = tee" },
        { "key", "type = key, key = level, match = error" },
        { "deep key", "type = key, key = k, match = v" },
        { "set", "type = set, fields { k = new, a.b = 1 }" },
        { "remove", "type = remove, fields = [k, a.b]" },
        { "rename", "type = rename, fields { k = k2, a.b = \"a.c.d\" }" },
        { "condition", "type = csharp, when = \"\"\"message[\"level\"] == \"error\" || message[\"k\"] >= 5\"\"\"" },
        { "text", "type = csharp, when = \"\"\"message[\"k\"].Contains(\"v\") || message[\"level\"] != null\"\"\"" },
        { "tree", Tree },
        { "pool", "type = null, instances = 2, route = hash(k)" },
    };

    public static TheoryData<string, string> Codecs => new()
    {
        { "json", "text" }, { "json", "bytes" }, { "text", "json" }, { "text", "text" }, { "text", "bytes" }, { "bytes", "json" }, { "bytes", "text" }, { "bytes", "bytes" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public Task Cost_a_filter_nothing(string name, string block) => AssertAccountedForAsync(name, block, "json", "json");

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task Cost_a_codec_nothing(string decode, string encode)
    {
        await AssertAccountedForAsync("null", "type = null", decode, encode);
        await AssertAccountedForAsync("set", "type = set, fields { k = new }", decode, encode);
        await AssertAccountedForAsync("condition", "type = csharp, when = \"\"\"message[\"level\"] == \"error\"\"\"\"", decode, encode);
        await AssertAccountedForAsync("tree", Tree, decode, encode);
    }

    /// <summary>A tree has doubles; what they cannot hold is not made a text of by a filter that edits something else.</summary>
    [Theory]
    [InlineData("""{"k":1e999}""")]
    [InlineData("""{"k":{"a":[-1e999]}}""")]
    public async Task A_number_that_a_tree_cannot_hold_is_told(string text)
    {
        var node = await StartAsync(Tree, "json", "json");
        node.Send("inputs.in", text);
        await node.IdleAsync();

        var failed = Assert.Single(node.Errors);
        Assert.Equal(("unencodable", "The tree has a number that is out of range, which JSON cannot have."), (failed.Kind, failed.Error));
        Assert.Equal((0, 0), (node["outputs.sink"].Restarts, node.Messages("outputs.sink").Count));
    }

    /// <summary>JSON's grammar allows halves of characters, UTF-8 does not have them: where a tree is made of them they become U+FFFD, as Unicode has it.</summary>
    [Theory]
    [InlineData("""{"k":"\ud800"}""", "{\"k\":\"\uFFFD\",\"seen\":1}")]
    [InlineData("""{"\udc00":"x\udc00y"}""", "{\"\uFFFD\":\"x\uFFFDy\",\"seen\":1}")]
    public async Task Halves_of_characters_are_replaced_in_a_tree(string text, string expected)
    {
        var node = await StartAsync(Tree, "json", "json");
        node.Send("inputs.in", text);

        Assert.Equal([expected], await node.ReceiveAsync("outputs.sink", 1));
    }

    private async Task AssertAccountedForAsync(string name, string block, string decode, string encode)
    {
        var node = await StartAsync(block, decode, encode);
        foreach (var (bomb, payload) in Bombs)
        {
            Send(node, payload, decode);
            node.Send("inputs.in", Good);
            await node.IdleAsync();
            Assert.True(node["filters.f"].Restarts == 0 && node["outputs.sink"].Restarts == 0, $"Restarted by: {bomb}");

            // Only what was read as JSON has fields to look at or to edit.
            if (decode == "json" || name == "null") Assert.True(IsGood(node.Messages("outputs.sink")[^1]), $"{name}: nothing came behind: {bomb}");
        }
        await node.StopAsync();

        var ledger = node.Ledger;
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(2 * Bombs.Count, node["inputs.in"].In);
        var undecodable = node["inputs.in"].Dropped.GetValueOrDefault("undecodable");
        Assert.True(decode == "json" ? undecodable is > 10 and < 20 : decode == "text" ? undecodable is > 0 and < 10 : undecodable == 0, $"{undecodable} undecodable");
        foreach (var message in node.Messages("outputs.sink").Where(message => message.Format == MessageFormat.Json)) AssertIsJson(message.Payload.Span);
    }

    private static bool IsGood(Message message) => message.ToString().Contains("error", StringComparison.Ordinal);

    private static void AssertIsJson(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 64 });
        while (reader.Read())
        {
        }
    }

    private static void Send(NodeUnderTest node, byte[] payload, string decode) =>
        node.Send("inputs.in", new Message(payload, Enum.Parse<MessageFormat>(decode, ignoreCase: true)));

    private Task<NodeUnderTest> StartAsync(string block, string decode, string encode) => StartNodeAsync(string.Create(CultureInfo.InvariantCulture, $$"""
        router {
          errors { type = test, rate-limit = 0 }
          inputs { in { type = null, decode = {{decode}}, to = f } }
          filters { f { {{block}}, to = sink } }
          outputs { sink { type = test, encode = {{encode}} } }
        }
        """));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
