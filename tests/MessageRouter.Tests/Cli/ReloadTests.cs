using System.Text.Json;

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
        Assert.DoesNotContain(_cli.Log.Lines, line => line.Text.Contains("restart"));
        var components = JsonDocument.Parse(File.ReadAllText(_cli["ledger.json"])).RootElement.GetProperty("components");
        Assert.Equal("1", Assert.Single(components[1].GetProperty("workers").EnumerateArray()).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("instances = 2", "delay = 5s")]
    [InlineData("instances = 2", "instances = 2")]
    [InlineData("instances = 3, route = least-busy", "")]
    public async Task Other_changes_need_a_restart_and_the_sizes_are_applied_all_the_same(string filter, string other)
    {
        var running = Run(Node("instances = 2", ""));

        Write(Node(filter, other));
        await _cli.ReopenAsync();
        await _cli.LogsAsync("The configuration has other changes than sizes; they need a restart.");

        await _cli.StopAsync();
        Assert.Equal(0, await running);
        Assert.Equal(filter.StartsWith("instances = 3", StringComparison.Ordinal), _cli.Log.Lines.Any(line => line.Text.StartsWith("Resized", StringComparison.Ordinal)));
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
