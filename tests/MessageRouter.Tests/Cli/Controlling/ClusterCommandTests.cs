using System.Runtime.Versioning;
using System.Text.Json;
using MessageRouter.Clustering;
using MessageRouter.Control;
using MessageRouter.Control.Listening;
using MessageRouter.Tests.Clustering;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Cli.Controlling;

/// <summary>The commands that look at a whole cluster, at a node that knows of another one that does not answer.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ClusterCommandTests : IAsyncLifetime
{
    private readonly ProbeSource _source = new();
    private readonly TempFolder _folder = new();
    private readonly List<string> _asked = [];
    private TestNode _node = null!;
    private ControlEndpoint _endpoint = null!;

    public async Task InitializeAsync()
    {
        _node = await TestNode.StartChainAsync(_source.Input());
        _node.Node.Cluster = new ClusterOfOne(_node.Node);
        _endpoint = new ControlEndpoint(_node.Node, new ControlDefinition { Options = new ControlOptions { Socket = _folder["node.sock"] } }, _node.Log.CreateLogger("control"), _node.Clock);
        _endpoint.Open();
        _source.SendNumbers(1, 3);
        await _node.SinkAsync(3);
    }

    public async Task DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Live_ledgers_are_joined_and_who_is_away_makes_nothing_wrong()
    {
        var (exitCode, output) = await Does("ledger", "check", "--cluster");

        Assert.Equal((0, "away: two: it does not answer; what it counts is not in this\n1 ledger, 0 links with both ends: 0 sent = 0 received + 0 lost\n"), (exitCode, output));
        Assert.Equal(1, (await Does("ledger", "check", "--cluster", "--complete")).ExitCode);
        using var json = JsonDocument.Parse((await Does("ledger", "check", "--cluster", "--format", "json")).Output);
        Assert.Equal((true, false, "two"), (json.RootElement.GetProperty("adds_up").GetBoolean(), json.RootElement.GetProperty("complete").GetBoolean(), json.RootElement.GetProperty("away")[0].GetString()));
    }

    [Fact]
    public async Task Top_prints_a_table_of_all_nodes_each_second()
    {
        var (exitCode, output) = await Does("top", "--cluster", "--count", "1");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d logs: up, 1 node, 1 away\nnode +state +in/s ", output);
        Assert.Matches(@"\none +running, leads +[\d.]+ +[\d.]+ +0 +3 +3 +0 ", output);
        Assert.Matches(@"\ntwo +away 0\.0s +", output);
        using var json = JsonDocument.Parse((await Does("top", "--cluster", "--count", "1", "--format", "json")).Output);
        Assert.Equal(2, json.RootElement.GetProperty("nodes").GetArrayLength());
    }

    [Fact]
    public async Task The_graph_has_who_is_away_too()
    {
        var (exitCode, output) = await Does("graph", "--cluster");

        Assert.Equal(0, exitCode);
        Assert.Matches("\ntwo +node +0/s +0 % +away\n", output);
    }

    [Fact]
    public async Task A_reload_shows_each_nodes_plan_and_is_carried_out_one_after_the_other()
    {
        _node.Node.Cluster = Reloading((_, request) => new MemberReload { Id = "1f", Revision = 2, ChangesAnything = true, Text = "Revision 2: 1 added.\n", Seconds = request.Plan ? null : 0.5 });

        Assert.Equal((0, "one: Revision 2: 1 added.\n", ""), await Says("reload", "--cluster", "--role", "edge", "--plan"));
        Assert.Equal(["plan one"], _asked);
        Assert.Equal((0, "one: Revision 2: 1 added.\none: revision 2 is in force, and everything is done, in 0.500 s.\n", ""), await Says("reload", "--cluster", "--role", "edge", "--yes"));
        Assert.Equal(["plan one", "plan one", "1f one"], _asked);
    }

    [Fact]
    public async Task A_reload_does_nothing_where_a_node_is_away_or_cannot_as_its_files_are()
    {
        _node.Node.Cluster = Reloading((_, _) => new MemberReload { Problem = "error: a brace is missing\n" });

        Assert.Equal((69, "", "error: two does not answer, and would stay as before; nothing was changed.\n"), await Says("reload", "--cluster", "--yes"));
        Assert.Equal((78, "", "error: one cannot reload; nothing was changed.\nerror: a brace is missing\n"), await Says("reload", "--cluster", "--role", "edge", "--yes"));
        Assert.Equal(["plan one"], _asked);
        Assert.Equal((64, "", "error: no node of the cluster logs has the role `core`\n"), await Says("reload", "--cluster", "--role", "core", "--yes"));
    }

    [Fact]
    public async Task A_reload_ends_at_the_first_node_that_fails_and_says_where_things_stand()
    {
        _node.Node.Cluster = Reloading((_, request) => new MemberReload { Id = "1f", Revision = 2, ChangesAnything = true, Text = "Revision 2: 1 added.\n", Problem = request.Plan ? null : "error: the port is taken" });
        Assert.Equal(
            (78, "one: Revision 2: 1 added.\n", "error: one has not reloaded.\nerror: the port is taken\nwhere things stand: one as before.\n"), await Says("reload", "--cluster", "--role", "edge", "--yes"));

        _node.Node.Cluster = Reloading((_, request) => request.Plan ? new MemberReload { Id = "1f", ChangesAnything = true, Text = "Revision 2: 1 added.\n" } : null);
        Assert.Equal(
            (69, "one: Revision 2: 1 added.\n", "error: one has not reloaded.\none does not answer: whether it has reloaded is not known; its log says it.\nwhere things stand: of one it is not known.\n"),
            await Says("reload", "--cluster", "--role", "edge", "--yes"));
    }

    [Fact]
    public async Task A_file_is_brought_as_it_is_and_that_it_does_not_stay_is_said()
    {
        var brought = new List<string>();
        _node.Node.Cluster = Reloading((_, request) =>
        {
            brought.Add(string.Join(" + ", (request.Files ?? []).Select(file => $"{Path.GetFileName(file.Name)}: {file.Text}")));
            if (request.End is not null) return new MemberReload();
            return new MemberReload { Id = "1f", Revision = 2, ChangesAnything = true, Text = "Revision 2: 1 added.\n", Warnings = "warning: so\n", Seconds = request.Plan ? null : 0.5 };
        });
        File.WriteAllText(_folder["new.conf"], "router { name = ${HOST} }");
        File.WriteAllText(_folder["more.conf"], "x = 1");

        var said = await Says("reload", _folder["new.conf"], _folder["more.conf"], "--cluster", "--role", "edge", "--all-or-none", "--yes");

        Assert.Equal((0, "one: Revision 2: 1 added.\none: revision 2 is in force, and everything is done, in 0.500 s.\nThat holds until a node reads its own files again: at its next reload without FILE, at SIGHUP, or when it is started.\n", "one: warning: so\n"), said);
        Assert.Equal(["plan one", "1f one", " one"], _asked);
        Assert.All(brought.Take(2), text => Assert.Equal("new.conf: router { name = ${HOST} } + more.conf: x = 1", text));
    }

    [Fact]
    public async Task A_file_with_a_mistake_is_brought_to_nobody_nor_one_that_is_too_large()
    {
        _node.Node.Cluster = Reloading((_, _) => new MemberReload());
        File.WriteAllText(_folder["new.conf"], "router {");
        File.WriteAllText(_folder["large.conf"], "# " + new string('x', 256 << 10));

        var (exitCode, output, error) = await Says("reload", _folder["new.conf"], "--cluster", "--yes");

        Assert.Equal((78, ""), (exitCode, output));
        Assert.Contains("new.conf:1:8", error, StringComparison.Ordinal);
        Assert.Equal((64, "", "error: 262146 bytes are too many to be brought to a node: 262144 are the most\n"), await Says("reload", _folder["large.conf"], "--cluster", "--yes"));
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_file_of_many_signs_that_are_written_longer_on_the_way_gets_there()
    {
        var length = 0;
        _node.Node.Cluster = Reloading((_, request) => { length = request.Files![0].Text.Length; return new MemberReload { Problem = "no" }; });
        File.WriteAllText(_folder["new.conf"], "# " + new string('\u0001', (256 << 10) - 2));

        await Says("reload", _folder["new.conf"], "--cluster", "--role", "edge", "--yes");

        Assert.Equal(256 << 10, length);
    }

    [Theory]
    [InlineData("reload --role edge --yes", "error: `--role` chooses among the nodes of a cluster: give `--cluster` too\n")]
    [InlineData("reload --all-or-none --yes", "error: `--all-or-none` is for the nodes of a cluster: give `--cluster` too; one node does all of it or nothing anyway\n")]
    [InlineData("reload --cluster --format json --yes", "error: `--cluster` writes text only\n")]
    public async Task What_does_not_go_together_is_said(string arguments, string error)
    {
        var (exitCode, _, said) = await Says(arguments.Split(' '));

        Assert.Equal(64, exitCode);
        Assert.StartsWith(error, said, StringComparison.Ordinal);
    }

    private ClusterOfOne Reloading(Func<string, MemberReloadRequest, MemberReload?> answer) => new(_node.Node)
    {
        Reload = (address, request) =>
        {
            lock (_asked) _asked.Add($"{(request.Plan ? "plan" : request.Expect)} {(address == "127.0.0.1:4053" ? "one" : "two")}");
            return answer(address, request);
        },
    };

    private async Task<(int ExitCode, string Output, string Error)> Says(params string[] arguments)
    {
        using var cli = new CliRun();
        return (await cli.RunAsync([.. arguments, "--control", _folder["node.sock"]]), cli.Output, cli.Error);
    }

    private async Task<(int ExitCode, string Output)> Does(params string[] arguments)
    {
        using var cli = new CliRun();
        var exitCode = await cli.RunAsync([.. arguments, "--control", _folder["node.sock"]]);
        Assert.Empty(cli.Error);
        return (exitCode, cli.Output + cli.Messages);
    }
}
