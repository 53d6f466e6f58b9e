using System.Text;
using MessageRouter.Components;
using MessageRouter.Filters;
using MessageRouter.Ledger;
using MessageRouter.Pools;
using MessageRouter.Sequences;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Filters;

public class GapDetectFilterTests
{
    private static readonly GapDetectFilter.Options ByHost = new() { Field = "seq", By = ["host", "pid"] };

    private readonly ProbeSource _source = new();

    [Fact]
    public async Task Passes_everything_and_counts_what_is_missing_of_each_source()
    {
        await using var node = await StartAsync(ByHost);
        string[] payloads =
        [
            """{"host":"a","pid":1,"seq":1}""", """{"host":"b","pid":1,"seq":100}""", """{"host":"\u0061","pid":"1","seq":"4"}""", """{"host":"a","pid":2,"seq":1}""",
            """{"host":"b","pid":1,"seq":101}""", """{"host":"b","pid":1,"seq":101}""", """{"seq":7}""", """{"host":null,"seq":9}""", """{"host":"a"}""", """{"host":"a","pid":1,"seq":-1}""", """{"host":"a","pid":1,"seq":1.5}""", "[]",
        ];

        _source.Send(payloads);
        Assert.Equal(payloads, await node.SinkAsync(payloads.Length));

        Assert.Equal(new GapLine { Missing = 2, Duplicates = 1, Unnumbered = 4, Sources = 5 }, node["filters.f"].Gaps);
        var line = (await node.StopAsync()).Components.Single(line => line.Name == "filters.f");
        Assert.Equal(new GapLine { Lost = 2, Duplicates = 1, Unnumbered = 4 }, line.Gaps);
        Assert.Equal((12, 12, 0, 0), (line.In, line.Out, line.Filtered, line.Failed));
        Assert.Contains(node.Log.Lines, log => log.Text == "2 numbers of seq never came, 2 in all.");
    }

    [Fact]
    public async Task Tells_sources_apart_by_their_peers_and_makes_no_messages_for_that()
    {
        var details = new List<MessageDetails?>();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), Some.Component<GapDetectFilter>("f", new GapDetectFilter.Options { Field = "seq", By = ["peer.address"] }), Some.Component<PlainOutput>("out", new PlainOutput.Options(details)));
        MessagePeer[] peers = [new() { Address = "tcp://10.0.0.7:1" }, new() { Address = "tcp://10.0.0.7:2" }];

        foreach (var peer in peers) _source.Intake.TryAdd(Payloads(peer, 1, 2, 5));
        _source.Intake.TryAdd(Payloads(peers[0], 6, 7));
        var ledger = await node.StopAsync();

        Assert.Equal(4, ledger.Components.Single(line => line.Name == "filters.f").Gaps?.Lost);
        Assert.Equal([MessageDetails.Of(MessageFormat.Json, peers[0]), MessageDetails.Of(MessageFormat.Json, peers[1]), MessageDetails.Of(MessageFormat.Json, peers[0])], details);
    }

    [Fact]
    public void Takes_no_memory_for_messages_of_sources_that_it_knows()
    {
        var counts = new GapCounts();
        var sources = new SequenceSources(10, 100, 1000, counts);
        var name = new SourceName([MessageKey.Parse("host"), MessageKey.Parse("peer.identity")]);
        var peer = new MessagePeer { Identity = "office" };
        var payloads = Enumerable.Range(0, 2).Select(n => Encoding.UTF8.GetBytes($$"""{"host":"h{{n}}"}""")).ToArray();
        Take(10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Take(1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2, sources.Count);

        void Take(int count)
        {
            for (var n = 0; n < count; n++) sources.Of(name.Of(payloads[n % 2], MessageFormat.Json, peer), out _).Take((ulong)n * 2);
        }
    }

    [Fact]
    public async Task A_restart_forgets_no_source()
    {
        await using var node = await StartAsync(ByHost);
        _source.Send(Numbered(1), Numbered(2));
        await node.SinkAsync(2);

        node.CellOf("filters/f").Actor.Tell(Akka.Actor.Kill.Instance, Akka.Actor.ActorRefs.NoSender);
        _source.Send(Numbered(5));
        await Eventually.IsTrueAsync(() => node.Recorded["outputs.sink"].Count == 3, node.Clock, TimeSpan.FromMilliseconds(100));

        Assert.Equal((2, 1), (node["filters.f"].Gaps!.Missing, node["filters.f"].Restarts));
    }

    [Fact]
    public async Task Copies_of_a_pool_are_summed_up()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<GapDetectFilter>("f", ByHost) with { Instances = 3, Route = PoolRoute.Hash("host") });

        for (var n = 1; n <= 20; n++) _source.Send([.. Enumerable.Range(0, 10).Select(host => Numbered(2 * n, $"h{host}"))]);
        await node.SinkAsync(200);

        Assert.Equal((190, 10), (node["filters.f"].Gaps!.Missing, node["filters.f"].Gaps!.Sources));
        Assert.Equal(190, (await node.StopAsync()).Components.Single(line => line.Name == "filters.f").Gaps!.Lost);
    }

    [Fact]
    public async Task Counts_go_on_when_a_reload_puts_another_one_in_its_place()
    {
        ComponentDefinition[] Chain(int window) => [_source.Input(), Some.Component<GapDetectFilter>("f", ByHost with { Window = window })];
        await using var node = await TestNode.StartChainAsync(Chain(10));
        _source.Send(Numbered(1), Numbered(4));
        await node.SinkAsync(2);

        await node.Node.ReloadAsync(Some.Chain(Chain(20)));
        _source.Send(Numbered(5), Numbered(7));
        await node.SinkAsync(4);

        Assert.Equal(new GapLine { Lost = 2, Missing = 1, Sources = 1 }, node["filters.f"].Gaps);
    }

    [Fact]
    public async Task A_source_with_a_long_name_takes_no_more_memory_than_others()
    {
        await using var node = await StartAsync(ByHost with { Sources = 2 });
        string[] hosts = [new('x', 100_000), new string('x', 100_000) + "y", "z"];

        _source.Send(Numbered(1, hosts[0]), Numbered(1, hosts[1]), Numbered(3, hosts[0]), Numbered(1, hosts[2]), Numbered(9, hosts[1]));
        await node.SinkAsync(5);

        Assert.Equal(new GapLine { Missing = 0, Lost = 1, Sources = 2, Forgotten = 2 }, node["filters.f"].Gaps);
    }

    [Fact]
    public void Says_what_is_wrong_with_its_options() =>
        Assert.Equal(
            ["Field is not a field path: the name at position 3 is empty", "By `peer.host` is not a field path: nothing is known of a peer but address, identity, mechanism, public-key, routing-id or attributes.NAME; a message's own field is written \"peer\".host"],
            Some.Problems(new GapDetectFilter.Options { Field = "a..b", By = ["host", "peer.host"] }));

    private Task<TestNode> StartAsync(GapDetectFilter.Options options) => TestNode.StartChainAsync(_source.Input(), Some.Component<GapDetectFilter>("f", options));

    private static string Numbered(int number, string host = "a") => $$"""{"host":"{{host}}","seq":{{number}}}""";

    private static MessageBatch Payloads(MessagePeer peer, params int[] numbers)
    {
        var payloads = new Payloads.Builder();
        foreach (var number in numbers) payloads.Add(Encoding.UTF8.GetBytes(Numbered(number)));
        return MessageBatch.Of(payloads.Take(), MessageFormat.Json, peer);
    }
}
