using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Clustering;

/// <summary>Inputs that read on one node of a cluster at a time.</summary>
public class SingletonTests
{
    private readonly FakeCluster _cluster = new();
    private readonly Dictionary<string, ProbeSource> _sources = new() { ["a"] = new(), ["b"] = new(), ["c"] = new() };

    [Fact]
    public async Task One_reads_and_the_others_stand_by_until_it_stops()
    {
        await using var a = await StartAsync("a");
        await IsAsync(a, "running");
        await using var b = await StartAsync("b");
        await IsAsync(b, "standby");
        _sources["a"].SendNumbers(1, 3);
        await a.SinkAsync(3);

        await a.StopAsync();

        await IsAsync(b, "running");
        _sources["b"].SendNumbers(4, 2);
        await b.SinkAsync(2);
        Assert.Equal((1, 1), (_sources["a"].Openings, _sources["b"].Openings));
    }

    [Fact]
    public async Task A_node_that_stops_hands_over_when_it_reads_no_more_though_it_still_drains()
    {
        var gate = new Gate();
        await using var a = await _cluster.StartAsync("a", Input("a"), gate.Output());
        await using var b = await StartAsync("b");
        _sources["a"].SendNumbers(1, 1);
        await a.HoldsAsync("outputs/sink", 1);

        var stopping = a.StopAsync();

        await IsAsync(b, "running");
        Assert.False(stopping.IsCompleted);
        gate.Open();
        await stopping;
    }

    [Fact]
    public async Task A_node_that_does_not_reach_more_than_half_of_all_reads_no_more_and_goes_on_when_it_does()
    {
        await using var a = await StartAsync("a");
        await IsAsync(a, "running");
        await using var b = await StartAsync("b");
        await using var c = await StartAsync("c");

        _cluster.Lose("a", isLost: true);
        await IsAsync(a, "standby");
        Assert.Equal(["standby", "standby"], [StateOf(b), StateOf(c)]);

        _cluster.Lose("a", isLost: false);
        await IsAsync(a, "running");
        Assert.Equal(["standby", "standby"], [StateOf(b), StateOf(c)]);
    }

    [Fact]
    public async Task Where_it_is_not_known_to_read_that_is_said_as_long_as_the_others_have_not_given_it_up()
    {
        await using var a = await StartAsync("a");
        await IsAsync(a, "running");
        await using var b = await StartAsync("b");
        Assert.Equal((("a", "reads"), ("a", "reads")), (Seen("a"), Seen("b")));

        // Of two nodes neither reaches more than half.
        _cluster.Lose("b", isLost: true);
        await IsAsync(a, "standby");
        Assert.Equal((("a", "closed"), ("a", "away")), (Seen("a"), Seen("b")));

        _cluster.Lose("b", isLost: false);
        await IsAsync(a, "running");
        Assert.Equal((("a", "reads"), ("a", "reads")), (Seen("a"), Seen("b")));

        (string?, string?) Seen(string by) => Assert.Single(_cluster.View(by).Singletons.Statuses(_cluster.View(by).Members)) is var seen ? (seen.Node, seen.State) : default;
    }

    [Fact]
    public async Task When_the_others_have_given_it_up_another_one_reads_and_it_stands_by()
    {
        await using var a = await StartAsync("a");
        await IsAsync(a, "running");
        await using var b = await StartAsync("b");
        await using var c = await StartAsync("c");
        _cluster.Lose("a", isLost: true);
        await IsAsync(a, "standby");

        _cluster.Forget("a");

        await IsAsync(b, "running");
        Assert.Equal(["standby", "standby"], [StateOf(a), StateOf(c)]);
    }

    [Fact]
    public async Task What_is_read_by_one_that_has_stood_still_is_dropped_until_it_has_asked_anew()
    {
        await using var a = await StartAsync("a");
        await IsAsync(a, "running");

        _cluster.Sleep("a", sleeps: true);
        _sources["a"].SendNumbers(1, 5);
        Assert.Equal(5, a["inputs.in"].Dropped.GetValueOrDefault(DropReasons.Standby));
        _cluster.Sleep("a", sleeps: false);

        await IsAsync(a, "running");
        await Eventually.IsTrueAsync(() => _sources["a"].Openings == 2);
        _sources["a"].SendNumbers(6, 1);
        Assert.Contains("6", Assert.Single(await a.SinkAsync(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_has_stood_still_for_so_long_that_it_was_given_up_brings_nothing_more()
    {
        await using var a = await StartAsync("a");
        await IsAsync(a, "running");
        await using var b = await StartAsync("b");

        _cluster.Sleep("a", sleeps: true);
        _cluster.Forget("a");
        await IsAsync(b, "running");
        _sources["a"].SendNumbers(1, 5);
        _cluster.Sleep("a", sleeps: false);
        _sources["a"].SendNumbers(6, 5);

        await IsAsync(a, "standby");
        Assert.Equal((10, 0), (a["inputs.in"].Dropped.GetValueOrDefault(DropReasons.Standby), a["outputs.sink"].In));
    }

    [Fact]
    public async Task What_a_read_brings_that_was_under_way_when_it_was_closed_is_dropped_until_it_is_opened_again()
    {
        await using var a = await StartAsync("a");
        await IsAsync(a, "running");
        await using var b = await StartAsync("b");
        _cluster.Lose("b", isLost: true);
        await IsAsync(a, "standby");

        _sources["a"].SendNumbers(1, 5);
        Assert.Equal((5, 0), (a["inputs.in"].Dropped.GetValueOrDefault(DropReasons.Standby), a["outputs.sink"].In));

        _cluster.Lose("b", isLost: false);
        await IsAsync(a, "running");
        _sources["a"].SendNumbers(6, 1);
        Assert.Contains("6", Assert.Single(await a.SinkAsync(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_its_supervision_has_given_up_leaves_it_to_another_node()
    {
        var failing = new FailingInput.Options();
        await using var a = await _cluster.StartAsync("a", Some.Component<FailingInput>("in", failing) with { Singleton = new SingletonOptions(), Supervision = new SupervisionOptions { OnError = OnError.Stop } });
        await IsAsync(a, "running");
        await using var b = await StartAsync("b");

        failing.Fail(new InvalidOperationException("no"));

        await IsAsync(b, "running");
        Assert.Equal("stopped", StateOf(a));
    }

    [Fact]
    public async Task One_that_fails_whenever_it_is_opened_is_said_to_and_so_is_that_no_node_is_left_for_it()
    {
        var step = TimeSpan.FromMilliseconds(50);
        var isBroken = false;
        var options = new FailingInput.Options { Open = Open };
        await using var a = await _cluster.StartAsync("a", Fails(options));
        await IsAsync(a, "running");
        isBroken = true;
        options.Fail(new InvalidOperationException("it is gone"));
        await Eventually.IsTrueAsync(() => a.Node.Status().Components.Single(component => component.Name == "inputs.in").State == "backing-off");
        await Eventually.IsTrueAsync(() => Warning("a")?.StartsWith("inputs.in fails each time that it is opened on a, where its turn is", StringComparison.Ordinal) == true, a.Clock, step);
        await using var b = await _cluster.StartAsync("b", Fails(new FailingInput.Options { Open = Open }));

        await Eventually.IsTrueAsync(() => Warning("b")?.StartsWith("inputs.in was given up on a", StringComparison.Ordinal) == true, a.Clock, step);
        await Eventually.IsTrueAsync(() => Warning("b")?.StartsWith("inputs.in was given up on a, b, where it failed each time, and no node is left that could have it", StringComparison.Ordinal) == true, b.Clock, step);

        var status = Assert.Single(_cluster.View("a").Singletons.Statuses(_cluster.View("a").Members));
        Assert.Equal((null, 0), (status.Node, status.Candidates.Count));
        Assert.Equal(["a", "b"], status.GivenUpBy);

        void Open()
        {
            if (isBroken) throw new InvalidOperationException("no such host");
        }

        static ComponentDefinition Fails(FailingInput.Options options) => Some.Component<FailingInput>("in", options) with { Singleton = new SingletonOptions(), Supervision = new SupervisionOptions { MaxRestarts = 5 } };

        string? Warning(string node)
        {
            _cluster.TellAll();
            return _cluster.View(node).Warnings().LastOrDefault()?.Text;
        }
    }

    [Fact]
    public async Task A_role_says_who_can_be_it()
    {
        await using var a = await _cluster.StartAsync("a", Input("a") with { Singleton = new SingletonOptions { Role = "edge" } });
        await using var b = await StartAsync("b");

        await IsAsync(b, "running");
        Assert.Equal("standby", StateOf(a));
        Assert.Equal(["b"], Assert.Single(_cluster.View("a").Singletons.Statuses(_cluster.View("a").Members)).Candidates);
    }

    [Fact]
    public async Task That_no_node_has_its_role_is_said_until_one_has_it()
    {
        await using var a = await _cluster.StartAsync("a", Input("a") with { Singleton = new SingletonOptions { Role = "edge" } });

        Assert.Equal(
            new ClusterWarning("role", "inputs.in", "No node of the cluster has the role `edge` of the singleton inputs.in: nobody reads it; give a node the role, or correct it in the file of a"), Assert.Single(_cluster.View("a").Warnings()));
        _cluster.Give("b", "edge");
        await using var b = await _cluster.StartAsync("b", Input("b") with { Singleton = new SingletonOptions { Role = "edge" } });

        await IsAsync(b, "running");
        Assert.Empty(_cluster.View("a").Warnings());
        await b.StopAsync();
        _cluster.Forget("b");
        Assert.Single(_cluster.View("a").Warnings());
        await a.StopAsync();
        Assert.Empty(_cluster.View("a").Warnings());
    }

    private Task<TestNode> StartAsync(string name) => _cluster.StartAsync(name, Input(name));

    private ComponentDefinition Input(string name) => _sources[name].Input() with { Singleton = new SingletonOptions() };

    private static Task IsAsync(TestNode node, string state) => Eventually.IsTrueAsync(() => StateOf(node) == state, () => StateOf(node));

    private static string StateOf(TestNode node) => node.Node.Status().Components.Single(component => component.Name == "inputs.in").State;
}
