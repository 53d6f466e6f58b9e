using MessageRouter.Ledger;
using MessageRouter.Tests.Support;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Ledger;

public class LedgerSnapshotTests
{
    [Fact]
    public async Task Balances_and_stops_balancing_when_any_count_is_wrong()
    {
        var ledger = await RunAsync();
        Assert.True(ledger.Balanced);
        Assert.True(LedgerSnapshot.IsBalanced(ledger.Components, ledger.Edges));

        Func<ComponentLine, ComponentLine>[] tampered =
        [
            line => line with { In = line.In + 1 },
            line => line with { Created = line.Created + 1 },
            line => line with { Out = line.Out + 1 },
            line => line with { Filtered = line.Filtered - 1 },
            line => line with { Failed = line.Failed + 1 },
            line => line with { Queued = line.Queued + 1 },
            line => line with { Dropped = new Dictionary<string, long> { ["x"] = 1 } },
            line => line with { In = line.In + 1, Filtered = line.Filtered + 1 },
            line => line with { Out = line.Out - 1, Filtered = line.Filtered + 1 },
            line => line with { Failed = line.Failed - 1, Filtered = line.Filtered + 1 },
        ];
        Assert.All(tampered, tamper => Assert.False(LedgerSnapshot.IsBalanced(
            [.. ledger.Components.Select(line => line.Name == "filters.f" ? tamper(line) : line)], ledger.Edges)));
        for (var i = 0; i < ledger.Edges.Count; i++)
        {
            var edges = ledger.Edges.ToList();
            edges[i] = edges[i] with { Offered = edges[i].Offered + 1 };
            Assert.False(LedgerSnapshot.IsBalanced(ledger.Components, edges), edges[i].From);
        }
    }

    [Fact]
    public async Task Is_written_as_JSON_with_every_count()
    {
        var json = JObject.Parse((await RunAsync()).ToJson());

        Assert.Equal("test", json["node"]);
        Assert.True((bool)json["balanced"]!);
        var filter = json["components"]!.Single(line => (string)line["name"]! == "filters.f");
        Assert.Equal((10, 0, 7, 2, 1, 0, 1), (
            (int)filter["in"]!, (int)filter["created"]!, (int)filter["out"]!, (int)filter["filtered"]!,
            (int)filter["failed"]!, (int)filter["queued"]!, (int)filter["restarts"]!));
        Assert.Equal(1, json["components"]!.Single(line => (string)line["name"]! == "inputs.in")["dropped"]!["undecodable"]);
        Assert.Equal(7, json["edges"]!.Single(edge => (string)edge["to"]! == "outputs.sink")["offered"]);
    }

    private static async Task<LedgerSnapshot> RunAsync()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartChainAsync(source.Input(), ScriptedFilter.Of(message => (int)message["n"]! switch
        {
            <= 2 => null,
            5 => throw new InvalidOperationException("no"),
            _ => message,
        }));
        source.SendNumbers(1, 10);
        source.Send("bad");
        return await node.StopAsync();
    }
}
