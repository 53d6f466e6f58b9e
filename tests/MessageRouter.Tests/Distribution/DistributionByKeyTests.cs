using System.Text;
using CsCheck;
using MessageRouter.Distribution;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Distribution;

/// <summary>A distributor that divides its messages by what is in them, or by who has sent them.</summary>
public class DistributionByKeyTests
{
    private const int Keys = 20;

    private readonly ProbeSource _source = new();
    private readonly FakePeers _peers = new();

    [Fact]
    public async Task Messages_with_the_same_value_go_to_one_worker_in_order()
    {
        await using var node = await StartAsync();
        var workers = await ConnectAsync(node, ["a", "b", "c"]);

        for (var round = 0; round < 5; round++) Send(Enumerable.Range(0, Keys).Select(key => (key, round)));
        await OutAsync(node, 5 * Keys);

        var owners = Owners(workers);
        Assert.Equal(3, owners.Values.Distinct().Count());
        foreach (var (key, owner) in owners) Assert.Equal([0, 1, 2, 3, 4], Read(owner).Where(each => each.Key == key).Select(each => each.Round));
    }

    [Fact]
    public async Task With_answers_too_messages_with_the_same_value_go_to_one_worker_in_order()
    {
        await using var node = await StartAsync(DeliveryMode.AtLeastOnce);
        FakeWorker[] workers = [await FakeWorker.ConnectAsync(_peers, "a"), await FakeWorker.ConnectAsync(_peers, "b"), await FakeWorker.ConnectAsync(_peers, "c")];

        for (var round = 0; round < 3; round++) Send(Enumerable.Range(0, Keys).Select(key => (key, round)));
        await Eventually.IsTrueAsync(() => workers.Sum(worker => worker.Given.Count) == 3 * Keys);

        Assert.All(workers, worker => Assert.NotEmpty(worker.Given));
        Assert.Equal(Keys, workers.Sum(worker => worker.Texts.Select(Parse).Select(each => each.Key).Distinct().Count()));
        Assert.All(workers, worker => Assert.All(worker.Texts.Select(Parse).GroupBy(each => each.Key), key => Assert.Equal([0, 1, 2], key.Select(each => each.Round))));
        foreach (var worker in workers) worker.Done([.. Enumerable.Range(0, worker.Given.Count)]);
        await OutAsync(node, 3 * Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_peer_has_sent_goes_to_one_worker_whatever_it_says_of_itself(bool asPayloads)
    {
        await using var node = await StartAsync(balance: "hash(peer.identity)");
        var workers = await ConnectAsync(node, ["a", "b", "c"]);

        for (var round = 0; round < 3; round++)
        {
            for (var key = 0; key < Keys; key++) _source.Intake.TryAdd(Of(new MessagePeer { Identity = $"peer {key}", Address = $"tcp://10.0.0.{round}:1" }, key, round, asPayloads));
        }
        await OutAsync(node, 3 * Keys);

        Assert.Equal(3, Owners(workers).Values.Distinct().Count());
    }

    [Fact]
    public async Task Where_a_messages_worker_is_full_it_waits_with_all_that_is_behind_it()
    {
        await using var node = await StartAsync(queue: 1);
        var workers = await ConnectAsync(node, ["a", "b"], writesAtOnce: false);
        var (first, other) = (KeyOf("a", ["a", "b"]), KeyOf("b", ["a", "b"]));

        Send([(first, 1), (first, 2), (other, 3)]);
        await node.HoldsAsync("outputs/work", 3);
        Assert.Equal([1, 0], workers.Select(worker => worker.Sent.Count));

        workers[0].WriteAll();
        await Eventually.IsTrueAsync(() => workers[0].Sent.Count == 2 && workers[1].Sent.Count == 1);
        foreach (var worker in workers) worker.WriteAll();
        await OutAsync(node, 3);
        Assert.Equal([(first, 1), (first, 2)], Read(workers[0]));
    }

    [Fact]
    public async Task A_worker_that_goes_leaves_its_keys_to_others_what_it_had_first_and_these_keep_their_own()
    {
        await using var node = await StartAsync();
        var workers = await ConnectAsync(node, ["a", "b", "c"], writesAtOnce: false);
        for (var round = 0; round < 2; round++) Send(Enumerable.Range(0, Keys).Select(key => (key, round)));
        await Eventually.IsTrueAsync(() => workers.Sum(worker => worker.Sent.Count) == 2 * Keys);
        var before = Owners(workers);

        workers[0].HangUp();
        FakePeer[] left = [workers[1], workers[2]];
        await Eventually.IsTrueAsync(() => left.Sum(worker => worker.Sent.Count) == 2 * Keys);
        Send(Enumerable.Range(0, Keys).Select(key => (key, 2)));
        await Eventually.IsTrueAsync(() => left.Sum(worker => worker.Sent.Count) == 3 * Keys);

        var after = Owners(left);
        Assert.All(before, key => Assert.True(key.Value == workers[0] || after[key.Key] == key.Value));
        foreach (var (key, owner) in after) Assert.Equal([0, 1, 2], Read(owner).Where(each => each.Key == key).Select(each => each.Round));
        foreach (var worker in left) worker.WriteAll();
        await OutAsync(node, 3 * Keys);
    }

    [Fact]
    public async Task What_a_worker_did_not_answer_or_failed_on_goes_to_who_has_its_key_by_then()
    {
        string[] names = ["a (tcp://a)", "b (tcp://b)", "c (tcp://c)"];
        var key = Enumerable.Range(0, 1000).First(n => OwnerOf(n, names) == names[0] && OwnerOf(n, names[1..]) == names[1]);
        await using var node = await StartAsync(DeliveryMode.AtLeastOnce);
        FakeWorker[] workers = [await FakeWorker.ConnectAsync(_peers, "a"), await FakeWorker.ConnectAsync(_peers, "b"), await FakeWorker.ConnectAsync(_peers, "c")];

        Send([(key, 0), (key, 1)]);
        await workers[0].HasAsync(2);
        workers[0].Fail(0);
        await workers[0].HasAsync(3);
        workers[0].Peer.HangUp();
        await workers[1].HasAsync(2);

        Assert.Equal([(key, 0), (key, 1)], workers[1].Texts.Select(Parse));
        Assert.Equal([2u, 1u], workers[1].Given.Select(each => each.Word.Redeliveries));
        Assert.Empty(workers[2].Given);
        workers[1].Done(0, 1);
        await OutAsync(node, 2);
    }

    [Fact]
    public async Task Whatever_workers_do_and_whichever_go_none_gets_messages_of_a_key_out_of_order() =>
        await Gen.Select(Gen.Int[1, 4], Gen.Select(Gen.Int[0, 9], Gen.Int[0, 20]).Array[5, 40]).SampleAsync(
            async (queue, steps) => await new DistributionByKeyTests().GoAsync(queue, steps), iter: 60, threads: 2);

    private async Task GoAsync(int queue, (int Kind, int Which)[] steps)
    {
        await using var node = await StartAsync(queue: queue);
        var workers = await ConnectAsync(node, ["a", "b", "c"], writesAtOnce: false);
        var number = 0;
        foreach (var (kind, which) in steps)
        {
            var alive = workers.Where(worker => !worker.HasGone).ToList();
            if (kind < 5) Send(Enumerable.Range(number, which + 1).Select(n => (n * (which + 3) % 7, n)));
            else if (kind < 9) alive[which % alive.Count].WriteAll();
            else if (alive.Count > 1) alive[which % alive.Count].HangUp();
            if (kind < 5) number += which + 1;
            if (which % 3 == 0) await node.HandledAsync("outputs/work");
        }
        await Eventually.IsTrueAsync(() =>
        {
            foreach (var worker in workers.Where(worker => !worker.HasGone)) worker.WriteAll();
            return node["outputs.work"].Out == number;
        }, () => node.Node.Ledger().ToJson());

        Assert.All(workers, worker => Assert.All(Read(worker).GroupBy(each => each.Key), key => Assert.Equal(key.Select(each => each.Round).Order(), key.Select(each => each.Round))));
    }

    private static int KeyOf(string owner, string[] workers) => Enumerable.Range(0, 1000).First(key => OwnerOf(key, workers) == owner);

    private static string OwnerOf(int key, string[] workers)
    {
        var balancer = new ByKey(MessageKey.Parse("k"));
        foreach (var name in workers) balancer.Add(new Worker(name, TimeProvider.System) { State = WorkerState.Connected, Limit = 1 });
        var takers = new List<Worker>();
        balancer.Choose(new Work(Message.FromJson(Text(key, 0)), null!, 0), takers);
        return takers[0].Name;
    }

    /// <summary>The one worker that has got a key's messages.</summary>
    private static Dictionary<int, FakePeer> Owners(IReadOnlyList<FakePeer> workers) => workers
        .SelectMany(worker => Read(worker).Select(each => (each.Key, Worker: worker)))
        .Distinct()
        .ToDictionary(each => each.Key, each => each.Worker);

    private static IReadOnlyList<(int Key, int Round)> Read(FakePeer worker) => [.. worker.Texts.Select(Parse)];

    private static (int Key, int Round) Parse(string text)
    {
        var body = JObject.Parse(text);
        return ((int)body["k"]!, (int)body["round"]!);
    }

    private static string Text(int key, int round) => $$$"""{"k":{{{key}}},"round":{{{round}}},"peer":{"identity":"me"}}""";

    private static MessageBatch Of(MessagePeer peer, int key, int round, bool asPayloads)
    {
        var bytes = Encoding.UTF8.GetBytes(Text(key, round));
        if (!asPayloads) return MessageBatch.Of(Message.FromJson(bytes).WithPeer(peer));
        var payloads = new Payloads.Builder();
        payloads.Add(bytes);
        return MessageBatch.Of(payloads.Take(), MessageFormat.Json, peer);
    }

    private static Task OutAsync(TestNode node, long count) =>
        Eventually.IsTrueAsync(() => node["outputs.work"].Out == count, () => node.Node.Ledger().ToJson());

    private void Send(IEnumerable<(int Key, int Round)> messages) => _source.Send([.. messages.Select(each => Text(each.Key, each.Round))]);

    private async Task<FakePeer[]> ConnectAsync(TestNode node, string[] names, bool writesAtOnce = true)
    {
        var workers = names.Select(name => _peers.Connect(name, writesAtOnce)).ToArray();
        await Eventually.IsTrueAsync(() => node["outputs.work"].Workers!.Count(line => line.State == "connected") == names.Length);
        return workers;
    }

    private Task<TestNode> StartAsync(DeliveryMode delivery = DeliveryMode.AtMostOnce, string balance = "hash(k)", int queue = 1000)
    {
        var options = new DistributorOutput.Options { Bind = ["tcp://127.0.0.1:5223"], Delivery = delivery, Balance = balance, Queue = queue };
        return TestNode.StartAsync(Some.Chain(_source.Input(), Some.Component<DistributorOutput>("work", options).Bounded(10_000, Overflow.Wait)), services => services.AddSingleton<IPeerEngine>(_peers));
    }
}
