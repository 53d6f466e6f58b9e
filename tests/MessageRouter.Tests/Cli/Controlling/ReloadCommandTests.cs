using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Cli.Controlling;

/// <summary>The command, for a node that runs beside it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReloadCommandTests : IAsyncLifetime
{
    private readonly CliRun _node = new();
    private readonly TempFolder _sockets = new();
    private Task<int> _running = null!;

    public async Task InitializeAsync()
    {
        Write("match = error", "");
        _running = _node.RunAsync("run", _node["node.conf"], "--summary-file", _node["ledger.json"]);
        await _node.LogsAsync("Node ");
    }

    public async Task DisposeAsync()
    {
        await _node.StopAsync();
        Assert.Equal(0, await _running);
        _node.Dispose();
        _sockets.Dispose();
    }

    [Fact]
    public async Task What_would_change_is_shown_and_nothing_is_done()
    {
        Write("match = fatal, mailbox.capacity = 5", "more { type = null }");

        var (exitCode, output, error) = await Reload("--plan");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches("""
            ^Revision 2 \([0-9a-f]{12} -> [0-9a-f]{12}\): 1 added, 1 changed in place, 3 untouched\.
            ~ filters\.f: to, mailbox\.capacity, match  \(node\.conf:4:13\)
                goes on, and takes what has changed between two messages
            \+ outputs\.more  \(node\.conf:5:\d+\)
                is started before anything is sent to it
            $
            """, output);
        Assert.DoesNotContain(_node.Log.Lines, line => line.Text.StartsWith("Revision", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_shown_is_applied_where_that_is_agreed_to()
    {
        Write("match = fatal", "");

        var (exitCode, output, _) = await Reload("--yes");

        Assert.Equal(0, exitCode);
        Assert.Contains("~ filters.f: match", output, StringComparison.Ordinal);
        Assert.Matches(@"\nRevision 2 is in force, and everything is done, in [0-9.]+ s\.\n$", output);
        await _node.LogsAsync("Reloaded: filters.f changed in place (match).");

        Assert.Equal((0, "Nothing has changed that the node can take while it runs.\n", ""), await Reload("--yes"));
    }

    [Theory]
    [InlineData("y\n", true)]
    [InlineData("\n", false)]
    [InlineData("no\n", false)]
    public async Task Who_sits_before_it_is_asked(string answer, bool isApplied)
    {
        Write("match = fatal", "");
        using var cli = new CliRun { IsTerminal = true, Input = answer };

        Assert.Equal(0, await cli.RunAsync("reload", "--control", _sockets["node.sock"]));

        Assert.Contains("\nApply this? [y/N] " + (isApplied ? "Revision 2 is in force" : "Nothing was changed.\n"), cli.Output, StringComparison.Ordinal);
        Assert.Equal(isApplied, _node.Log.Lines.Any(line => line.Text.StartsWith("Revision 2 ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "error: nobody can be asked here: `--yes` applies what has changed, `--plan` only shows it.\n")]
    [InlineData("--plan --yes", "error: `--plan` does nothing, and `--yes` applies it; give one of them.\n")]
    public async Task What_is_to_be_done_must_be_said(string options, string said) =>
        Assert.Equal((64, "", said), await Reload(options.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public async Task Mistakes_are_shown_where_the_reload_was_asked_for()
    {
        Write("matsch = fatal", "");

        var (exitCode, output, error) = await Reload("--yes");

        Assert.Equal((78, ""), (exitCode, output));
        Assert.Contains("unknown key `matsch`", error, StringComparison.Ordinal);
        Assert.Contains("--> node.conf:4:", error, StringComparison.Ordinal);
        Assert.EndsWith("; the node is as it was.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_opened_is_said_with_its_place_and_everything_is_as_it_was()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Write("match = fatal", $"more {{ type = zeromq, bind = \"tcp://{taken.LocalEndpoint}\" }}");

        var (exitCode, _, error) = await Reload("--yes");

        Assert.Equal(69, exitCode);
        Assert.StartsWith("error: outputs.more could not be started: ", error, StringComparison.Ordinal);
        Assert.EndsWith("1 error; the node is as it was.\n", error, StringComparison.Ordinal);
        var (_, plan, _) = await Reload("--plan");
        Assert.StartsWith("Revision 2 ", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_needs_a_restart_is_a_warning()
    {
        Write("match = error", "", "\nakka.loglevel = INFO\n");

        Assert.Equal((0, "Nothing has changed that the node can take while it runs.\n", "warning: akka stays as it is until the node is started again.\n"), await Reload("--yes"));
    }

    [Fact]
    public async Task Another_file_is_read_where_one_is_named()
    {
        _node.Write("other.conf", File.ReadAllText(_node["node.conf"]).Replace("match = error", "match = info", StringComparison.Ordinal));

        var (exitCode, output, _) = await Reload(_node["other.conf"], "--yes", "--format", "json");

        Assert.Equal(0, exitCode);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal((2, true, true), (answer.GetProperty("revision").GetInt32(), answer.GetProperty("applied").GetBoolean(), answer.GetProperty("changes_anything").GetBoolean()));
        var changed = answer.GetProperty("blocks").EnumerateArray().Single(block => block.GetProperty("action").GetString() != "untouched");
        Assert.Equal(("filters.f", "changed-in-place", "match"), (changed.GetProperty("name").GetString(), changed.GetProperty("action").GetString(), changed.GetProperty("keys")[0].GetString()));
    }

    private async Task<(int ExitCode, string Output, string Error)> Reload(params string[] arguments)
    {
        using var cli = new CliRun();
        var exitCode = await cli.RunAsync(["reload", "--control", _sockets["node.sock"], .. arguments]);
        return (exitCode, Shown(cli.Output), Shown(cli.Error));
    }

    private string Shown(string text) => text.Replace(_node[""] + "/", "", StringComparison.Ordinal);

    private void Write(string filter, string output, string more = "") => _node.Write("node.conf", $$"""
        router {
          control.socket = "{{_sockets["node.sock"]}}"
          inputs { in { type = null, to = f } }
          filters { f { type = key, key = level, {{filter}}, to = [out{{(output.Length > 0 ? ", more" : "")}}] } }
          outputs { out { type = null }, {{output}} }
        }
        """ + more);
}
