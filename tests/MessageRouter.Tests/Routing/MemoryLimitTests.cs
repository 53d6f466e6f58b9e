using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Routing;

/// <summary>What waits in a whole node, and what becomes of messages that come when it is too much.</summary>
public class MemoryLimitTests
{
    private const int Size = 1000;

    private readonly ProbeSource _source = new();
    private readonly Gate _gate = new();

    [Fact]
    public async Task An_input_that_can_wait_waits_while_the_node_is_full()
    {
        await using var node = await StartAsync(limit: 10 * Size, canPause: true);

        Assert.True(Send(1, 8));
        await StuckAsync(node, 8);
        Assert.True(Send(9, 4));
        await StuckAsync(node, 12);
        Assert.False(Send(13, 2));
        Assert.Equal(2, node["inputs.in"].Queued);
        Assert.Equal(2 * Size, node["inputs.in"].QueuedBytes);

        _gate.Open();
        await Eventually.IsTrueAsync(() => _gate.Taken.Count == 14);
        Assert.True(Send(15, 1));
    }

    [Fact]
    public async Task What_an_input_brings_that_cannot_wait_is_dropped_and_counted_while_the_node_is_full()
    {
        await using var node = await StartAsync(limit: 10 * Size, canPause: false);
        Send(1, 12);
        await StuckAsync(node, 12);

        Assert.True(Send(13, 3));
        Assert.Equal(3, node["inputs.in"].Dropped[DropReasons.Memory]);

        _gate.Open();
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 12);
        Send(16, 1);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 13);
    }

    [Fact]
    public async Task A_message_that_is_larger_than_the_limit_passes_nevertheless()
    {
        await using var node = await StartAsync(limit: 10, canPause: true);
        _gate.Open();

        for (var n = 1; n <= 20; n++) Send(n, 1);

        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 20);
    }

    [Fact]
    public async Task What_waits_outside_comes_in_when_the_node_stops()
    {
        await using var node = await StartAsync(limit: 10 * Size, canPause: true);
        Send(1, 12);
        await StuckAsync(node, 12);
        for (var n = 13; n <= 30; n++) Send(n, 1);

        var stopping = node.StopAsync();
        _gate.Open();
        var ledger = await stopping;

        Assert.Equal(30, ledger.Components.Single(line => line.Name == "outputs.sink").Out);
        Assert.True(ledger.Balanced, ledger.ToJson());
    }

    [Fact]
    public async Task What_waits_outside_is_counted_when_the_node_has_no_time_left()
    {
        await using var node = await StartAsync(limit: 10 * Size, canPause: true);
        Send(1, 12);
        await StuckAsync(node, 12);
        for (var n = 13; n <= 30; n++) Send(n, 1);

        await node.StopWhileTimePassesAsync(new CancellationToken(canceled: true));

        Assert.Equal(30, node.Node.Ledger().Components.Sum(line => line.Dropped.GetValueOrDefault(DropReasons.Shutdown)));
        Assert.True(node.Node.Ledger().Balanced, node.Node.Ledger().ToJson());
    }

    [Fact]
    public async Task The_log_says_once_who_holds_the_most_and_when_there_is_room_again()
    {
        await using var node = await StartAsync(limit: 10 * Size, canPause: false);
        Send(1, 8);
        await StuckAsync(node, 8);
        Send(9, 4);
        await StuckAsync(node, 12);
        Send(13, 3);
        Send(16, 3);

        await Eventually.IsTrueAsync(() => Said("The node is full").Any());
        _gate.Open();
        await Eventually.IsTrueAsync(() => Said("The node has room again").Any());
        Assert.Contains("`memory.limit` is 9.8 KiB", Assert.Single(Said("The node is full")), StringComparison.Ordinal);
        Assert.Contains("outputs.sink", Assert.Single(Said("The node is full")), StringComparison.Ordinal);
        Assert.Single(Said("The node has room again"));

        IEnumerable<string> Said(string what) => node.Log.Lines.Where(line => line.Text.StartsWith(what, StringComparison.Ordinal)).Select(line => line.Text);
    }

    private Task<TestNode> StartAsync(long limit, bool canPause) =>
        TestNode.StartAsync(Some.Chain(_source.Input(canPause), _gate.Output().BoundedInBytes(1 << 20, Overflow.Wait)) with { MemoryLimit = limit });

    private bool Send(int from, int count) => _source.Intake.TryAdd(Some.SizedBatch(from, Enumerable.Repeat(Size, count)));

    /// <summary>Waits until so many messages are in the output.</summary>
    private static Task StuckAsync(TestNode node, int count) => Eventually.IsTrueAsync(() => node["outputs.sink"].Queued == count && node["inputs.in"].Queued == 0);
}
