using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Monitoring;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Monitoring;

public class NodeStatusTests
{
    private readonly ProbeSource _source = new();
    private readonly Gate _gate = new();

    [Fact]
    public async Task Has_the_ledgers_numbers_and_is_the_same_after_it_was_written()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<PassingFilter>("f"));
        _source.SendNumbers(1, 7);
        await node.SinkAsync(7);

        var status = NodeStatus.FromJson(node.Node.Status().ToJson());

        var ledger = node.Node.Ledger();
        Assert.Equal(ledger.Components.Select(line => (line.Name, line.Type, line.In, line.Out)), status.Components.Select(line => (line.Name, line.Type, line.In, line.Out)));
        Assert.Equal(ledger.Edges.Select(edge => (edge.From, edge.To, edge.Offered)), status.Edges.Select(edge => (edge.From, edge.To, edge.Offered)));
        Assert.Equal(("test", "running", true), (status.Node, status.State, status.Balanced));
        Assert.Equal(["input", "filter", "output", "output"], status.Components.Select(component => component.Role));
        Assert.Equal(["filters.f"], status.Components[0].To);
        Assert.All(status.Components, component => Assert.Equal("running", component.State));
    }

    [Fact]
    public async Task A_pool_tells_what_went_wrong_last_in_its_copies_and_when_the_node_was_made_never_changes()
    {
        await using var node = await TestNode.StartAsync(Some.Chain(_source.Input(), ScriptedFilter.Of(_ => throw new InvalidOperationException("no")) with { Instances = 2, Route = MessageRouter.Pools.PoolRoute.RoundRobin }));
        _source.SendNumbers(1, 4);
        await Eventually.IsTrueAsync(() => Of(node, "filters.f").Failed == 4);

        await Eventually.IsTrueAsync(() => Of(node, "filters.f").LastError == "InvalidOperationException: no", () => $"{Of(node, "filters.f").LastError}");
        Assert.Single(Enumerable.Range(0, 5).Select(_ => node.Node.Status().StartedAt).Distinct());
    }

    [Fact]
    public async Task Rates_are_those_of_the_nodes_clock()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input());
        node.Node.Status();
        for (var second = 1; second <= 20; second++)
        {
            _source.SendNumbers(1, second <= 10 ? 3 : 9);
            await Eventually.IsTrueAsync(() => node["outputs.sink"].Queued == 0 && node["outputs.sink"].Out == node["inputs.in"].In);
            await node.PassSecondsAsync(1);
        }

        var sink = Of(node, "outputs.sink");
        Assert.Equal(new Rates(9, 9, 6), sink.OutRate);
        Assert.Equal(new Rates(9, 9, 6), Assert.Single(node.Node.Status().Edges, edge => edge.To == "outputs.sink").Rate);
        Assert.Equal(Rates.None, sink.FailedRate);
    }

    [Fact]
    public async Task The_component_at_the_end_of_a_chain_that_stands_still_is_named_by_all_before_it()
    {
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), Passing("a"), Passing("b"), _gate.Output().Bounded(2, Overflow.Wait));
        for (var n = 1; n <= 40; n++) _source.SendNumbers(n, 1);
        await Eventually.IsTrueAsync(() => Of(node, "inputs.in").WaitingFor is not null);

        Assert.Equal(["outputs.sink", "outputs.sink", "outputs.sink"], new[] { "inputs.in", "filters.a", "filters.b" }.Select(name => Of(node, name).WaitingFor!.Component));
        Assert.Equal(["filters.a", "filters.b", "outputs.sink"], Of(node, "inputs.in").WaitingFor!.Path);
        Assert.Equal("takes no more until what it has is written", Of(node, "inputs.in").WaitingFor!.Why);
        Assert.Equal(("blocked", "paused"), (Of(node, "filters.b").State, Of(node, "outputs.sink").State));

        _gate.Open();
        await Eventually.IsTrueAsync(() => Of(node, "inputs.in").WaitingFor is null && node["outputs.sink"].Out == 40);

        ComponentDefinition Passing(string name) => Some.Component<PassingFilter>(name).Bounded(2, Overflow.Wait);
    }

    [Fact]
    public async Task Tells_how_long_the_oldest_message_waits_and_how_long_a_mailbox_is_full()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(canPause: false), _gate.Output().Bounded(4, Overflow.DropNewest));
        node.Node.Status();
        _source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => node.CellOf("outputs/sink").Counts.Held.Value == 1);
        await node.PassSecondsAsync(5);
        Assert.InRange(Of(node, "outputs.sink").Mailbox.OldestSeconds!.Value, 4, 6);
        Assert.Null(Of(node, "outputs.sink").Mailbox.FullSeconds);

        // The gate holds the first one; the mailbox has room for four.
        _source.SendNumbers(2, 10);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Dropped.Values.Sum() == 6 && node.CellOf("outputs/sink").Mailbox.Queued == 4);
        await node.PassSecondsAsync(3);

        var sink = Of(node, "outputs.sink");
        Assert.Equal((3d, 1d), (sink.Mailbox.FullSeconds, sink.Mailbox.Fill));
        Assert.InRange(sink.Mailbox.OldestSeconds!.Value, 7, 9);
        Assert.Equal(0.8, sink.DroppedRate["mailbox-full"].Minute, 0.2);
        _gate.Open();
    }

    [Fact]
    public async Task Says_until_when_a_component_waits_for_its_restart_and_why()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<FailingFilter>("f"));
        _source.SendNumbers(1, 2);
        await Eventually.IsTrueAsync(() => Of(node, "filters.f").State == "backing-off" && Of(node, "filters.f").Queued == 0);
        _source.SendNumbers(3, 1);
        await Eventually.IsTrueAsync(() => Of(node, "filters.f").Queued == 1);

        var filter = Of(node, "filters.f");
        Assert.Contains("no good", filter.LastError, StringComparison.Ordinal);
        Assert.NotNull(filter.LastErrorAt);
        Assert.True(filter.BackingOffSeconds > 0);
        Assert.StartsWith("waits ", filter.WaitingFor!.Why, StringComparison.Ordinal);
        Assert.Contains("s for its restart after: InvalidOperationException: no good", filter.WaitingFor.Why, StringComparison.Ordinal);

        await Eventually.IsTrueAsync(() => node["filters.f"].Failed == 3, node.Clock, TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_node_that_drains_says_so_and_for_what_it_waits()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _gate.Output());
        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => _gate.Taken.Count == 3);

        var stopping = node.StopAsync();
        var status = node.Node.Status();
        Assert.Equal(("draining", "outputs.sink 3"), (status.State, status.DrainsWaitingFor));

        _gate.Open();
        await stopping;
        Assert.Equal("stopped", node.Node.Status().State);
    }

    private static ComponentStatus Of(TestNode node, string name) => node.Node.Status().Components.Single(component => component.Name == name);

    internal sealed class PassingFilter : FilterActor
    {
        protected override Message? Filter(Message message) => message;
    }

    internal sealed class FailingFilter : FilterActor
    {
        protected override Message? Filter(Message message) => throw new InvalidOperationException("no good");
    }
}
