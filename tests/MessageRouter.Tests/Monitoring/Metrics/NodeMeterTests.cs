using System.Diagnostics.Metrics;
using MessageRouter.Filters;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Monitoring;
using MessageRouter.Monitoring.Metrics;
using MessageRouter.Pools;
using MessageRouter.Tests.Clustering;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Workers;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.Monitoring.Metrics;

public class NodeMeterTests
{
    private readonly ProbeSource _source = new();

    [Fact]
    public async Task Counters_are_those_of_the_ledger()
    {
        await using var node = await StartAsync();
        using var reading = Reading(node);
        _source.SendNumbers(1, 100);
        await Eventually.IsTrueAsync(() => node.Node.Ledger() is { Balanced: true } ledger && ledger.Components.All(line => line.Queued == 0) && ledger.Components[0].In == 100);

        var (values, ledger) = (reading.Values(), node.Node.Ledger());

        Assert.True(ledger.Components.Single(line => line.Name == "filters.f") is { Failed: > 0, Filtered: > 0, Out: > 0 });
        foreach (var line in ledger.Components)
        {
            (string, long)[] counts = [("in", line.In), ("made", line.Created), ("out", line.Out), ("filtered", line.Filtered), ("failed", line.Failed), ("queued", line.Queued)];
            Assert.All(counts, count => Assert.Equal(count.Item2, values[$"messagerouter.component.messages.{count.Item1}{{component={line.Name}}}"]));
            Assert.All(line.Dropped, reason => Assert.Equal(reason.Value, values[$"messagerouter.component.messages.dropped{{component={line.Name},reason={reason.Key}}}"]));
            Assert.Equal(line.Restarts, values[$"messagerouter.component.restarts{{component={line.Name}}}"]);
        }
        Assert.All(ledger.Edges, edge => Assert.Equal(
            (edge.Offered, edge.Dropped.Values.Sum(), 0),
            (values[$"messagerouter.edge.messages.offered{{from={edge.From},to={edge.To}}}"], values[$"messagerouter.edge.messages.dropped{{from={edge.From},to={edge.To}}}"], values[$"messagerouter.edge.messages.waiting{{from={edge.From},to={edge.To}}}"])));
    }

    [Fact]
    public async Task What_waits_is_told_with_room_age_and_reason_of_what_did_not_fit()
    {
        var gate = new TaskCompletionSource();
        await using var node = await TestNode.StartAsync(Some.Chain(
            _source.Input(canPause: false), Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options { Filter = message => { gate.Task.GetAwaiter().GetResult(); return message; } }).Bounded(10, Overflow.DropNewest)));
        using var reading = Reading(node);
        _ = reading.Values();
        _source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => node.CellOf("filters/f").Counts.Held.Value == 1);
        _source.SendNumbers(2, 15);
        await Eventually.IsTrueAsync(() => node["filters.f"].In == 16 && node.CellOf("filters/f").Mailbox.Queued == 10);
        await node.PassSecondsAsync(5);

        var values = reading.Values();
        gate.SetResult();

        Assert.Equal((11, 10, 1, 5), (Of("messages.queued"), Of("mailbox.capacity"), Of("mailbox.utilization"), values["messagerouter.component.messages.dropped{component=filters.f,reason=mailbox-full}"]));
        Assert.InRange(Of("oldest_message.age"), 4, 6);
        Assert.True(Of("queue.size") > 0 && values["messagerouter.node.memory.waiting{}"] > Of("queue.size"));
        Assert.Equal(0, values["messagerouter.node.memory.full{}"]);
        Assert.Equal(0, values["messagerouter.node.security.problems{}"]);
        Assert.Equal((1, 0), (values["messagerouter.node.state{state=running}"], values["messagerouter.node.state{state=draining}"]));
        Assert.InRange(values["messagerouter.node.uptime{}"], 5, 3600);

        double Of(string name) => values[$"messagerouter.component.{name}{{component=filters.f}}"];
    }

    [Fact]
    public async Task Names_units_and_descriptions_follow_the_conventions()
    {
        await using var node = await StartAsync();
        using var reading = Reading(node);

        Assert.Equal("MessageRouter", node.Node.Meter!.Meter.Name);
        Assert.NotEmpty(node.Node.Meter.Meter.Version!);
        Assert.All(reading.Instruments, instrument =>
        {
            Assert.Matches("^messagerouter\\.(component|edge|pool|worker|cluster|node)(\\.[a-z]+(_[a-z]+)?){1,3}$", instrument.Name);
            Assert.DoesNotMatch("total$|count$|bytes|seconds|ratio", instrument.Name);
            Assert.Matches("^[A-Z0-9].*\\.$", instrument.Description!);
            Assert.True(instrument.Unit is null or "1" or "s" or "By" || instrument.Unit.StartsWith('{'), instrument.Unit);
        });
        Assert.Equal(reading.Instruments.Count, reading.Instruments.Select(instrument => instrument.Name).Distinct().Count());
    }

    [Fact]
    public async Task Reasons_that_a_component_makes_up_do_not_make_series_without_end()
    {
        await using var node = await StartAsync();
        using var reading = Reading(node);
        var dropped = node.CellOf("filters/f").Counts.Dropped;
        for (var i = 0; i < 10; i++) dropped.Add($"a{i}", 1);
        _ = reading.Values();
        for (var i = 0; i < 1000; i++) dropped.Add($"b{i}", 1);
        dropped.Add(DropReasons.TooLarge, 7);
        var values = reading.Values();
        node.CellOf("filters/f").Counts.Created.Add(1017);

        var reasons = values.Where(value => value.Key.StartsWith("messagerouter.component.messages.dropped{component=filters.f,", StringComparison.Ordinal)).ToList();
        Assert.InRange(reasons.Count, 12, BoundedReasons.Most + 1);
        Assert.Equal(1017, reasons.Sum(reason => reason.Value));
        Assert.Equal(7, values["messagerouter.component.messages.dropped{component=filters.f,reason=too-large}"]);
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(1, values[$"messagerouter.component.messages.dropped{{component=filters.f,reason=a{i}}}"]));
        Assert.Equal(reasons.Select(reason => reason.Key), reading.Values().Keys.Where(key => key.Contains("component=filters.f,reason=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Peers_make_no_series_and_what_those_counted_that_have_gone_stays()
    {
        await using var node = await StartAsync();
        using var reading = Reading(node);
        var cell = node.CellOf("inputs/in");
        List<ConnectionLine> lines = [Line("tcp://10.0.0.1:1", "accepted", 10, 100), Line("tcp://10.0.0.1:2", "accepted", 20, 200)];
        cell.Connections = () => lines;
        Assert.Equal((2, 0, 30, 300), Totals());
        var series = reading.Series();

        lines = [.. Enumerable.Range(10, 500).Select(port => Line($"tcp://10.0.0.1:{port}", "accepted", 1, 10)), Line("tcp://b:1", "connected", 5, 50)];

        Assert.Equal((500, 1, 535, 5350), Totals());
        Assert.Equal(series, reading.Series());
        lines = [Line("tcp://b:1", "connected", 2, 20)];
        Assert.Equal((0, 1, 537, 5370), Totals());

        (double, double, double, double) Totals()
        {
            var values = reading.Values();
            return (values["messagerouter.component.connections{component=inputs.in,direction=accepted}"], values["messagerouter.component.connections{component=inputs.in,direction=connected}"],
                values["messagerouter.component.connections.messages.received{component=inputs.in}"], values["messagerouter.component.connections.sent{component=inputs.in}"]);
        }

        static ConnectionLine Line(string peer, string direction, long messages, long bytes) => new(peer, direction, "pull", 1, messages, bytes, messages, bytes, 0, 0, 0);
    }

    [Fact]
    public async Task A_pools_copies_are_counted_by_state_whatever_its_size()
    {
        await using var node = await TestNode.StartAsync(Some.Chain(_source.Input(), ScriptedFilter.Of(message => message) with { Instances = 3, Route = PoolRoute.RoundRobin }));
        using var reading = Reading(node);
        Assert.Equal(3, Running());
        var series = reading.Series();

        await node.Node.ResizeAsync("f", 40).WaitAsync(TestNode.Patience);
        _source.SendNumbers(1, 400);
        await node.SinkAsync(400);
        await node.Node.ResizeAsync("f", 2).WaitAsync(TestNode.Patience);

        Assert.Equal(2, Running());
        Assert.Equal(series, reading.Series());
        Assert.Equal(400, reading.Values()["messagerouter.component.messages.out{component=filters.f}"]);

        double Running() => reading.Values()["messagerouter.pool.copies{component=filters.f,state=running}"];
    }

    [Fact]
    public async Task Worker_processes_are_counted_by_state_and_restarts_of_those_that_were_removed_stay()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group(instances: 2));
        using var reading = Reading(node.Test);
        var processes = await node.Processes.NextAsync(2);
        await Eventually.IsTrueAsync(() => node.Node.Ledger().Processes.All(line => line.State == "running"));
        Assert.Equal((2, 0), (reading.Values()["messagerouter.worker.processes{group=w,state=running}"], reading.Values()["messagerouter.worker.restarts{group=w}"]));

        await node.ExitAsync(processes.Single(process => process.Name == "w.2"));
        Assert.Equal(1, reading.Values()["messagerouter.worker.restarts{group=w}"]);
        node.Node.ResizeWorkers("w", 1);
        await Eventually.IsTrueAsync(() => node.Node.Ledger().Processes.Count == 1);

        Assert.Equal((1, 1), (reading.Values()["messagerouter.worker.processes{group=w,state=running}"], reading.Values()["messagerouter.worker.restarts{group=w}"]));
    }

    [Fact]
    public async Task What_is_missing_in_sequences_is_told_of_who_looks_for_it()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<GapDetectFilter>("f", new GapDetectFilter.Options { Field = "n", Window = 2 }));
        using var reading = Reading(node);
        _source.Send(Some.Text(1), Some.Text(4), Some.Text(5), Some.Text(7), Some.Text(6), Some.Text(6), Some.Text(9), "{}");
        await node.SinkAsync(8);

        var values = reading.Values();

        (string, double)[] expected = [("lost", 2), ("missing", 1), ("duplicates", 1), ("reordered", 1), ("unnumbered", 1), ("restarts", 0), ("sources", 1), ("forgotten", 0)];
        Assert.All(expected, count => Assert.Equal(count.Item2, values[$"messagerouter.component.gaps.{count.Item1}{{component=filters.f}}"]));
        Assert.DoesNotContain("messagerouter.component.gaps.lost{component=inputs.in}", values.Keys);
    }

    [Fact]
    public async Task A_cluster_is_told_with_its_nodes_and_the_streams_that_the_node_has_an_end_of()
    {
        await using var node = await StartAsync();
        using var reading = Reading(node);
        Assert.DoesNotContain(reading.Values().Keys, key => key.StartsWith("messagerouter.cluster", StringComparison.Ordinal));

        node.Node.Cluster = new ClusterOfOne(node.Node);

        (string, double)[] expected =
        [
            ("state{state=up}", 1), ("state{state=joining}", 0), ("members{state=up}", 2), ("members{state=down}", 0), ("unreachable{}", 1), ("gone{}", 2), ("joined_anew{}", 1), ("refused{reason=clock}", 3),
            ("stream.members{stream=jobs,side=takes}", 1), ("stream.members{stream=jobs,side=feeds}", 1), ("stream.members{stream=none,side=takes}", 0), ("stream.members{stream=none,side=feeds}", 1),
        ];
        var values = reading.Values();
        Assert.All(expected, value => Assert.Equal(value.Item2, values[$"messagerouter.cluster.{value.Item1}"]));
        Assert.DoesNotContain(values.Keys, key => key.Contains("stream=others", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_instrument_has_more_series_than_it_says()
    {
        await using var node = await WorkerNode.StartAsync(
            Some.Chain(_source.Input(), ScriptedFilter.Of(message => message) with { Instances = 3, Route = PoolRoute.RoundRobin }), WorkerNode.Group());
        using var reading = Reading(node.Test);
        node.Node.Cluster = new ClusterOfOne(node.Node);
        foreach (var cell in node.Node.Topology.All)
        {
            cell.Connections = () => [];
            cell.Counts.Gaps = new GapCounts();
            cell.Links?.Receive();
            cell.Links?.Send();
            foreach (var refusal in Refusals.All) cell.Counts.CountRefusals().Add(refusal);
            foreach (var reason in Enumerable.Range(0, 100)) cell.Counts.Dropped.Add($"{reason}", 1);
        }

        Assert.All(reading.Series(), series => Assert.InRange(series.Value, 1, node.Node.Meter!.MostSeries(series.Key)));
        Assert.Equal(reading.Instruments.Count, reading.Series().Count);
        foreach (var cell in node.Node.Topology.All) cell.Counts.Created.Add(100);
    }

    [Fact]
    public async Task Nodes_of_one_process_have_meters_of_their_own_that_end_with_them()
    {
        MeterReading first;
        await using (var other = await StartAsync())
        {
            await using var node = await TestNode.StartAsync(Some.Chain(new ProbeSource().Input()));
            Assert.NotSame(node.Node.Meter!.Meter, other.Node.Meter!.Meter);
            first = Reading(other);
            Assert.NotEmpty(first.Values());
        }

        Assert.Empty(first.Values());
        Assert.Equal(first.Instruments.Count, first.Completed.Count);
    }

    [Fact]
    public async Task The_meter_is_of_the_hosts_factory_where_it_has_one()
    {
        await using var node = await TestNode.StartAsync(Some.Chain(_source.Input()), services => services.AddMetrics());

        Assert.IsAssignableFrom<IMeterFactory>(node.Node.Meter!.Meter.Scope);
    }

    private static MeterReading Reading(TestNode node) => new(node.Node.Meter!.Meter);

    /// <summary>A filter that fails on every tenth message and passes every other one.</summary>
    private Task<TestNode> StartAsync() => TestNode.StartChainAsync(_source.Input(), Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
    {
        Filter = message => (int)message["n"]! % 10 == 0 ? throw new MessageException("ten") : (int)message["n"]! % 2 == 0 ? message : null,
    }));
}
