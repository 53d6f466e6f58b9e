using System.Text;
using MessageRouter.Filters;
using MessageRouter.Tests.Support;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Filters;

public class KeyFilterTests
{
    [Fact]
    public async Task Passes_messages_whose_field_has_the_value()
    {
        string[] passed = ["""{"level":"error","n":1}""", """{ "level" : "\u0065rror" }""", """{"level":"info","level":"error"}"""];

        Assert.Equal(passed, await RunAsync("level", "error", [.. passed, """{"level":"Error"}""", """{"level":"errors"}""", """{"level":["error"]}""", "{}"]));
    }

    [Fact]
    public async Task Stops_what_is_not_json_or_has_no_such_field()
    {
        var source = new ProbeSource();
        var options = new KeyFilter.Options { Key = "a.b", Match = "x" };
        await using var node = await TestNode.StartChainAsync(
            source.Input() with { Codec = MessageFormat.Text }, Some.Component<KeyFilter>("f", options));

        source.Send("""{"a":{"b":"x"}}""", "x", "");
        await node.StopAsync();

        Assert.Equal(3, node["filters.f"].Filtered);
        Assert.Empty(await RunAsync("a.b", "x", "1", "[]", """{"a":1}""", """{"a.b":"x"}"""));
    }

    [Fact]
    public async Task Reads_nested_fields_list_elements_and_names_with_dots()
    {
        string[] payload = ["""{"a":{"b":["x","y"]},"c.d":"z"}"""];

        Assert.Equal(payload, await RunAsync("a.b.1", "y", payload));
        Assert.Equal(payload, await RunAsync("\"c.d\"", "z", payload));
    }

    [Theory]
    [InlineData("0", """{"v":0}""", """{"v":"0"}""")]
    [InlineData("\"\"", """{"v":""}""")]
    [InlineData("false", """{"v":false}""", """{"v":"false"}""")]
    [InlineData("null", """{"v":null}""", """{"v":"null"}""")]
    [InlineData("2.5", """{"v":2.5}""")]
    public async Task Matches_values_that_are_false_or_no_strings(string match, params string[] passed)
    {
        string[] others = ["""{"v":1}""", """{"v":" "}""", """{"v":true}""", "{}"];

        Assert.Equal(passed, await RunAsync("v", JToken.Parse(match), [.. passed, .. others]));
    }

    [Fact]
    public async Task Finds_a_pattern_in_the_text()
    {
        string[] passed = ["""{"v":"disk full"}""", """{"v":"FULL"}""", """{"v":"a\nfull"}"""];

        Assert.Equal(passed, await RunAsync("v", "(?i)full$", KeyMatchType.Regex, [.. passed, """{"v":"fuller"}"""]));
        Assert.Equal(["""{"v":503}"""], await RunAsync("v", "^5..$", KeyMatchType.Regex, """{"v":503}""", """{"v":404}"""));
    }

    [Theory]
    [InlineData("peer.identity", "office", false, "1")]
    [InlineData("peer.identity", "^(office|lab)$", true, "1", "2")]
    [InlineData("peer.address", "tcp://10.0.0.8:2", false, "2")]
    [InlineData("peer.attributes.team", "blue", false, "1")]
    [InlineData("peer.public-key", ".", true, "2")]
    [InlineData("peer.mechanism", "curve", false, "2")]
    [InlineData("peer.routing-id", "office", false, "3")]
    [InlineData("\"peer\".identity", "office", false, "0", "3")]
    public async Task Passes_what_certain_peers_have_sent_whatever_the_message_says_itself(string key, string match, bool isPattern, params string[] passed)
    {
        MessagePeer?[] peers =
        [
            null,
            new() { Identity = "office", Address = "tcp://10.0.0.7:1", Attributes = new Dictionary<string, string> { ["team"] = "blue" } },
            new() { Identity = "lab", Address = "tcp://10.0.0.8:2", PublicKey = "key", Mechanism = "curve" },
            new() { RoutingId = "office" },
        ];
        var source = new ProbeSource();
        var options = new KeyFilter.Options { Key = key, Match = match, MatchType = isPattern ? KeyMatchType.Regex : KeyMatchType.Eq };
        await using var node = await TestNode.StartChainAsync(source.Input(), Some.Component<KeyFilter>("f", options));

        for (var round = 0; round < 2; round++)
            source.Intake.TryAdd(MessageBatch.Of(peers.Select((peer, n) => source.Intake.NewMessage(Encoding.UTF8.GetBytes($$"""{"n":{{n}},"peer":{"identity":"{{(n is 0 or 3 ? "office" : "")}}" } }""")).WithPeer(peer))));
        await node.StopAsync();

        Assert.Equal([.. passed, .. passed], node.Recorded["outputs.sink"].Select(message => message["n"].ToString()));
    }

    [Fact]
    public async Task Takes_linear_time_for_patterns_that_explode_elsewhere() =>
        Assert.Empty(await RunAsync("v", "^(a+)+$", KeyMatchType.Regex, $$"""{"v":"{{new string('a', 50_000)}}!"}"""));

    [Fact]
    public void Says_what_is_wrong_with_its_options()
    {
        Assert.StartsWith("Key is not a field path: ", Assert.Single(Problems("a..b", "x")));
        Assert.Equal("Key is not a field path: nothing is known of a peer but address, identity, mechanism, public-key, routing-id or attributes.NAME; a message's own field is written \"peer\".name", Assert.Single(Problems("peer.name", "x")));
        Assert.StartsWith("Match must be one string, number or boolean", Assert.Single(Problems("a", new JArray())));
        Assert.StartsWith("Match is not a regular expression: ", Assert.Single(Problems("a", "(", KeyMatchType.Regex)));
        Assert.Contains("without look-around", Assert.Single(Problems("a", "(?=x)", KeyMatchType.Regex)));
        Assert.Empty(Problems("a", "("));
    }

    private static IReadOnlyList<string> Problems(string key, JToken match, KeyMatchType type = KeyMatchType.Eq) =>
        Some.Problems(new KeyFilter.Options { Key = key, Match = match, MatchType = type });

    private static Task<IReadOnlyList<string>> RunAsync(string key, JToken match, params string[] payloads) =>
        RunAsync(key, match, KeyMatchType.Eq, payloads);

    private static Task<IReadOnlyList<string>> RunAsync(string key, JToken match, KeyMatchType type, params string[] payloads) =>
        TestNode.FilterAsync<KeyFilter>(new KeyFilter.Options { Key = key, Match = match, MatchType = type }, payloads);
}
