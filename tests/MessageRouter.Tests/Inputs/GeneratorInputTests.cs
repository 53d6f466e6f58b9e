using MessageRouter.Components;
using MessageRouter.Inputs;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Inputs;

public class GeneratorInputTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Makes_messages_with_number_time_level_and_text()
    {
        await using var node = await StartAsync(new() { Count = 2 });
        await Eventually.IsTrueAsync(() => node["inputs.in"].Out == 1);
        await node.HandledAsync("inputs/in");
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await node.Node.Ended.WaitAsync(TestNode.Patience);

        var first = JObject.Parse((await node.SinkAsync(2))[0]);

        Assert.Equal(1, first["seq"]);
        Assert.Equal("debug", first["level"]);
        Assert.Equal("message 1", first["text"]);
        Assert.Contains("\"time\":\"2020-01-01T00:00:01.000Z\"", node.Texts("outputs.sink")[1]);
    }

    [Fact]
    public async Task Ends_after_the_count()
    {
        await using var node = await StartAsync(new() { Rate = 0, Count = 1234, Template = "%{seq}" });

        await node.Node.Ended.WaitAsync(TestNode.Patience);

        Assert.Equal(Enumerable.Range(1, 1234).Select(n => $"{n}"), await node.SinkAsync(1234));
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(0.5, 60)]
    [InlineData(7, 10)]
    [InlineData(333, 3)]
    [InlineData(100_000, 1)]
    public async Task Keeps_the_rate_without_drift(double rate, int seconds)
    {
        await using var node = await TestNode.StartChainAsync(Input(new() { Rate = rate, Template = "%{seq}" }), Some.Sink());
        for (var step = 0; step <= 100; step++)
        {
            if (step > 0) node.Clock.Advance(TimeSpan.FromSeconds(seconds) / 100);
            var due = (long)((decimal)rate * seconds * step / 100) + 1;

            await Eventually.IsTrueAsync(() => node["inputs.in"].Out >= due, () => $"{node["inputs.in"].Out} instead of {due} at step {step}");
            await node.HandledAsync("inputs/in");
            Assert.Equal(due, node["inputs.in"].Out);
        }
    }

    [Fact]
    public async Task Without_a_rate_it_makes_as_many_as_the_node_takes_and_loses_none_whatever_the_policies()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(
            Input(new() { Rate = 0, Template = "%{seq}" }).Bounded(10, Overflow.DropNewest),
            gate.Output().Bounded(5, Overflow.Wait));

        await Eventually.IsTrueAsync(() => node["inputs.in"].Queued == 10 && node["outputs.sink"].Queued > 5);
        Assert.InRange(node["inputs.in"].In, 15, 40);
        gate.Open();
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out > 10_000);
        await node.StopAsync();

        Assert.Empty(node["inputs.in"].Dropped);
        Assert.Equal(Enumerable.Range(1, gate.Taken.Count).Select(n => $"{n}"), gate.Taken);
    }

    [Fact]
    public async Task It_makes_no_more_than_the_node_has_memory_for()
    {
        const int size = 10_000;
        var gate = new Gate();
        await using var node = await TestNode.StartAsync(
            Some.Chain(Input(new() { Rate = 0, Template = '"' + new string('x', size) + '"' }), gate.Output().Bounded(1000, Overflow.Wait)) with { MemoryLimit = 20 * size });

        await Eventually.IsTrueAsync(() => Waiting() > 19 * size);
        await node.HandledAsync("inputs/in");

        // Who moves while they are counted one after the other counts twice.
        await Eventually.IsStableAsync(() => (int)Waiting());
        Assert.InRange(Waiting(), 0, 22 * size);
        gate.Open();

        long Waiting() => node.Node.Ledger().Components.Sum(line => line.QueuedBytes);
    }

    [Fact]
    public async Task Time_for_which_it_was_held_back_is_not_made_up()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(
            Input(new() { Rate = 10, Template = "%{seq}" }).Bounded(1), gate.Output().Bounded(1, Overflow.Wait));
        await Eventually.IsTrueAsync(() => node["inputs.in"].Queued == 1 && node["outputs.sink"].Queued == 3, node.Clock, Step);
        node.Clock.Advance(TimeSpan.FromHours(1));
        gate.Open();
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out > 10, node.Clock, Step);

        Assert.InRange(node["outputs.sink"].Out, 10, 1000);
    }

    [Fact]
    public void Fills_in_each_placeholder_and_leaves_the_rest()
    {
        var time = new DateTimeOffset(2024, 2, 3, 4, 5, 6, 7, TimeSpan.FromHours(2));
        string Write(string template, long seq = 1) => System.Text.Encoding.UTF8.GetString(MessageTemplate.Parse(template).Write(seq, time));

        Assert.Equal("""{"a":{"n":42},"é":"100% }"}""", Write("""{"a":{"n":%{seq}},"é":"100% }"}""", 42));
        Assert.Equal("2024-02-03T02:05:06.007Z", Write("%{time}"));
        Assert.Equal("debug info warning error debug", string.Join(' ', Enumerable.Range(1, 5).Select(n => Write("%{level}", n))));
        Assert.InRange(int.Parse(Write("%{random}"), System.Globalization.CultureInfo.InvariantCulture), 0, 999_999);
    }

    [Fact]
    public void Says_what_is_wrong_with_its_options()
    {
        Assert.Equal(
            "Template has an unknown placeholder %{host}; there are %{seq}, %{time}, %{random}, %{level}",
            Assert.Single(Some.Problems(new GeneratorInput.Options { Template = "%{seq} %{host}" })));
        Assert.Equal(
            "Template has a placeholder at position 3 that is not closed with }",
            Assert.Single(Some.Problems(new GeneratorInput.Options { Template = "a %{seq" })));
        Assert.Equal(2, Some.Problems(new GeneratorInput.Options { Rate = -1, Count = -1 }).Count);
        Assert.Empty(Some.Problems(new GeneratorInput.Options()));
    }

    private static ComponentDefinition Input(GeneratorInput.Options options) => Some.Component<GeneratorInput>("in", options);

    private static Task<TestNode> StartAsync(GeneratorInput.Options options) => TestNode.StartChainAsync(Input(options));
}
