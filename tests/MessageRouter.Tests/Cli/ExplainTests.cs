using System.Text.Json;

namespace MessageRouter.Tests.Cli;

public sealed class ExplainTests : IDisposable
{
    private const string Node = """
        router {
          inputs.lines { type = stdin, to = [errors-only, archive] }
          filters.errors-only {
            type = key
            key = level
            match = error
            to = redact
          }
          filters.redact { type = remove, fields = [password], to = archive }
          outputs.archive { type = file, path = no/such/folder/out.log }
        }
        """;

    private CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_message_is_followed_through_a_file_with_the_lines_that_decide()
    {
        Assert.Equal(0, await _cli.RunAsync("explain", _cli.Write("node.conf", Node), "--message", """{"level":"error","password":"x"}"""));
        Assert.Equal(
            """
            {"level":"error","password":"x"}
            inputs.lines (stdin, node.conf:2:10) reads it as JSON
            │ full at 10000 messages or 16 MiB: it stops reading then
            ├─ filters.errors-only (key, node.conf:3:11) passes it on
            │  │ because `level` is "error", as `match` says
            │  │ --> node.conf:6:5: match = error
            │  │ full at 10000 messages or 16 MiB: it holds up inputs.lines, which stops reading
            │  └─ filters.redact (remove, node.conf:9:11) passes it on, changed
            │     │ because `password` is removed
            │     │ --> node.conf:9:45: filters.redact { type = remove, fields = [password], to = archive }
            │     │ full at 10000 messages or 16 MiB: it holds up filters.errors-only, then inputs.lines, which stops reading
            │     │ - password: "x"
            │     └─ outputs.archive (file, node.conf:10:11) gets it as JSON
            │          full at 10000 messages or 16 MiB: it holds up filters.redact, then filters.errors-only, then inputs.lines, which stops reading
            └─ outputs.archive (file, node.conf:10:11) gets it as JSON
                 full at 10000 messages or 16 MiB: it holds up inputs.lines, which stops reading
            Ends: outputs.archive gets it as JSON.

            """, Untimed(_cli.Output));
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task Each_line_of_the_standard_input_is_a_message()
    {
        _cli.Dispose();
        _cli = new CliRun { Input = "{\"level\":\"error\"}\n\nno json\n" };

        Assert.Equal(0, await _cli.RunAsync("explain", _cli.Write("node.conf", Node), "--format", "json"));
        var lines = _cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step")).ToList();
        Assert.Equal(["passed", "failed"], lines.Select(step => step.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Lines_beyond_the_hundredth_are_said_not_to_be_explained()
    {
        _cli.Dispose();
        _cli = new CliRun { Input = string.Concat(Enumerable.Repeat("1\n", 101)) };

        Assert.Equal(0, await _cli.RunAsync("explain", _cli.Write("node.conf", Node), "--format", "json"));
        Assert.Equal(100, _cli.Output.Count(character => character == '\n'));
        Assert.Equal("warning: only the first 100 lines are explained\n", _cli.Error);
    }

    [Fact]
    public async Task Without_a_message_it_says_how_to_give_one()
    {
        Assert.Equal(64, await _cli.RunAsync("explain", _cli.Write("node.conf", Node)));
        Assert.Equal("error: there is no message; give it with --message, or on the standard input.\n", _cli.Error);
    }

    [Fact]
    public async Task A_message_may_be_somebodys()
    {
        var file = _cli.Write("node.conf", """
            router {
              inputs.in { type = stdin, to = ours }
              filters.ours { type = key, key = peer.attributes.team, match = blue, to = who }
              filters.who { type = set, from-peer { who = identity, at = address }, to = out }
              outputs.out { type = stdout }
            }
            """);

        Assert.Equal(0, await _cli.RunAsync("explain", file, "--message", """{"at":"home"}""", "--peer", "identity=office", "--peer", "attributes.team=blue"));
        Assert.Contains("because `peer.attributes.team` is \"blue\", as `match` says", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("because `who` is set to \"office\", the peer's identity; it was not there", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("because the peer's address is not known, so that `at` is removed; it was \"home\"", _cli.Output, StringComparison.Ordinal);

        Assert.Equal(0, await _cli.RunAsync("explain", file, "--message", "{}"));
        Assert.Contains("because its peer has no `attributes.team`, or is not known", _cli.Output, StringComparison.Ordinal);

        Assert.Equal(64, await _cli.RunAsync("explain", file, "--message", "1", "--peer", "name=office"));
        Assert.Equal("error: `name=office` says nothing of a peer: write PROPERTY=VALUE, with address, identity, mechanism, public-key, routing-id or attributes.NAME.\n", _cli.Error);
    }

    [Fact]
    public async Task An_unknown_input_is_a_mistake_of_the_command_line()
    {
        Assert.Equal(64, await _cli.RunAsync("explain", _cli.Write("node.conf", Node), "--input", "line", "--message", "1"));
        Assert.Equal("error: there is no input `line`; did you mean `lines`?\n", _cli.Error);
    }

    [Fact]
    public async Task Mistakes_of_the_file_are_told_as_everywhere()
    {
        Assert.Equal(78, await _cli.RunAsync("explain", _cli.Write("node.conf", "router { inputs.a { type = nul, to = b } }"), "--message", "1"));
        Assert.Contains("did you mean `null`?", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_and_the_node_that_runs_are_not_both_explained()
    {
        Assert.Equal(64, await _cli.RunAsync("explain", _cli.Write("node.conf", Node), "--live", "--message", "1"));
        Assert.StartsWith("error: a FILE is explained as it stands; leave it out for the node that runs\n", _cli.Error, StringComparison.Ordinal);
    }

    /// <summary>How long a step took is different each time.</summary>
    private static string Untimed(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"  \[[\d.]+ m?s\]", "");
}
