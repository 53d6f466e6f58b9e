namespace MessageRouter.InteropTests.Stopping;

/// <summary>
/// Whatever hangs, a node ends: one signal leaves it its drain timeout, a second one nothing. It then tells the truth: every message is in the ledger,
/// and the exit code says whether all of them have gone.
/// </summary>
public abstract class StopTortureTest(ITestOutputHelper output) : InteropTest(output)
{
    private protected const int Done = 0, DrainTimedOut = 75;

    /// <summary>Far more than the second or two that it takes, also on a machine that is busy, and less than what hangs would take.</summary>
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Bytes: more than a connection's buffers hold of what nobody reads.</summary>
    private const long ConnectionHolds = 12_000_000;

    private protected static readonly string TestPlugin = Path.Combine(AppContext.BaseDirectory, "plugins", "MessageRouter.TestPlugin.dll");

    /// <summary>Everything that blocks, in each of these phases with so many signals.</summary>
    private protected static TheoryData<string, string, int> Cases(params IEnumerable<(string Phase, int Signals)> phases)
    {
        var cases = new TheoryData<string, string, int>();
        foreach (var blockage in Blockage.All.Keys)
        {
            foreach (var (phase, signals) in phases) cases.Add(blockage, phase, signals);
        }
        return cases;
    }

    private protected async Task EndsInTime(string blockage, string phase, int signals)
    {
        var what = Blockage.All[blockage];
        var port = Ports.Free();
        var node = Run(Node(what, phase, signals, port), what.Redirect);
        using var peer = what.Unread is null ? null : await Unread(node, port, what.Unread);
        await Reaches(node, phase, what);

        if (signals > 0) Peer.Send(node.Id, Signal.Terminate);
        if (signals > 1 && !what.Redirect.Contains("2>", StringComparison.Ordinal)) await node.Until(() => node.HasExited || node.Errors.Lines.Any(line => line.Contains("Draining; press Ctrl-C", StringComparison.Ordinal)), "the drain, or an end that came first");
        var exitCode = await Exits(node, signals);

        var ledger = Support.Ledger.Parse(File.ReadAllText(Files["ledger.json"]));
        ledger.AssertBalanced();
        Assert.All(ledger.Components, line => Assert.Equal(0, line.Queued));

        // What takes a moment longer than a second signal leaves is not complete.
        var expected = phase switch { "starting" => DrainTimedOut, "idle" => what.WhenIdle, _ => what.WhenFlooded };
        Assert.Equal(signals > 1 && expected == Done ? exitCode : expected, exitCode);
        Assert.True(exitCode is Done or DrainTimedOut, $"The node ended with {exitCode}.");
    }

    /// <summary>Runs the command with descriptor 9 open on a pipe that is never read from.</summary>
    private protected Peer Run(string configuration, string redirect)
    {
        Files.Write("node.conf", configuration);
        return Started(new Peer(Files.Path, "bash", ["-c",
            $"mkfifo held.fifo; exec 9<>held.fifo; exec env --default-signal=HUP,INT,TERM,QUIT dotnet '{RouterProcess.Command}' run node.conf --summary-file ledger.json {redirect}"]));
    }

    /// <summary>Has a node end by so many signals, at least one.</summary>
    /// <returns>Its exit code.</returns>
    private protected static Task<int> Ends(Peer node, int signals)
    {
        node.Send(Signal.Terminate);
        return Exits(node, signals);
    }

    /// <summary>Waits for the end of a node that has had the first signal, and sends it more where there are to be some.</summary>
    private static async Task<int> Exits(Peer node, int signals)
    {
        if (signals > 1) await node.Until(() => node.HasExited || Again(node), "its end", Patience);
        return await node.Exits(Patience);
    }

    private static bool Again(Peer node)
    {
        Peer.Send(node.Id, Signal.Terminate);
        return false;
    }

    private Task Reaches(Peer node, string phase, Blockage what) => phase switch
    {
        "starting" => node.Until(() => File.Exists(Files["sign"]), "a filter to hang while it opens"),
        "idle" when what.Redirect.Contains("2>", StringComparison.Ordinal) => node.Until(() => File.Exists(Files["marker"]), "the node to open its files"),
        "idle" => node.Reports(line => line.Contains(" started with ", StringComparison.Ordinal), "the node to start"),

        "flooded" => node.Until(() => Flowed() > ConnectionHolds, "messages to flow"),

        // A signal ends the input too: what a connection holds has to have come before.
        "draining" when what.Unread is not null => node.Until(() => Flowed() > ConnectionHolds || node.HasExited, "messages to flow"),

        // One that drains may run out of time before any message gets through: threads that hang are made up for one by one.
        _ => node.Until(() => Flowed() > 0 || (phase == "draining" && node.HasExited), "messages to flow"),
    };

    private long Flowed() => new FileInfo(Files["marker"]) is { Exists: true, Length: var length } ? length : 0;

    private async Task<Intruder> Unread(Peer node, int port, string type)
    {
        await node.Listens(port);
        var peer = await Intruder.Connect(port);
        await peer.Handshake(type);
        if (type == "SUB") await peer.Send(Intruder.SubscriptionToEverything);
        return peer;
    }

    private static string Node(Blockage what, string phase, int signals, int port)
    {
        var input = phase switch
        {
            "idle" => "type = null",
            "starting" => "type = null",
            // Far more than what blocks lets through, and not all that two processors can do.
            "flooded" => "type = generator, rate = 20000",

            // Few enough for all of them to come in, whatever is stuck, and too many for the buffers of a pipe or a connection.
            _ => "type = generator, rate = 0, count = 6000",
        };

        // Where nothing is to be lost there is time for it, on a machine that is busy too.
        var drainTimeout = signals > 1 ? "1h" : what.WhenFlooded == Done && phase != "starting" ? "8s" : "1s";
        var template = """template = "{\"n\":%{seq},\"pad\":\"PAD\"}" """.Replace("PAD", new string('x', 2000), StringComparison.Ordinal);
        return $$"""
            router {
              shutdown { drain-timeout = {{drainTimeout}} }
              inputs { in { {{input}}{{(phase is "idle" or "starting" ? "" : ", " + template)}}, to = [stuck, marker, {{(phase == "starting" ? "slow" : "none")}}] } }
              plugins = ["{{TestPlugin}}"]
              filters {
                {{(phase == "starting" ? """slow { class = "Acme.Filters.Hanging", in = open, sign = sign, to = none }""" : "")}}
                {{(what.Filter is null ? "" : $"stuck {{ {what.Filter}, to = none }}")}}
              }
              outputs {
                none { type = null }
                {{(what.Output is null ? "" : $"stuck {{ {what.Output.Replace("PORT", $"{port}", StringComparison.Ordinal)} }}")}}
                marker { type = file, path = marker, flush-interval = 0s }
              }
              {{what.More}}
            }
            """;
    }
}
