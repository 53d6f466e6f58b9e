using System.Text.RegularExpressions;
using MessageRouter.InteropTests.Documentation;
using MessageRouter.Monitoring;

namespace MessageRouter.InteropTests;

/// <summary>Nodes that become other ones while messages pass.</summary>
public sealed partial class ReloadingTests(ITestOutputHelper output) : InteropTest(output)
{
    private const string Page = "docs/reload.md";

    [SkippableFact]
    public async Task A_hundred_reloads_under_load_lose_nothing_and_leave_untouched_connections_alone()
    {
        Requires.PyZmq();
        const int reloads = 100, each = 3000;
        var (into, first, second) = (Ports.Free(), Ports.Free(), Ports.Free());
        var receivers = new[] { Zmq("PULL", "bind", first, "--quiet"), Zmq("PULL", "bind", second, "--quiet") };
        foreach (var (receiver, port) in receivers.Zip([first, second])) await receiver.Listens(port);
        var router = RunNode(Node(0, into, first, second));
        await router.Starts();
        var sender = Zmq("PUSH", "connect", into);
        await sender.IsConnected();

        for (var round = 1; round <= reloads; round++)
        {
            await sender.FloodAsync(each);
            Files.Write("node1.conf", Node(round, into, first, second));
            router.Send(Signal.HangUp);
            await router.Reports(line => line.Contains($"The reload to revision {round + 1} is done.", StringComparison.Ordinal), $"reload {round}");
        }

        await router.Until(async () => await receivers[0].CountAsync() + await receivers[1].CountAsync() == reloads * each, "every message");
        Assert.Single(sender.Errors.Lines, line => line == "handshake");
        Assert.DoesNotContain(sender.Errors.Lines, line => line == "disconnected");
        Assert.Single(receivers[0].Errors.Lines, line => line == "handshake");
        var ledger = await router.Stops();
        Assert.Equal((reloads * each, reloads * each), (ledger["inputs.in"].In, ledger["outputs.out"].Out));
        Assert.All(ledger.Components, component => Assert.Equal(0, component.DroppedInAll));
    }

    [SkippableFact]
    public async Task The_page_shows_what_happens()
    {
        string[] nodes = [.. Snippet.All.Where(snippet => snippet.Page == Page && snippet.Language == "hocon").Select(snippet => snippet.Text)];
        string[] shown = [.. Snippet.In("text").Where(snippet => snippet.Page == Page).Select(snippet => snippet.Text)];
        await using var node = new WatchedNode(nodes[0]);
        await node.StartsAsync();
        File.WriteAllText(node["node.conf"], nodes[1]);

        Assert.Equal(Alike(shown[0]), Alike((await node.Does(0, "reload", "--plan")).Output));
        Assert.Equal(1, (await StatusAsync(node)).Configuration.Revision);
        Assert.StartsWith("error: nobody can be asked here", (await node.Does(64, "reload")).Errors, StringComparison.Ordinal);

        File.WriteAllText(node["node.conf"], nodes[1].Replace("path = alerts.log", "path = \"no/alerts.log\"", StringComparison.Ordinal));
        Assert.Equal(Alike(shown[2]), Alike((await node.Does(69, "reload", "--yes")).Errors));

        File.WriteAllText(node["node.conf"], nodes[1].Replace("match", "matsch", StringComparison.Ordinal));
        Assert.EndsWith("1 error; the node is as it was.", (await node.Does(78, "reload", "--yes")).Errors, StringComparison.Ordinal);

        File.WriteAllText(node["node.conf"], nodes[1]);
        Assert.Equal(Alike($"{shown[0]}\n{shown[1]}"), Alike((await node.Does(0, "reload", "--yes")).Output));
        var status = await StatusAsync(node);
        Assert.Equal((2, "running"), (status.Configuration.Revision, status.Components.Single(component => component.Name == "outputs.alerts").State));
        Assert.StartsWith("Nothing has changed", (await node.Does(0, "reload", "--yes")).Output, StringComparison.Ordinal);
    }

    private static async Task<NodeStatus> StatusAsync(WatchedNode node) => NodeStatus.FromJson((await node.Does(0, "status", "--format", "json")).Output);

    /// <summary>Without what is another one each time: hashes, times, folders.</summary>
    private static string Alike(string text) => Varying().Replace(text.Trim(), "…").Replace("\n\n", "\n", StringComparison.Ordinal);

    /// <summary>Each round brings another match, size, filter or endpoint, and takes that of the round before back.</summary>
    private static string Node(int round, int into, int first, int second) => $$"""
        router {
          mailbox.overflow = wait
          inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{into}}", socket-type = pull, to = keep }
          filters {
            keep { type = key, key = n, match-type = regex, match = "{{(round % 4 == 1 ? "^[0-9]+$" : "[0-9]")}}", mailbox.capacity = {{(round % 4 == 2 ? 500 : 10000)}}, to = {{(round % 4 == 3 ? "more" : "out")}} }
            {{(round % 4 == 3 ? "more { type = null, to = out }" : "")}}
          }
          outputs.out { type = zeromq, connect = ["tcp://127.0.0.1:{{first}}"{{(round % 8 == 4 ? $", \"tcp://127.0.0.1:{second}\"" : "")}}], socket-type = push }
        }
        """;

    [GeneratedRegex(@"[0-9a-f]{12}|\d+\.\d{3}|(?<=file://|`)/.*/(?=(no/)?alerts\.log)")]
    private static partial Regex Varying();
}
