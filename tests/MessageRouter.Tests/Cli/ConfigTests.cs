using System.Runtime.Versioning;
using System.Text.Json;

namespace MessageRouter.Tests.Cli;

public sealed class ConfigTests : IDisposable
{
    private const string Node = """
        router {
          name = shop
          mailbox.capacity = 500
          inputs.orders { type = stdin, to = errors }
          filters.errors { type = key, key = level, match = error, to = out }
          outputs.out { type = null, supervision.within = 60s }
        }
        """;

    private readonly CliRun _cli = new();

    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.Repository.File("hocon"), "*.conf")];

    public void Dispose() => _cli.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task What_is_printed_is_a_configuration_that_is_the_same(string file)
    {
        var first = await ConfigAsync(file);
        var (again, json) = (_cli.Write("again.conf", first), _cli.Write("again.json", await ConfigAsync(file, "--format", "json")));

        Assert.Equal(first, await ConfigAsync(again));
        Assert.Equal(first, await ConfigAsync(json));
        using var other = new CliRun();
        Assert.Equal(0, await other.RunAsync("config", file, "--diff", again));
        Assert.Empty(other.Output);
    }

    [Theory]
    [InlineData("match = \"true\"", "match = \"true\"")]
    [InlineData("match = true", "match = true")]
    [InlineData("match = 5", "match = 5")]
    [InlineData("match = \"5\"", "match = \"5\"")]
    [InlineData("match = \"\"", "match = \"\"")]
    [InlineData("match = \"10s\"", "match = 10s")]
    [InlineData("match = \"a b\"", "match = \"a b\"")]
    [InlineData("match = \"x = {y}\"", "match = \"x = {y}\"")]
    [InlineData("match = \"\"\"\"a\" and \\b\"\"\"", "match = \"\\\"a\\\" and \\\\b\"")]
    [InlineData("match = secret { env = KEPT }", "match = secret { env = KEPT }")]
    [InlineData("match.secret { command = [echo, x], cache = 300s }", "match = secret { command = [echo, x], cache = 300s }")]
    [InlineData("match = a, retry.backoff = 1500ms", "backoff = 1500ms")]
    [InlineData("match = a, retry.backoff = 2000", "backoff = 2s")]
    [InlineData("match = a, mailbox.max-bytes = 2097152", "max-bytes = 2MiB")]
    [InlineData("match = a, route = \"hash(\\\"a.b\\\")\"", "route = \"hash(\\\"a.b\\\")\"")]
    public async Task A_value_is_written_so_that_it_is_the_same_when_it_is_read(string keys, string expected)
    {
        var first = await ConfigAsync(_cli.Write("node.conf", Node.Replace("match = error", keys, StringComparison.Ordinal)));

        Assert.Contains(expected + "\n", first, StringComparison.Ordinal);
        Assert.Equal(first, await ConfigAsync(_cli.Write("again.conf", first)));
    }

    [Theory]
    [InlineData("name = shop", "node.conf:2")]
    [InlineData("capacity = 500", "node.conf:3")]
    [InlineData("max-bytes = 16MiB", "default")]
    [InlineData("match = fatal", "--set")]
    [InlineData("within = 1m", "node.conf:6")]
    [InlineData("within = 1m", "default")]
    [InlineData("to = [out]", "node.conf:5")]
    [InlineData("type = stderr", "default")]
    [InlineData("path = \"a.log\"", "parts/more.conf:1")]
    public async Task Each_value_says_where_it_is_from(string value, string origin)
    {
        Directory.CreateDirectory(_cli["parts"]);
        _cli.Write("parts/more.conf", "type = file, path = a.log");
        var file = _cli.Write("node.conf", Node.Replace("to = out", "to = [out]", StringComparison.Ordinal) + "\nrouter.outputs.more { include \"parts/more.conf\" }\nrouter.inputs.orders.to = [errors, more]");

        var text = await ConfigAsync(file, "--origin", "--set", "router.filters.errors.match=fatal");

        Assert.Contains(text.Split('\n'), line => line.Trim().StartsWith(value + " ", StringComparison.Ordinal) && line.EndsWith(" # " + origin, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("inputs.a { type = stdin, to = out }", "a wait, out wait")]
    [InlineData("inputs.a { type = null, to = out }", "a drop-newest, out drop-newest")]
    [InlineData("inputs.a { type = stdin, to = out }, inputs.b { type = null, to = out }", "a wait, b drop-newest")]
    [InlineData("inputs.a { type = stdin, to = out }, outputs.out.mailbox.overflow = drop-oldest", "a wait, out drop-oldest")]
    [InlineData("mailbox.overflow = wait, inputs.a { type = zeromq, bind = \"tcp://*:1\", to = out }", "a drop-newest, out wait")]
    [InlineData("inputs.a { type = zeromq, bind = \"tcp://*:1\", to = out, mailbox.overflow = wait }", "a wait, out wait")]
    public async Task What_happens_where_a_mailbox_is_full_is_said_where_it_follows_from_who_feeds_it(string keys, string expected)
    {
        var first = await ConfigAsync(_cli.Write("node.conf", $"router {{ {keys}\noutputs.out.type = null }}"), "--format", "json");

        using var config = JsonDocument.Parse(first);
        var router = config.RootElement.GetProperty("router");
        var said = new[] { "inputs", "outputs" }.SelectMany(section => router.GetProperty(section).EnumerateObject())
            .Where(component => component.Value.GetProperty("mailbox").TryGetProperty("overflow", out _))
            .Select(component => $"{component.Name} {component.Value.GetProperty("mailbox").GetProperty("overflow")}");
        Assert.Equal(expected, string.Join(", ", said));
        Assert.Equal(first, await ConfigAsync(_cli.Write("again.json", first), "--format", "json"));
    }

    [Fact]
    public async Task As_json_each_value_has_its_path_and_its_origin()
    {
        var json = await ConfigAsync(_cli.Write("node.conf", Node), "--format", "json", "--origin");

        using var values = JsonDocument.Parse(json);
        var value = values.RootElement.EnumerateArray().Single(value => value.GetProperty("path").GetString() == "router.mailbox.capacity");
        Assert.Equal((500, "node.conf:3"), (value.GetProperty("value").GetInt32(), value.GetProperty("from").GetString()!.Split('/')[^1]));
    }

    [Fact]
    public async Task Paths_are_in_full_so_that_the_output_means_the_same_elsewhere()
    {
        Directory.CreateDirectory(_cli["parts"]);
        _cli.Write("parts/workers.conf", "workers { command = [\"./work.sh\"] }");
        var text = await ConfigAsync(_cli.Write("node.conf", Node.Replace("name = shop", "name = shop\n  include \"parts/workers.conf\"\n  control.http { bind = \"127.0.0.1:0\", token-file = token }", StringComparison.Ordinal)));

        Assert.Contains("command = [\"parts/work.sh\"]", text, StringComparison.Ordinal);
        Assert.Contains("token-file = \"token\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("router.mailbox.capacity = 500", "")]
    [InlineData("router.outputs.out.supervision.within = 1m", "")]
    [InlineData("router.filters.errors.match = fatal", """
        - router.filters.errors.match = error                   # node.conf:5
        + router.filters.errors.match = fatal                   # new.conf:8

        """)]
    [InlineData("router.outputs.more { type = null }, router.inputs.orders.to = [errors, more]", """
        - router.inputs.orders.to = [errors]                    # node.conf:4
        + router.inputs.orders.to = [errors, more]              # new.conf:8
        + router.outputs.more.type = null                       # new.conf:8
        + router.outputs.more.mailbox.capacity = 500            # new.conf:3

        """)]
    [InlineData("router.shutdown.drain-timeout = 20s", """
        - router.shutdown.drain-timeout = 10s                   # default
        + router.shutdown.drain-timeout = 20s                   # new.conf:8

        """)]
    public async Task Two_configurations_differ_where_they_mean_something_else(string more, string expected)
    {
        var (first, second) = (_cli.Write("node.conf", Node), _cli.Write("new.conf", $"{Node}\n{more}"));

        Assert.Equal(expected.Length > 0 ? 1 : 0, await _cli.RunAsync("config", first, "--diff", second));

        Assert.Equal(expected, _cli.Output);
        Assert.Empty(_cli.Error);
    }

    [Theory]
    [InlineData("config node.conf --live", "a FILE is read as it stands")]
    [InlineData("config node.conf --diff a --format json", "`--diff` has no format json")]
    public async Task What_cannot_go_together_is_said(string arguments, string problem)
    {
        Assert.Equal(64, await _cli.RunAsync(arguments.Split(' ')));
        Assert.Contains(problem, _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_running_node_tells_its_own_but_for_what_sounds_like_a_secret()
    {
        var file = _cli.Write("node.conf", """
            router {
              name = shop
              control { socket = node.sock }
              inputs.a { type = null, to = mark }
              filters.mark { type = set, fields { password = not-to-be-seen, site = berlin }, to = b }
              outputs.b { type = null }
            }
            """);
        var running = _cli.RunAsync("run", file);
        await _cli.LogsAsync("Node ");
        using var asking = new CliRun();

        Assert.True(await asking.RunAsync("config", "--control", _cli["node.sock"], "--origin") == 0, asking.Error);
        Assert.Equal(0, await asking.RunAsync("config", "--control", _cli["node.sock"], "--diff", file));
        var changed = _cli.Write("changed.conf", "include \"node.conf\", router.filters.mark.fields.site = paris");
        Assert.Equal(1, await asking.RunAsync("config", "--control", _cli["node.sock"], "--diff", changed));
        await _cli.StopAsync();
        await running;

        Assert.Contains("site = berlin", asking.Output, StringComparison.Ordinal);
        Assert.Contains("password = \"…\"", asking.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-seen", asking.Output, StringComparison.Ordinal);
        Assert.Contains("- router.filters.mark.fields.site = berlin", asking.Output, StringComparison.Ordinal);
        Assert.Contains("+ router.filters.mark.fields.site = paris", asking.Output, StringComparison.Ordinal);
    }

    private async Task<string> ConfigAsync(params string[] arguments)
    {
        using var cli = new CliRun { Environment = { ["KEPT"] = "kept elsewhere" } };
        var exitCode = await cli.RunAsync(["config", .. arguments]);
        Assert.True(exitCode == 0, cli.Error);
        return cli.Output.Replace(Path.GetDirectoryName(_cli["x"])! + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }
}
