using System.Text.Json;
using MessageRouter.Ledger;

namespace MessageRouter.Tests.Cli;

public sealed class LedgerCommandTests : IDisposable
{
    private static readonly string A = new('a', 32), B = new('b', 32);

    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_ledgers_of_two_nodes_are_one_row_a_link_and_the_sum()
    {
        Assert.Equal(0, await _cli.RunAsync("ledger", "check", Sender(100, new() { ["away"] = 7 }), Receiver(100, 98, 2, away: 7)));
        Assert.Matches("^from +to +sent +received +lost in transit +lost at the end +dropped by the sender\n", _cli.Output);
        Assert.Matches("(?m)^front outputs.x \\(aaaaaaaa\\)  hub inputs.y \\(bbbbbbbb\\) +100 +98 +2 +0 +7 away$", _cli.Output);
        Assert.EndsWith("2 ledgers, 1 link with both ends: 100 sent = 98 received + 2 lost\n", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_does_not_add_up_is_named_and_the_end_is_1()
    {
        Assert.Equal(1, await _cli.RunAsync("ledger", "check", Sender(100, []), Receiver(103, 103, 0)));
        Assert.Contains("DOES NOT ADD UP: front outputs.x (aaaaaaaa) to hub inputs.y (bbbbbbbb): the receiver knows of 3 messages more than were sent\n", _cli.Output, StringComparison.Ordinal);
        Assert.EndsWith("this does not add up\n", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_knows_is_named_and_counts_as_a_failure_where_that_is_asked_for()
    {
        var file = Sender(100, []);
        Assert.Equal(0, await _cli.RunAsync("ledger", "check", file));
        Assert.Contains("unknown: front outputs.x (aaaaaaaa) to hub inputs.y (bbbbbbbb): there is no ledger of hub", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(1, await _cli.RunAsync("ledger", "check", file, "--complete"));
    }

    [Fact]
    public async Task Programs_get_it_as_JSON()
    {
        await _cli.RunAsync("ledger", "check", Sender(5, []), Receiver(5, 5, 0), "--format", "json");
        using var json = JsonDocument.Parse(_cli.Output);
        Assert.True(json.RootElement.GetProperty("adds_up").GetBoolean());
        var link = json.RootElement.GetProperty("links")[0];
        Assert.Equal(("front", B, 5), (link.GetProperty("from").GetProperty("node").GetString(), link.GetProperty("to").GetProperty("epoch").GetString(), link.GetProperty("received").GetInt32()));
    }

    [Fact]
    public async Task A_file_that_is_none_is_named_with_the_cure()
    {
        var file = _cli.Write("x.json", "{}");
        Assert.Equal(69, await _cli.RunAsync("ledger", "check", file));
        Assert.Contains("x.json` is no ledger: It has no components or edges. `message-router run node.conf --summary-file", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(69, await _cli.RunAsync("ledger", "check", _cli["missing.json"]));
        var twice = Sender(1, []);
        Assert.Equal(64, await _cli.RunAsync("ledger", "check", twice, twice));
        Assert.Contains("are of the same run; name one of them", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ledger check", "error: name the FILEs that nodes have written, or ask those that run with `--cluster`\n")]
    [InlineData("ledger check a.json --cluster", "error: a FILE is of a node that has ended, and `--cluster` asks those that run; give one of them\n")]
    [InlineData("ledger check a.json --node a", "error: which node is asked matters with `--cluster` only\n")]
    public async Task Files_or_a_cluster_are_named(string arguments, string error)
    {
        Assert.Equal(64, await _cli.RunAsync(arguments.Split(' ')));
        Assert.StartsWith(error, _cli.Error, StringComparison.Ordinal);
    }

    private string Sender(long sent, Dictionary<string, long> dropped) => Write("front", A, Component("outputs.x", sent) with
    {
        Downstream = [new DownstreamLine { State = "finished", Node = "hub", Epoch = B, Component = "inputs.y", Account = 1, Sent = sent, Dropped = dropped }],
    });

    private string Receiver(long sent, long received, long lost, long away = 0) => Write("hub", B, Component("inputs.y", received) with
    {
        Upstream =
        [
            new UpstreamLine
            {
                State = "finished", Node = "front", Epoch = A, Component = "outputs.x", Account = 1, Sent = sent, Received = received, LostInTransit = lost,
                DroppedBySender = away == 0 ? new Dictionary<string, long>() : new Dictionary<string, long> { ["away"] = away },
            },
        ],
    });

    private string Write(string node, string epoch, ComponentLine component) => _cli.Write($"{node}.json", (new LedgerSnapshot(node, 1, [component], [], Balanced: true) { Epoch = epoch }).ToJson());

    private static ComponentLine Component(string name, long count) => new(name, "zeromq", count, 0, count, 0, 0, new Dictionary<string, long>(), 0, 0, []);
}
