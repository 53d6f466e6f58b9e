using CsCheck;
using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Pools;

/// <summary>Under <c>hash</c> the messages of a key stay in order and none is lost, whatever happens to the copies meanwhile.</summary>
public class PoolOrderTests
{
    private const int Keys = 40;
    private const int Messages = 4000;

    private static readonly Gen<Plan> Plans = Gen.Select(
        Gen.Int[1, 8], Gen.Int[1, 30].Array[3, 8], Gen.Int[1, 400], Gen.Int[1, 50], Gen.Int[0, 1000], Gen.Int[0, 3],
        (size, sizes, poolRoom, sinkRoom, seed, failing) => new Plan(size, sizes, poolRoom, sinkRoom, seed, failing));

    [Fact]
    public async Task The_order_of_each_key_holds_through_resizes_failures_and_copies_set_aside() =>
        await Plans.SampleAsync(RunAsync, iter: 40, threads: 2, print: plan => plan.ToString() + string.Join(' ', plan.Sizes));

    [Fact]
    public async Task The_order_of_each_key_holds_from_one_to_eight_and_back()
    {
        var sizes = Enumerable.Range(2, 7).Concat(Enumerable.Range(1, 7).Reverse()).ToArray();
        await RunAsync(new Plan(1, [8, 1, 8, 1, .. sizes], 100, 20, 1, 0));
    }

    private static async Task RunAsync(Plan plan)
    {
        var source = new ProbeSource();
        var random = new Random(plan.Seed);
        await using var node = await TestNode.StartChainAsync(
            source.Input(),
            Filter(plan).Bounded(plan.PoolRoom, Overflow.Wait) with { Instances = plan.Size, Route = PoolRoute.Hash("k"), Supervision = plan.Supervision },
            Some.Sink().Bounded(plan.SinkRoom, Overflow.Wait));

        var sent = Task.Run(async () =>
        {
            var next = new int[Keys];
            for (var n = 0; n < Messages;)
            {
                var batch = Enumerable.Range(0, Math.Min(random.Next(1, 30), Messages - n)).Select(_ =>
                {
                    var key = random.Next(Keys);
                    return source.Intake.NewMessage(System.Text.Encoding.UTF8.GetBytes($$"""{"k":{{key}},"n":{{next[key]++}}}"""));
                }).ToArray();
                n += batch.Length;
                await source.Intake.AddAsync(MessageBatch.Of(batch));
            }
        });
        var resized = Task.Run(async () =>
        {
            foreach (var size in plan.Sizes) await node.Node.ResizeAsync("f", size);
        });
        await Eventually.IsTrueAsync(() => sent.IsCompleted && resized.IsCompleted, node.Clock, TimeSpan.FromMilliseconds(50), () => node.Node.Ledger().ToJson());
        await sent;
        await resized;
        await node.StopWhileTimePassesAsync();

        var ledger = node.Node.Ledger();
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal([], node["filters.f"].Dropped);
        var arrived = node.Recorded["outputs.sink"];
        Assert.Equal(Messages, arrived.Count + node["filters.f"].Failed);
        foreach (var key in arrived.GroupBy(message => (int)message["k"]!))
        {
            var numbers = key.Select(message => (int)message["n"]!).ToList();
            Assert.Equal(numbers.Order(), numbers);
            Assert.Distinct(numbers);
        }
    }

    private static ComponentDefinition Filter(Plan plan)
    {
        var random = new Random(plan.Seed);
        return Some.Component<PoolTests.NamedFilter>("f", new PoolTests.NamedFilter.Options
        {
            Filter = (name, message) =>
            {
                // Some copies fail now and then, the last ones nearly always.
                int number = int.Parse(name["filters.f/".Length..], System.Globalization.CultureInfo.InvariantCulture), chance;
                lock (random) chance = random.Next(100);
                var fails = plan.Failing > 0 && (number > 1 && number % 3 == 0 ? chance < 95 : chance < plan.Failing);
                return fails ? throw new InvalidOperationException("injected") : message;
            },
        });
    }

    private sealed record Plan(int Size, int[] Sizes, int PoolRoom, int SinkRoom, int Seed, int Failing)
    {
        public SupervisionOptions Supervision => new()
        {
            MaxRestarts = 2,
            MinBackoff = TimeSpan.FromMilliseconds(50),
            MaxBackoff = TimeSpan.FromMilliseconds(400),
        };
    }
}
