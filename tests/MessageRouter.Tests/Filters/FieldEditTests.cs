using MessageRouter.Components;
using MessageRouter.Filters;
using MessageRouter.Tests.Support;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Filters;

public class FieldEditTests
{
    private const string Spaced = """{ "a" : 1.00,  "b":{"c":"\u00e9"} }""";

    [Fact]
    public async Task Set_replaces_and_adds_fields_and_keeps_every_other_byte() =>
        Assert.Equal(
            ["""{ "a" : true,  "b":{"c":"\u00e9","d":[1]},"e":{"f":null} }"""],
            await SetAsync(Block("""{"a":true,"b.d":[1],"e.f":null}"""), Spaced));

    [Fact]
    public async Task Set_takes_a_block_within_the_block_for_the_fields_in_it() =>
        Assert.Equal(
            ["""{ "a" : 1.00,  "b":{"c":"\u00e9","x.y":1,"z":{}} }"""],
            await SetAsync(Block("""{"b":{"x.y":1,"z":{}}}"""), Spaced));

    [Fact]
    public async Task Set_tells_who_sent_a_message_and_lets_no_message_say_it_itself()
    {
        var source = new ProbeSource();
        var options = new SetFilter.Options { Fields = Block("""{"team":"none","a":1}"""), FromPeer = Block("""{"sender":"identity","from.host":"address","team":"attributes.team"}""") };
        MessagePeer?[] peers =
        [
            new() { Identity = "of \"fice", Address = "tcp://10.0.0.7:1", Attributes = new Dictionary<string, string> { ["team"] = "blue" } },
            new() { Address = "tcp://10.0.0.8:1" },
            null,
        ];
        await using var node = await TestNode.StartChainAsync(source.Input(), Some.Component<SetFilter>("f", options));

        foreach (var peer in peers.Concat(peers)) source.Intake.TryAdd(MessageBatch.Of(source.Intake.NewMessage("""{"sender":"root","team":"red"}"""u8.ToArray()).WithPeer(peer)));
        await node.StopAsync();

        string[] expected =
        [
            """{"sender":"of \"fice","team":"blue","a":1,"from":{"host":"tcp://10.0.0.7:1"}}""",
            """{"team":"none","a":1,"from":{"host":"tcp://10.0.0.8:1"}}""",
            """{"team":"none","a":1}""",
        ];
        Assert.Equal([.. expected, .. expected], node.Texts("outputs.sink"));
    }

    [Fact]
    public async Task Remove_takes_fields_out_and_passes_messages_without_them_as_they_are()
    {
        var options = new RemoveFilter.Options { Fields = ["a", "b.c", "x.y"] };

        Assert.Equal(
            ["""{ "b":{} }""", """{ "z": 1 }"""],
            await TestNode.FilterAsync<RemoveFilter>(options, Spaced, """{ "z": 1 }"""));
    }

    [Fact]
    public async Task Rename_moves_fields_and_passes_messages_without_them_as_they_are()
    {
        var options = new RenameFilter.Options { Fields = Block("""{"a":"first","b":{"c":"d.e"}}""") };

        Assert.Equal(
            ["""{ "first" : 1.00,  "b":{},"d":{"e":"\u00e9"} }""", """{ "z": 1 }"""],
            await TestNode.FilterAsync<RenameFilter>(options, Spaced, """{ "z": 1 }"""));
    }

    [Fact]
    public async Task Messages_without_fields_fail_and_say_so()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Node(
            source.Input().To("set", "remove", "rename"),
            Some.Component<SetFilter>("set", new SetFilter.Options { Fields = Block("""{"a":1}""") }, "sink").On(OnError.Resume),
            Some.Component<RemoveFilter>("remove", new RemoveFilter.Options { Fields = ["a"] }, "sink").On(OnError.Resume),
            Some.Component<RenameFilter>("rename", new RenameFilter.Options { Fields = Block("""{"a":"b"}""") }, "sink").On(OnError.Resume),
            Some.Sink()));

        source.Send("[1]", "\"text\"");
        await node.StopAsync();

        Assert.Equal(6, node.Recorded["errors"].Count);
        Assert.All(node.Recorded["errors"], error => Assert.Equal("The message is not a JSON object, so it has no fields to edit.", error["error"]));
        Assert.Empty(node.Recorded["outputs.sink"]);
    }

    [Fact]
    public async Task A_field_that_cannot_be_set_fails_the_message_with_the_reason()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartChainAsync(
            source.Input(), Some.Component<SetFilter>("f", new SetFilter.Options { Fields = Block("""{"a.b":1}""") }));

        source.Send("""{"a":5}""", """{"a":{}}""");
        await node.StopAsync();

        Assert.Equal("The field 'a.b' cannot be set: 'a' is not an object.", Assert.Single(node.Recorded["errors"])["error"]);
        Assert.Equal(["""{"a":{"b":1}}"""], node.Texts("outputs.sink"));
    }

    [Fact]
    public void They_say_what_is_wrong_with_their_options()
    {
        Assert.Equal(["Fields names no field; name at least one"], Some.Problems(new RemoveFilter.Options { Fields = [] }));
        Assert.StartsWith("Fields `a[0]` is not a field path: ", Assert.Single(Some.Problems(new SetFilter.Options { Fields = Block("""{"a[0]":1}""") })));
        Assert.Equal(["Fields names no field; name at least one"], Some.Problems(new SetFilter.Options()));
        Assert.Equal(
            ["FromPeer gives `a` nothing that is known of a peer; write one of address, identity, mechanism, public-key, routing-id or attributes.NAME", "FromPeer `..` is not a field path: the name at position 1 is empty"],
            Some.Problems(new SetFilter.Options { FromPeer = Block("""{"a":"name","..":"identity"}""") }));
        Assert.Equal(
            ["Fields gives `a` no new name; write the new path as a string", "Fields `..` is not a field path: the name at position 1 is empty"],
            Some.Problems(new RenameFilter.Options { Fields = Block("""{"a":1,"b":".."}""") }));
    }

    private static Task<IReadOnlyList<string>> SetAsync(IReadOnlyDictionary<string, JToken> fields, string payload) =>
        TestNode.FilterAsync<SetFilter>(new SetFilter.Options { Fields = fields }, payload);

    private static Dictionary<string, JToken> Block(string json) =>
        JObject.Parse(json).Properties().ToDictionary(property => property.Name, property => property.Value);
}
