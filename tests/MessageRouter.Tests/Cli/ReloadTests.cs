using System.Text.Json;
using MessageRouter.Cli.Running;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Workers;

namespace MessageRouter.Tests.Cli;

public sealed class ReloadTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_signal_applies_other_sizes_of_pools()
    {
        var running = Run(Node(filter: "instances = 2", other: "route = least-busy"));

        Write(Node(filter: "instances = 5", other: "route = least-busy, instances = 3"));
        await _cli.ReopenAsync();
        await _cli.LogsAsync("Resized from 2 to 5.");
        await _cli.LogsAsync("Resized from 1 to 3.");
        Write(Node(filter: "", other: "route = least-busy"));
        await _cli.ReopenAsync();
        await _cli.LogsAsync("Resized from 5 to 1.");
        await _cli.LogsAsync("Resized from 3 to 1.");

        await _cli.StopAsync();
        Assert.Equal(0, await running);
        var components = JsonDocument.Parse(File.ReadAllText(_cli["ledger.json"])).RootElement.GetProperty("components");
        Assert.Equal("1", Assert.Single(components[1].GetProperty("workers").EnumerateArray()).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("instances = 2", "delay = 5s", "Reloaded: filters.other replaced (delay).")]
    [InlineData("instances = 2", "instances = 2", "Reloaded: filters.other replaced (instances).")]
    [InlineData("instances = 3, route = least-busy", "", "Reloaded: filters.slow replaced (instances, route).")]
    [InlineData("instances = 3, mailbox.capacity = 7", "", "Reloaded: filters.slow changed in place (instances, mailbox.capacity).")]
    public async Task The_signal_applies_any_other_change_too(string filter, string other, string what)
    {
        var running = Run(Node("instances = 2", ""));

        Write(Node(filter, other));
        await _cli.ReopenAsync();
        await _cli.LogsAsync(what);
        await _cli.LogsAsync("The reload to revision 2 is done.");

        await _cli.StopAsync();
        Assert.Equal(0, await running);
        Assert.Equal(2, JsonDocument.Parse(File.ReadAllText(_cli["ledger.json"])).RootElement.GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task What_cannot_change_while_the_node_runs_is_named()
    {
        var running = Run(Node("instances = 2", ""));

        Write(Node("instances = 2", "") + "\nrouter.name = another\nakka.loglevel = INFO\n");
        await _cli.ReopenAsync();
        await _cli.LogsAsync("This stays as it is until the node is started again: name, akka.");

        await _cli.StopAsync();
        Assert.Equal(0, await running);
    }

    [Fact]
    public async Task A_wrong_configuration_is_shown_and_changes_nothing()
    {
        var running = Run(Node("instances = 2", ""));

        Write(Node("instances = 0", "wait = 2"));
        await _cli.ReopenAsync();
        await _cli.LogsAsync("The configuration that was read again is wrong; nothing changes.");

        await _cli.StopAsync();
        Assert.Equal(0, await running);
        Assert.Contains("filter `slow` (delay): `instances` must be between 1 and 1000", _cli.Error);
        Assert.Contains("unknown key `wait`", _cli.Error);
        Assert.DoesNotContain(_cli.Log.Lines, line => line.Text.StartsWith("Resized", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_changes_is_applied_where_that_is_asked_for()
    {
        _cli.Write("filter.conf", "instances = 2");
        Write(Node("include \"filter.conf\"", ""));
        var running = _cli.RunAsync("run", _cli["node.conf"], "--watch", "--summary-file", _cli["ledger.json"]);
        await _cli.LogsAsync("Node ");

        _cli.Write("filter.conf", "instances = 3");
        await _cli.LogsAsync("Resized from 2 to 3.");
        await _cli.LogsAsync("The reload to revision 2 is done.");
        _cli.Write("filter.conf", "instances = \"");
        await _cli.LogsAsync("The configuration that was read again is wrong; nothing changes.");
        _cli.Write("filter.conf", "instances = 4");
        await _cli.LogsAsync("Resized from 3 to 4.");

        await _cli.StopAsync();
        Assert.Equal(0, await running);
        Assert.Contains("; the node is as it was.", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resize_that_waits_holds_up_no_other_part_and_the_sizes_read_last_come_about()
    {
        var (source, gate) = (new ProbeSource(), new Gate());
        await using var node = await WorkerNode.StartAsync(
            Some.Chain(source.Input(), ScriptedFilter.Of(message => message) with { Instances = 2, Route = PoolRoute.Hash("n") }, gate.Output().Bounded(1, Overflow.Wait)),
            WorkerNode.Group());
        await node.Processes.NextAsync();
        for (var n = 1; n <= 100; n++) source.SendNumbers(n, 1);
        await Eventually.IsTrueAsync(() => node.Test["filters.f"].Workers!.All(worker => worker.Queued > 0));
        var definition = node.Node.Definition;
        var reload = new Reload(node.Node, () => definition, TextWriter.Null, node.Test.Log.CreateLogger("router"));

        // Keys cannot go to the new copies before the old ones have let go of their messages.
        definition = Sized(pool: 4, workers: 1);
        reload.Begin();
        await Eventually.IsTrueAsync(() => node.Test["filters.f"].Workers!.Count == 4);
        definition = Sized(pool: 2, workers: 3);
        reload.Begin();

        var started = node.Processes.NextAsync(2);
        await Eventually.IsTrueAsync(() => started.IsCompleted, node.Test.Clock, TimeSpan.FromMilliseconds(50));
        Assert.Equal(["w.2", "w.3"], (await started).Select(process => process.Name));
        Assert.DoesNotContain(node.Test.Log.Lines, line => line.Text.StartsWith("Resized", StringComparison.Ordinal));
        gate.Open();
        await Eventually.IsTrueAsync(() => node.Test.Log.Lines.Any(line => line.Text == "Resized from 4 to 2."), node.Test.Clock, TimeSpan.FromMilliseconds(50));
        Assert.Equal(2, node.Test["filters.f"].Workers!.Count);

        NodeDefinition Sized(int pool, int workers) => node.Node.Definition with
        {
            Components = [.. node.Node.Definition.Components.Select(component => component.IsPool ? component with { Instances = pool } : component)],
            Workers = [WorkerNode.Group(instances: workers)],
        };
    }

    [Fact]
    public async Task A_size_that_could_not_be_had_is_tried_again()
    {
        var fails = true;
        var made = 0;
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Open = _ =>
            {
                if (Interlocked.Increment(ref made) > 2 && Volatile.Read(ref fails)) throw new InvalidOperationException("no third");
            },
        });
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input(), filter with { Instances = 2 });
        var larger = node.Node.Definition with
        {
            Components = [.. node.Node.Definition.Components.Select(component => component.IsPool ? component with { Instances = 3 } : component)],
        };
        var reload = new Reload(node.Node, () => larger, TextWriter.Null, node.Log.CreateLogger("router"));

        reload.Begin();
        await Eventually.IsTrueAsync(() => node.Log.Lines.Any(line => line.Text.EndsWith("filters.f could not be started: no third", StringComparison.Ordinal)));
        Volatile.Write(ref fails, false);
        reload.Begin();

        await Eventually.IsTrueAsync(() => node.Log.Lines.Any(line => line.Text == "Resized from 2 to 3."));
    }

    private Task<int> Run(string node)
    {
        Write(node);
        return _cli.RunAsync("run", _cli["node.conf"], "--summary-file", _cli["ledger.json"]);
    }

    private void Write(string node) => _cli.Write("node.conf", node);

    private static string Node(string filter, string other) => $$"""
        my-own = {{filter.Length}}
        router {
          inputs { in { type = null, to = slow } }
          filters {
            slow { type = delay, delay = 1s, {{filter}}, to = other }
            other { type = delay, delay = 1s, {{other}}, to = out }
          }
          outputs { out { type = null } }
        }
        """.Replace(", , to", ", to", StringComparison.Ordinal);
}
