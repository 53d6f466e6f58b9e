using System.Diagnostics;
using System.Text.Json;
using MessageRouter.Tests.Plugins;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Cli;

public sealed class RunTests : IDisposable
{
    private static readonly string Plugin = Path.Combine(AppContext.BaseDirectory, "plugins", "MessageRouter.TestPlugin.dll");
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_end_of_all_inputs_ends_the_node_with_its_ledger()
    {
        var file = _cli.Write("node.conf", """
            router {
              name = n
              inputs { in { type = generator, rate = 0, count = 8, to = errors-only } }
              filters { errors-only { type = key, key = level, match = error, to = out } }
              outputs { out { type = stdout } }
            }
            """);

        Assert.Equal(0, await _cli.RunAsync("run", file, "--summary-file", _cli["ledger.json"]));

        Assert.Equal("""
            component            type       in  created  out  filtered  failed  dropped  queued  restarts
            inputs.in            generator   8        0    8         0       0  0             0         0
            filters.errors-only  key         8        0    2         6       0  0             0         0
            outputs.out          stdout      2        0    2         0       0  0             0         0
            errors               stderr      0        0    0         0       0  0             0         0
            balanced

            """, _cli.Error);
        Assert.Equal(2, _cli.Messages.Count(c => c == '\n'));
        var ledger = JsonDocument.Parse(File.ReadAllText(_cli["ledger.json"])).RootElement;
        Assert.Equal("n", ledger.GetProperty("node").GetString());
        Assert.Equal(8, ledger.GetProperty("components")[0].GetProperty("out").GetInt64());
        Assert.True(ledger.GetProperty("balanced").GetBoolean());
        Assert.Equal(["ledger.json", "node.conf"], Directory.GetFiles(Path.GetDirectoryName(file)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task That_passwords_can_be_read_is_said_once_by_the_command_or_the_node()
    {
        var file = _cli.Write("node.conf", """
            router {
              inputs.in { type = generator, rate = 0, count = 1, to = out }
              outputs.out { type = zeromq, bind = "tcp://*:0", plain { user = a, password = b } }
            }
            """);

        await _cli.RunAsync("run", file);

        Assert.Single(_cli.Log.Lines, entry => entry.Text.Contains("PLAIN encrypts nothing", StringComparison.Ordinal));
        Assert.DoesNotContain("PLAIN encrypts nothing", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, await _cli.RunAsync("validate", file));
        Assert.Equal(2, _cli.Error.Split("PLAIN encrypts nothing").Length);
    }

    [Fact]
    public async Task A_signal_drains_and_ends_the_node()
    {
        var file = _cli.Write("node.conf", "router { inputs { in { type = null, to = out } }, outputs { out { type = null } } }");

        var running = _cli.RunAsync("run", file, "-q");
        await _cli.StopAsync();

        Assert.Equal(0, await running);
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task A_drain_that_runs_out_of_time_is_told_by_the_exit_code()
    {
        var file = _cli.Write("node.conf", """
            router {
              shutdown { drain-timeout = 50ms }
              inputs { in { type = generator, rate = 0, count = 3, to = out } }
              outputs { out { type = zeromq, socket-type = push, bind = "tcp://127.0.0.1:0", mailbox { overflow = wait } } }
            }
            """);

        Assert.Equal(75, await _cli.RunAsync("run", file));
        Assert.EndsWith("balanced\n", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("3 shutdown", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_that_have_ended_the_node_are_told_before_a_drain_that_runs_out_of_time()
    {
        using var cli = new CliRun { OutputIsClosed = true };
        var file = cli.Write("node.conf", """
            router {
              shutdown { drain-timeout = 50ms }
              inputs { in { type = generator, rate = 0, count = 3, to = [out, stuck] } }
              outputs { out { type = stdout }, stuck { type = zeromq, socket-type = push, bind = "tcp://127.0.0.1:0", mailbox { overflow = wait } } }
            }
            """);

        Assert.Equal(70, await cli.RunAsync("run", file));
        Assert.EndsWith("balanced\n", cli.Error, StringComparison.Ordinal);
        Assert.Contains("3 shutdown", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_cuts_the_drain_short()
    {
        var file = _cli.Write("node.conf", """
            router {
              shutdown { drain-timeout = 1h }
              inputs { in { type = generator, rate = 0, count = 3, to = [out, screen] } }
              outputs { out { type = zeromq, socket-type = push, bind = "tcp://127.0.0.1:0", mailbox { overflow = wait } }, screen { type = stdout } }
            }
            """);

        var running = _cli.RunAsync("run", file);
        await Eventually.IsTrueAsync(() => _cli.Messages.Length > 0);
        await _cli.StopAsync();
        while (!running.IsCompleted)
        {
            // Two signals at once count as one.
            await Task.WhenAny(running, Task.Delay(50));
            await _cli.StopAsync();
        }

        Assert.Equal(75, await running);
        Assert.EndsWith("balanced\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_opened_is_named_with_its_place()
    {
        var file = _cli.Write("node.conf", """
            router {
              inputs { in { type = null, to = archive } }
              outputs {
                archive { type = file, path = "/no-such-directory/x.log" }
              }
            }
            """);

        Assert.Equal(69, await _cli.RunAsync("run", file, "--summary-file", _cli["ledger.json"]));
        Assert.StartsWith("error: outputs.archive could not be started: ", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("/no-such-directory", _cli.Error, StringComparison.Ordinal);
        Assert.EndsWith("""

             --> node.conf:4:35
              |
            4 |     archive { type = file, path = "/no-such-directory/x.log" }
              |                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^

            1 error; nothing was started.

            """, _cli.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_cli["ledger.json"]));
    }

    [Theory]
    [InlineData("/no-such-directory/x.log", "router.outputs.o.path=/no-such-directory/x.log")]
    [InlineData("/proc/x.log", "router.outputs.o.path=/proc/x.log")]
    [InlineData("/no-such-directory/x.log", "there=/no-such-directory/x.log", "router.outputs.o.path=${there}")]
    [InlineData("\"tcp://127.0.0.1:PORT\"", "router.inputs.in={ type = zeromq, bind = \"tcp://127.0.0.1:PORT\" }")]
    [InlineData("\"tcp://localhost:PORT\"", "router.inputs.in={ type = zeromq, bind = [\"tcp://127.0.0.1:0\", \"tcp://localhost:PORT\"] }")]
    [InlineData("\"tcp://203.0.113.1:0\"", "router.inputs.in={ type = zeromq, socket-type = pull, bind = \"tcp://203.0.113.1:0\" }")]
    [InlineData("\"tcp://no-such-host.invalid:1\"", "router.inputs.in={ type = zeromq, connect = \"tcp://no-such-host.invalid:1\" }")]
    [InlineData("\"tcp://127.0.0.1:PORT\"", "router.inputs.in={ type = zeromq, engine = netmq, bind = \"tcp://127.0.0.1:PORT\" }")]
    [InlineData("\"tcp://127.0.0.1:PORT\"", "router.outputs.d={ type = distributor, bind = \"tcp://127.0.0.1:PORT\" }", "router.inputs.in.to=[o, d]")]
    [InlineData("\"tcp://127.0.0.1:PORT\"", "router.outputs.d={ type = zeromq, bind = \"tcp://127.0.0.1:PORT\" }", "router.inputs.in.to=[o, d]")]
    [InlineData("\"/no-such-directory\"", "router.workers { command = there, directory = \"/no-such-directory\" }")]
    [InlineData("no-such-program", "router.workers { command = no-such-program }")]
    public async Task What_cannot_be_opened_is_shown_in_the_override_that_names_it(string culprit, params string[] overrides)
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = $"{((System.Net.IPEndPoint)taken.LocalEndpoint).Port}";
        var file = _cli.Write("node.conf", "router { inputs { in { type = null, to = o } }, outputs { o { type = file, path = x.log } } }");

        Assert.Equal(69, await _cli.RunAsync(["run", file, .. overrides.SelectMany(text => new[] { "--set", WithPort(text) })]));
        var lines = _cli.Error.Split('\n');
        var shown = Array.FindIndex(lines, line => line.StartsWith("1 | ", StringComparison.Ordinal));
        Assert.StartsWith(" --> --set:1:", lines[shown - 2], StringComparison.Ordinal);
        Assert.Equal(WithPort(overrides[0]), lines[shown][4..]);
        Assert.Equal(WithPort(culprit), lines[shown].Substring(lines[shown + 1].IndexOf('^', StringComparison.Ordinal), lines[shown + 1].Count(c => c == '^')));

        string WithPort(string text) => text.Replace("PORT", port, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_akka_block_that_cannot_be_used_is_shown()
    {
        var file = _cli.Write("node.conf", """
            router { inputs { in { type = null, to = out } }, outputs { out { type = null } } }
            akka { actor { default-dispatcher { type = NoSuchDispatcher } } }
            """);

        Assert.Equal(78, await _cli.RunAsync("run", file));
        Assert.StartsWith("error: the `akka` block cannot be used: ", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("\n --> node.conf:2:1\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_cannot_be_started_is_named_with_its_place()
    {
        var file = _cli.Write("node.conf", """
            router {
              inputs { in { type = null, to = out } }
              outputs { out { type = null } }
              workers { resize { command = ["./resize", "-v"] } }
            }
            """);

        Assert.Equal(69, await _cli.RunAsync("run", file));
        Assert.Equal("""
            error: worker processes `resize` cannot be started: there is no file `resize`
             --> node.conf:4:33
              |
            4 |   workers { resize { command = ["./resize", "-v"] } }
              |                                 ^^^^^^^^^^

            1 error; nothing was started.

            """, _cli.Error);
    }

    [Fact]
    public async Task A_summary_file_that_cannot_be_written_is_found_before_the_start()
    {
        var file = _cli.Write("node.conf", "router { inputs { in { type = null, to = out } }, outputs { out { type = null } } }");

        Assert.Equal(69, await _cli.RunAsync("run", file, "--summary-file", _cli["no-such/ledger.json"]));
        Assert.StartsWith("error: the summary file `no-such/ledger.json` cannot be written: ", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_summary_file_that_is_a_link_stays_one()
    {
        var file = _cli.Write("node.conf", "router { inputs { in { type = generator, count = 1, to = out } }, outputs { out { type = null } } }");
        File.CreateSymbolicLink(_cli["link.json"], _cli.Write("real.json", "old"));

        Assert.Equal(0, await _cli.RunAsync("run", file, "--summary-file", _cli["link.json"]));
        Assert.NotNull(new FileInfo(_cli["link.json"]).LinkTarget);
        Assert.StartsWith("{", File.ReadAllText(_cli["real.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_beyond_supervision_ends_the_process_with_its_ledger()
    {
        var file = _cli.Write("node.conf", $$"""
            router {
              plugins = ["{{Plugin}}"]
              inputs { in { class = "Acme.Inputs.CrashingInput", to = out } }
              outputs { out { type = null } }
            }
            """);
        using var process = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "message-router.dll"), "run", file, "--summary-file", _cli["ledger.json"]]) { RedirectStandardError = true })!;

        var error = await process.StandardError.ReadToEndAsync().WaitAsync(TestNode.Patience);
        await process.WaitForExitAsync().WaitAsync(TestNode.Patience);

        Assert.Equal(70, process.ExitCode);
        Assert.Contains("error: a thread outside the node's control has failed", error, StringComparison.Ordinal);
        Assert.Contains("beyond supervision", error, StringComparison.Ordinal);
        Assert.Contains("component", error, StringComparison.Ordinal);
        Assert.True(File.Exists(_cli["ledger.json"]));
    }

    [Fact]
    public async Task A_component_that_is_stopped_during_the_drain_is_told_by_the_exit_code()
    {
        // The end of the messages comes when the drain has begun, however fast the filter is.
        var plugin = new PluginFolder(Directory.CreateDirectory(_cli["plugins"]).FullName).Compile("Late.dll", """
            public sealed class Late : EmittingFilterActor
            {
                protected override void Process(Message message) => Emit(message);
                protected override void Flush() => throw new InvalidOperationException("too late");
            }
            """);
        var file = _cli.Write("node.conf", $$"""
            router {
              plugins = ["{{plugin}}"]
              inputs { in { type = generator, rate = 0, count = 6, to = late } }
              filters { late { class = Late, supervision { on-error = stop }, to = out } }
              outputs { out { type = stdout } }
            }
            """);

        Assert.Equal(70, await _cli.RunAsync("run", file));
        Assert.Equal(6, _cli.Messages.Count(c => c == '\n'));
        Assert.EndsWith("balanced\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_built_in_example_shows_life_over_ZeroMQ()
    {
        var log = _cli["example.log"];
        var running = _cli.RunAsync("run", "--set", $"example.port={FreePort()}", "--set", $"router.outputs.log.path=\"{log}\"", "--set", "router.inputs.application.rate=100");
        await Eventually.IsTrueAsync(() => File.Exists(log) && File.ReadAllText(log).Contains("\"level\":\"error\"", StringComparison.Ordinal));
        await _cli.StopAsync();

        Assert.Equal(0, await running);
        Assert.Contains("\"level\":\"error\"", _cli.Messages, StringComparison.Ordinal);
        Assert.EndsWith("balanced\n", _cli.Error, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
