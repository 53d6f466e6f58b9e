using System.Text.Json;

namespace MessageRouter.InteropTests.Stopping;

/// <summary>What hangs at other moments, and what else there is at a stop: signals, summaries, descriptors.</summary>
public sealed class StopTortureTests(ITestOutputHelper output) : StopTortureTest(output)
{
    private const int Failed = 70;

    [SkippableTheory]
    [InlineData("constructor", 1)]
    [InlineData("constructor", 2)]
    [InlineData("check", 1)]
    public async Task A_node_whose_plug_in_never_comes_back_while_it_starts_ends_too(string place, int signals)
    {
        var node = Run($$"""
            router {
              shutdown { drain-timeout = {{(signals == 1 ? "1s" : "1h")}} }
              plugins = ["{{TestPlugin}}"]
              inputs { in { type = generator, to = stuck } }
              filters { stuck { class = "Acme.Filters.Hanging", in = {{place}}, sign = sign, to = none } }
              outputs { none { type = null } }
            }
            """, "");
        await node.Until(() => File.Exists(Files["sign"]), "the plug-in to hang");

        Assert.True(await Ends(node, signals) is Done or DrainTimedOut);
        Assert.NotEmpty(node.Errors.Lines);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_node_whose_filter_does_not_open_ends_too_and_says_so(int signals)
    {
        var node = Run($$"""
            router {
              shutdown { drain-timeout = {{(signals == 1 ? "1s" : "1h")}} }
              plugins = ["{{TestPlugin}}"]
              inputs { in { type = generator, to = stuck } }
              filters { stuck { class = "Acme.Filters.Hanging", in = open, sign = sign, to = out } }
              outputs { out { type = null } }
            }
            """, "");
        await node.Until(() => File.Exists(Files["sign"]), "the plug-in to hang");

        Assert.Equal(DrainTimedOut, await Ends(node, signals));
        Assert.Contains(node.Errors.Lines, line => line.Contains("filters.stuck", StringComparison.Ordinal) && line.Contains("opening", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_node_whose_hundred_copies_loop_still_tells_the_truth(int signals)
    {
        var node = Run($$"""
            router {
              shutdown { drain-timeout = {{(signals == 1 ? "1s" : "1h")}} }
              inputs { in { type = generator, rate = 20000, to = [marker, stuck] } }
              filters { stuck { type = csharp, code = "while (true) { }", instances = 100, to = none } }
              outputs { none { type = null }, marker { type = file, path = marker, flush-interval = 0s } }
            }
            """, "");
        await node.Until(() => new FileInfo(Files["marker"]) is { Exists: true, Length: > 0 }, "messages to flow");

        Assert.Equal(DrainTimedOut, await Ends(node, signals));
        var ledger = Support.Ledger.Parse(File.ReadAllText(Files["ledger.json"]));
        ledger.AssertBalanced();
        Assert.Contains("balanced", node.Errors.Lines);
        var copies = JsonDocument.Parse(File.ReadAllText(Files["ledger.json"])).RootElement.GetProperty("components").EnumerateArray().Single(line => line.GetProperty("name").GetString() == "filters.stuck").GetProperty("workers");
        Assert.All(copies.EnumerateArray(), copy => Assert.Equal(Number(copy, "in") + Number(copy, "created"), Number(copy, "out") + Number(copy, "filtered") + Number(copy, "failed") + Number(copy, "queued") + Lost(copy)));

        static long Number(JsonElement line, string name) => line.GetProperty(name).GetInt64();
        static long Lost(JsonElement line) => line.TryGetProperty("dropped", out var dropped) && dropped.ValueKind == JsonValueKind.Object ? dropped.EnumerateObject().Sum(reason => reason.Value.GetInt64()) : 0;
    }

    [SkippableTheory]
    [InlineData("constructor", 1)]
    [InlineData("constructor", 2)]
    [InlineData("open", 1)]
    [InlineData("open", 2)]
    public async Task A_node_that_is_told_to_end_while_it_reloads_ends_and_tells_the_truth(string place, int signals)
    {
        const string Before = "router { shutdown { drain-timeout = DRAIN }, plugins = [\"PLUGIN\"], inputs { in { type = generator, rate = 1000, to = FIRST } }, FILTERS outputs { out { type = file, path = marker, flush-interval = 0s } } }";
        var text = Before.Replace("DRAIN", signals == 1 ? "1s" : "1h", StringComparison.Ordinal).Replace("PLUGIN", TestPlugin, StringComparison.Ordinal);
        var node = Run(text.Replace("FIRST", "out", StringComparison.Ordinal).Replace("FILTERS", "", StringComparison.Ordinal), "");
        await node.Until(() => new FileInfo(Files["marker"]) is { Exists: true, Length: > 0 }, "messages to flow");
        Files.Write("node.conf", text.Replace("FIRST", "stuck", StringComparison.Ordinal).Replace("FILTERS", $$"""filters { stuck { class = "Acme.Filters.Hanging", in = {{place}}, sign = sign, to = out } },""", StringComparison.Ordinal));
        node.Send(Signal.HangUp);
        await node.Until(() => File.Exists(Files["sign"]), "the plug-in to hang");

        Assert.True(await Ends(node, signals) is Done or DrainTimedOut, node.Describe());
        Support.Ledger.Parse(File.ReadAllText(Files["ledger.json"])).AssertBalanced();
        Assert.Contains("balanced", node.Errors.Lines);
    }

    [SkippableFact]
    public async Task An_actor_system_that_ends_by_itself_is_a_failure_of_the_node()
    {
        var node = Run($$"""
            router {
              plugins = ["{{TestPlugin}}"]
              inputs { in { type = generator, rate = 0, to = mad } }
              filters { mad { class = "Acme.Filters.EndsAll", to = out } }
              outputs { out { type = null } }
            }
            """, "");

        Assert.Equal(Failed, await node.Exits());
        Assert.Contains(node.Errors.Lines, line => line.Contains("has ended by itself", StringComparison.Ordinal));
        Support.Ledger.Parse(File.ReadAllText(Files["ledger.json"])).AssertBalanced();
    }

    [SkippableTheory]
    [InlineData((int)Signal.Quit)]
    [InlineData((int)Signal.Power)]
    public async Task Other_signals_that_ask_for_the_end_drain_too(int signal)
    {
        var node = Run("router { inputs { in { type = generator, to = none } }, outputs { none { type = null } } }", "");
        await node.Reports(line => line.Contains(" started with ", StringComparison.Ordinal), "the node to start");

        node.Send((Signal)signal);

        Assert.Equal(Done, await node.Exits());
        Support.Ledger.Parse(File.ReadAllText(Files["ledger.json"])).AssertBalanced();
    }

    [SkippableTheory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Signals_without_a_meaning_are_ignored_with_a_word(string format)
    {
        var node = Run("router { inputs { in { type = generator, to = none } }, outputs { none { type = null } } }", $"--log-format {format}");
        await node.Reports(line => line.Contains(" started with ", StringComparison.Ordinal), "the node to start");

        foreach (var (signal, name) in ((Signal, string)[])[(Signal.User1, "SIGUSR1"), (Signal.User2, "SIGUSR2"), (Signal.Alarm, "SIGALRM")])
        {
            node.Send(signal);
            var word = await node.Reports(line => line.Contains($"{name} means nothing here", StringComparison.Ordinal), "a word about the signal");
            if (format == "json") JsonDocument.Parse(word).Dispose();
        }

        node.Send(Signal.Terminate);
        Assert.Equal(Done, await node.Exits());
    }

    [SkippableFact]
    public async Task A_summary_file_that_is_a_pipe_gets_the_ledger_and_stays_one()
    {
        await Started(new Peer(Files.Path, "mkfifo", ["ledger.json"])).Exits();
        var reader = Started(new Peer(Files.Path, "cat", ["ledger.json"]));
        var node = Run("router { inputs { in { type = generator, count = 1, to = none } }, outputs { none { type = null } } }", "");

        Assert.Equal(Done, await node.Exits());
        Assert.Equal(0, await reader.Exits());
        Support.Ledger.Parse(string.Join('\n', reader.Output.Lines)).AssertBalanced();
        Assert.Equal(0, await Started(new Peer(Files.Path, "test", ["-p", "ledger.json"])).Exits());
    }

    [SkippableTheory]
    [InlineData("/dev/stdout", ">")]
    [InlineData("/dev/stdout", ">>")]
    [InlineData("/dev/fd/1", ">")]
    [InlineData("/proc/self/fd/1", ">")]
    [InlineData("link", ">")]
    [InlineData("/dev/stdout", "| cat >")]
    [InlineData("/dev/stderr", "2>")]
    [InlineData(">(cat)", ">")]
    public async Task A_summary_that_goes_where_others_write_replaces_nothing(string summary, string redirect)
    {
        const int Messages = 1000;
        Files.Write("node.conf", $$$"""router { inputs { in { type = generator, rate = 0, count = {{{Messages}}}, template = "{\"n\":%{seq}}", to = out } }, outputs { out { type = {{{(redirect == "2>" ? "stderr" : "stdout")}}} } } }""");
        var shell = Started(new Peer(Files.Path, "bash", ["-c",
            $"ln -s /dev/stdout link; {{ echo before; dotnet '{RouterProcess.Command}' run node.conf --quiet --summary-file {summary}; echo after {(redirect == "2>" ? ">&2" : "")}; }} {redirect} got"]));
        Assert.Equal(Done, await shell.Exits());

        // What a shell's own pipe brings may come after its end.
        await shell.Until(() => File.ReadAllText(Files["got"]).Contains("\"balanced\"", StringComparison.Ordinal), "the ledger");
        var got = File.ReadAllLines(Files["got"]);
        if (redirect != "2>") Assert.Equal("before", got[0]);
        Assert.Equal(Messages, got.Count(line => line.StartsWith("{\"n\":", StringComparison.Ordinal)));
        Assert.Contains("after", got);
    }

    [SkippableFact]
    public async Task A_summary_file_that_is_a_pipe_without_a_reader_is_told_and_does_not_keep_the_process()
    {
        await Started(new Peer(Files.Path, "mkfifo", ["ledger.json"])).Exits();
        var node = Run("router { inputs { in { type = generator, count = 1, to = none } }, outputs { none { type = null } } }", "");

        Assert.Equal(69, await node.Exits(Patience));
        Assert.Contains(node.Errors.Lines, line => line.Contains("nobody reads it", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("<&-", "pass --input STDIN --output Null", "the standard input is closed")]
    [InlineData(">&-", "pass --input STDIN --output STDOUT", "the standard output is closed")]
    [InlineData("2>&-", "pass --input STDIN --output STDERR", "the standard error output is closed")]
    public async Task A_closed_descriptor_is_an_error_at_the_start_and_nobody_else_s_file(string closed, string arguments, string problem)
    {
        var node = Started(new Peer(Files.Path, "bash", ["-c", $"exec dotnet '{RouterProcess.Command}' {arguments} {closed}"]));
        node.EndInput();

        Assert.Equal(69, await node.Exits(Patience));
        if (closed != "2>&-") Assert.Contains(node.Errors.Lines, line => line.Contains(problem, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("", "{}", 74)]
    [InlineData("", "not json", 74)]
    [InlineData("--filter All", "{}", 0)]
    [InlineData("", "", 0)]
    public async Task A_one_shot_of_which_nothing_arrives_says_so_by_its_exit_code(string filter, string line, int exitCode)
    {
        var options = Wiring.Options(binds: true, Ports.Free());
        var node = Started(new Peer(Files.Path, "bash", ["-c", $"exec dotnet '{RouterProcess.Command}' --input STDIN {filter} --output ZeroMQ --output-options '{options}'"]));
        if (line.Length > 0) await node.WriteAsync(line);
        node.EndInput();

        Assert.Equal(exitCode, await node.Exits());
    }
}
