using System.Text;
using MessageRouter.CSharp;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Filters;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests;

/// <summary>A message says who has sent it, whatever way it goes through the node, and never names another's peer.</summary>
public class MessagePeerTests
{
    private const int Sent = 240;

    private static readonly MessagePeer[] Peers =
    [
        new() { Address = "tcp://10.0.0.7:4711", Identity = "office", Attributes = new Dictionary<string, string> { ["team"] = "a" } },
        new() { Address = "tcp://10.0.0.8:4712", Identity = "lab" },
        new() { Address = "tcp://10.0.0.9:4713" },
    ];

    private readonly ProbeSource _source = new();

    public static TheoryData<string, int> Ways => new()
    {
        { "as it is", Sent },
        { "null", Sent },
        { "tee", Sent },
        { "delay", Sent },
        { "key", Sent / 3 },
        { "key of few", 2 },
        { "set", Sent },
        { "remove", Sent },
        { "rename", Sent },
        { "csharp", Sent },
        { "With", Sent },
        { "Without", Sent },
        { "Rename", Sent },
        { "Edit", Sent },
        { "WithBody", Sent },
        { "WithPayload", Sent },
        { "every other one edited", Sent },
        { "text", Sent },
        { "codec that rewrites", Sent },
        { "emitting", Sent },
        { "emitting two", 2 * Sent },
        { "asynchronous", Sent },
        { "asynchronous, unordered", Sent },
        { "retry", Sent },
        { "restart", Sent - 1 },
        { "pool, round-robin", Sent },
        { "pool, least-busy", Sent },
        { "pool, hash of a field", Sent },
        { "pool, hash of the peer", Sent },
        { "pool of small copies", Sent },
        { "small mailbox", Sent },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task On_every_way_a_message_keeps_the_peer_that_has_sent_it(string way, int arriving)
    {
        await using var node = await TestNode.StartChainAsync([_source.Input(), .. Way(way)]);

        foreach (var batch in Batches(way)) await _source.Intake.AddAsync(batch).WaitAsync(TestNode.Patience);
        await Eventually.IsTrueAsync(() => node.Recorded["outputs.sink"].Count == arriving, node.Clock, TimeSpan.FromMilliseconds(50), () => node.Node.Ledger().ToJson());

        Assert.All(node.Recorded["outputs.sink"], message => Assert.Same(PeerOf(NumberOf(message)), message.Peer));
    }

    [Fact]
    public async Task What_a_filter_makes_itself_is_nobodys()
    {
        await using var node = await TestNode.StartAsync(Some.Node(
            _source.Input().To("new", "emitted", "given"),
            ScriptedFilter.Of(_ => Message.FromJson("{}"), "new").To("sink"),
            ScriptedEmitter.Of((_, emit) => emit(Message.FromJson("{}")), "emitted").To("sink"),
            ScriptedFilter.Of(message => Message.FromJson("[]").WithPeer(message.Peer), "given").To("sink"),
            Some.Sink()));

        _source.Intake.TryAdd(Payloads(0, 1));
        await node.SinkAsync(3);

        Assert.Equal([null, null, Peers[0]], node.Recorded["outputs.sink"].OrderBy(message => message.ToString().Length).ThenBy(message => message.Peer is not null).Select(message => message.Peer));
    }

    [Fact]
    public async Task What_waits_keeps_its_peer_when_a_reload_puts_another_filter_in_place_of_its_own()
    {
        ComponentDefinition[] Chain(TimeSpan delay) => [_source.Input(), Some.Component<DelayFilter>("f", new DelayFilter.Options { Delay = delay }).Bounded(100, Overflow.Wait)];
        await using var node = await TestNode.StartChainAsync(Chain(TimeSpan.FromDays(1)));
        foreach (var batch in Batches("")) _source.Intake.TryAdd(batch);
        await node.HoldsAsync("filters/f", 100);

        var reload = node.Node.ReloadAsync(Some.Chain(Chain(TimeSpan.FromMilliseconds(1))));
        await Eventually.IsTrueAsync(() => reload.IsCompleted && node.Recorded["outputs.sink"].Count == Sent, node.Clock, TimeSpan.FromMilliseconds(50), () => node.Node.Ledger().ToJson());
        await reload;

        Assert.All(node.Recorded["outputs.sink"], message => Assert.Same(PeerOf(NumberOf(message)), message.Peer));
    }

    [Fact]
    public void What_a_distributor_gives_back_keeps_its_peer()
    {
        var work = new Work(Message.FromJson("{}").WithPeer(Peers[0]), null!, 1) { Id = "x", Redeliveries = 2 };

        Assert.Equal((Peers[0], 2), (work.Returned().Batch[0].Peer, work.Returned().Batch[0].Delivery?.Redeliveries));
    }

    [Fact]
    public async Task A_peers_payloads_go_from_input_to_output_as_payloads_alone_whoever_looks_at_their_peer()
    {
        var details = new List<MessageDetails?>();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(),
            Some.Component<KeyFilter>("peer", new KeyFilter.Options { Key = "peer.identity", Match = "office" }),
            Some.Component<KeyFilter>("field", new KeyFilter.Options { Key = "n", Match = "^.", MatchType = KeyMatchType.Regex }),
            Some.Component<SetFilter>("set", new SetFilter.Options { FromPeer = new Dictionary<string, JToken> { ["sender"] = "identity" } }),
            Some.Component<NullFilter>("pool") with { Instances = 3, Route = PoolRoute.Hash("peer.identity") },
            Some.Component<PlainOutput>("out", new PlainOutput.Options(details)));

        for (var i = 0; i < 6; i++) _source.Intake.TryAdd(Payloads(i % 4, 10));
        await node.StopAsync();

        Assert.Equal([.. Enumerable.Repeat(MessageDetails.Of(MessageFormat.Json, Peers[0]), details.Count)], details);
        Assert.NotEmpty(details);
        Assert.Equal(20, node["outputs.out"].Out);
    }

    [Fact]
    public void A_batch_of_a_peer_takes_no_more_memory_than_one_of_nobody()
    {
        foreach (var peer in new[] { null, Peers[0] }) AllocatedBy(peer);

        Assert.Equal(AllocatedBy(null), AllocatedBy(Peers[0]));

        static long AllocatedBy(MessagePeer? peer)
        {
            var received = new ReceivedMessages();
            for (var n = 0; n < 500; n++) received.Add(new byte[10], []);
            var wire = received.Take();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var batch = MessageBatch.Of(wire, MessageFormat.Json, peer);
            _ = batch.Slice(1, 300).Skip(2).Bytes;
            _ = batch.Messages.Length;
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Messages_of_several_peers_that_are_compacted_keep_each_its_own()
    {
        var stream = new Received.Stream();
        var mixed = MessageBatch.Of(Enumerable.Range(0, 8).Select(n => stream.Next(40, 50, n)[0].WithPeer(PeerOf(10 * n))));
        var ofOne = MessageBatch.Of(Enumerable.Range(0, 8).Select(n => stream.Next(40, 50, n)[0].WithPeer(Peers[1])));

        Assert.Equal(Enumerable.Range(0, 8).Select(n => PeerOf(10 * n)), mixed.Compacted().Select(message => message.Peer));
        Assert.Equal((MessageDetails.Of(MessageFormat.Json, Peers[1]), null), (ofOne.Compacted().PlainDetails, mixed.Compacted().PlainDetails));
    }

    [Fact]
    public async Task An_error_event_names_the_peer_of_its_message()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedFilter.Of(message => throw new MessageException("no")));

        _source.Intake.TryAdd(MessageBatch.Of(
            _source.Intake.NewMessage("{"u8.ToArray()).WithPeer(new MessagePeer { Address = "tcp://10.0.0.7:1", RoutingId = "seven" }),
            _source.Intake.NewMessage("{}"u8.ToArray()).WithPeer(Peers[0]),
            _source.Intake.NewMessage("{}"u8.ToArray())));
        await node.StopAsync();

        Assert.Equal(
            ["""{"address":"tcp://10.0.0.7:1","routing_id":"seven"}""", """{"address":"tcp://10.0.0.7:4711","identity":"office"}""", null],
            node.Recorded["errors"].Select(error => error["peer"]?.ToString()));
    }

    private static MessagePeer? PeerOf(int number) => number / 10 % 4 is < 3 and var index ? Peers[index] : null;

    private static int NumberOf(Message message) => (int)(message["n"] ?? message["number"])!;

    /// <summary>Ten messages of each peer and of nobody in turn; every fourth round as messages with a frame of their own.</summary>
    private IEnumerable<MessageBatch> Batches(string way)
    {
        for (var from = 0; from < Sent; from += 10)
        {
            if (from % 160 >= 120) yield return MessageBatch.Of(Enumerable.Range(from, 10).Select(n => _source.Intake.NewMessage(Bytes(n, way), [new byte[] { 7 }]).WithPeer(PeerOf(n))));
            else yield return Payloads(from / 10 % 4, 10, from, way);
        }
    }

    private static MessageBatch Payloads(int peer, int count, int from = 0, string way = "")
    {
        var payloads = new Payloads.Builder();
        for (var n = from; n < from + count; n++) payloads.Add(Bytes(n, way));
        return MessageBatch.Of(payloads.Take(), MessageFormat.Json, peer < Peers.Length ? Peers[peer] : null);
    }

    private static byte[] Bytes(int n, string way) => Encoding.UTF8.GetBytes($$"""{"n":{{n}},"kind":{{n % 3}},"few":"{{(n % 120 == 7 ? "yes" : "no")}}",{{(way.StartsWith("codec", StringComparison.Ordinal) ? "\n" : "")}}"x":""}""");

    private static ComponentDefinition[] Way(string way)
    {
        var failures = 0;
        return way switch
        {
            "as it is" => [],
            "null" => [Some.Component<NullFilter>("f")],
            "tee" => [Some.Component<TeeFilter>("f")],
            "delay" => [Some.Component<DelayFilter>("f", new DelayFilter.Options { Delay = TimeSpan.FromSeconds(1) })],
            "key" => [Some.Component<KeyFilter>("f", new KeyFilter.Options { Key = "kind", Match = 1 })],
            "key of few" => [Some.Component<KeyFilter>("f", new KeyFilter.Options { Key = "few", Match = "yes" })],
            "set" => [Some.Component<SetFilter>("f", new SetFilter.Options { Fields = new Dictionary<string, JToken> { ["a"] = 1 } })],
            "remove" => [Some.Component<RemoveFilter>("f", new RemoveFilter.Options { Fields = ["kind"] })],
            "rename" => [Some.Component<RenameFilter>("f", new RenameFilter.Options { Fields = new Dictionary<string, JToken> { ["n"] = "number" } })],
            "csharp" => [Some.Component<CSharpFilter>("f", new CSharpFilter.Options { Code = """return message.Peer?.Identity == "office" ? message.With("by", message.Peer.Address) : message;""" })],
            "With" => [ScriptedFilter.Of(message => message.With("a", "b").With("c", 1))],
            "Without" => [ScriptedFilter.Of(message => message.Without("kind"))],
            "Rename" => [ScriptedFilter.Of(message => message.Rename("n", "number"))],
            "Edit" => [ScriptedFilter.Of(message => message.Edit(body => body["a"] = 1).With("b", 2).Edit(body => body["c"] = 3))],
            "WithBody" => [ScriptedFilter.Of(message => message.WithBody(message.Parse()))],
            "WithPayload" => [ScriptedFilter.Of(message => message.WithPayload(message.Payload.ToArray(), MessageFormat.Json))],
            "every other one edited" => [ScriptedFilter.Of(message => (int)message["n"] % 2 == 0 ? message.With("a", 1) : message), ScriptedFilter.Of(message => (int)message["n"] % 3 == 0 ? message.Edit(body => body["b"] = 1) : message, "g")],
            "text" => [ScriptedFilter.Of(message => message.WithPayload(message.Payload, MessageFormat.Text)), ScriptedFilter.Of(message => message.WithPayload(message.Payload, MessageFormat.Json), "g")],
            "codec that rewrites" => [],
            "emitting" => [ScriptedEmitter.Of((message, emit) => emit(message))],
            "emitting two" => [ScriptedEmitter.Of((message, emit) =>
            {
                emit(message.With("a", 1));
                emit(message);
            })],
            "asynchronous" => [Some.Component<Later>("f")],
            "asynchronous, unordered" => [Some.Component<Later>("f") with { Async = new AsyncOptions { Concurrency = 50, Ordered = false } }],
            "retry" => [ScriptedFilter.Of(message => failures++ % 5 == 3 ? throw new InvalidOperationException("not yet") : message) with { Retry = new RetryOptions { Attempts = 3, Backoff = TimeSpan.FromMilliseconds(10) } }],
            "restart" => [ScriptedFilter.Of(message => failures++ == 25 ? throw new InvalidOperationException("no") : message)],
            "pool, round-robin" => [ScriptedFilter.Of(message => message) with { Instances = 3 }],
            "pool, least-busy" => [ScriptedFilter.Of(message => message) with { Instances = 3, Route = PoolRoute.LeastBusy }],
            "pool, hash of a field" => [ScriptedFilter.Of(message => message) with { Instances = 3, Route = PoolRoute.Hash("kind") }],
            "pool, hash of the peer" => [ScriptedFilter.Of(message => message) with { Instances = 3, Route = PoolRoute.Hash("peer.identity") }],
            "pool of small copies" => [ScriptedFilter.Of(message => message).Bounded(4, Overflow.Wait) with { Instances = 3 }],
            "small mailbox" => [ScriptedFilter.Of(message => message).Bounded(3, Overflow.Wait), ScriptedFilter.Of(message => message.With("a", 1), "g").Bounded(1, Overflow.Wait)],
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, null),
        };
    }

    private sealed class Later : AsyncFilterActor
    {
        protected override async Task<Message?> FilterAsync(Message message, CancellationToken cancellation)
        {
            await Task.Yield();
            return (int)message["n"] % 2 == 0 ? message : message.With("late", true);
        }
    }
}
