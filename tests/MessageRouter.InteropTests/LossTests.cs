using System.Text.Json;

namespace MessageRouter.InteropTests;

/// <summary>What three nodes, each of them started again meanwhile, know of the messages between them.</summary>
public sealed class LossTests(ITestOutputHelper output) : InteropTest(output)
{
    private readonly int jobs = Ports.Free();
    private readonly int bus = Ports.Free();

    [Fact]
    public async Task After_a_day_of_restarts_the_ledgers_of_three_nodes_account_for_every_message()
    {
        var hub = Hub();
        var archive = Archive();
        await Task.WhenAll(hub.Starts(), archive.Starts());
        var front = Front();
        await WriteAsync(front, 0);
        await GrowsAsync(archive);
        await WriteAsync(front, 1);
        await hub.Stops();
        hub = Hub();
        await WriteAsync(front, 2);
        await hub.Starts();
        await archive.Stops();
        archive = Archive();
        await archive.Starts();
        await front.Stops();
        front = Front();
        await WriteAsync(front, 3);
        hub.Send(Signal.Terminate);
        await WriteAsync(front, 4);
        await hub.Ends();
        hub = Hub();
        await WriteAsync(front, 5);
        await GrowsAsync(archive);
        front.EndInput();
        await front.Ends();
        await hub.Stops();
        await archive.Stops();

        var check = await CheckAsync("--complete");
        Assert.Equal((0, true, true), (check.ExitCode, check.AddsUp, check.IsComplete));
        var pushed = check.Links.Where(link => link.From == "front").ToList();
        Assert.Equal(6 * 1000, pushed.Sum(link => link.Sent));
        Assert.Equal(6 * 1000, pushed.Sum(link => link.Received + link.Lost));
        var published = check.Links.Where(link => link.From == "hub").ToList();
        Assert.All(published, link => Assert.Equal(link.Sent, link.Received + link.Lost));
    }

    [Fact]
    public async Task Of_a_node_that_was_killed_it_is_named_what_nobody_knows_and_said_what_the_others_know()
    {
        var hub = Hub();
        var archive = Archive();
        await Task.WhenAll(hub.Starts(), archive.Starts());
        var front = Front();
        await WriteAsync(front, 0);
        await GrowsAsync(archive);
        hub.Send(Signal.Kill);
        await hub.Exits();
        hub = Hub();
        await WriteAsync(front, 1);
        front.EndInput();
        await front.Ends();
        await hub.Stops();
        await archive.Stops();

        var check = await CheckAsync();
        Assert.Equal((0, true, false), (check.ExitCode, check.AddsUp, check.IsComplete));
        var unknown = check.Links.Where(link => link.Unknown is not null).ToList();
        Assert.Contains(unknown, link => link is { From: "front", To: "hub" } && link.Unknown!.Contains("what it received is not known", StringComparison.Ordinal));
        Assert.Contains(unknown, link => link is { From: "hub", To: "archive" } && link.Unknown!.Contains("ended without a last word", StringComparison.Ordinal));
        Assert.Equal(2, unknown.Count);
        Assert.Equal(2000, check.Links.Where(link => link.From == "front").Sum(link => link.Sent));
        Assert.Equal(1, (await CheckAsync("--complete")).ExitCode);
    }

    private RouterProcess Front() => RunNode($$"""
        router {
          name = front
          inputs.lines { type = stdin, to = [jobs] }
          outputs.jobs { type = zeromq, connect = "tcp://127.0.0.1:{{jobs}}", socket-type = push, reconnect { min = 5ms, max = 20ms } }
        }
        """);

    private RouterProcess Hub() => RunNode($$"""
        router {
          name = hub
          inputs.jobs { type = zeromq, bind = "tcp://127.0.0.1:{{jobs}}", socket-type = pull, to = [bus] }
          outputs.bus { type = zeromq, bind = "tcp://127.0.0.1:{{bus}}", subscribe-delay = 3s }
        }
        """);

    private RouterProcess Archive() => RunNode($$"""
        router {
          name = archive
          inputs.bus { type = zeromq, connect = "tcp://127.0.0.1:{{bus}}", subscribe = ["{\"n\":1", "{\"n\":5"], reconnect { min = 5ms, max = 20ms }, to = [file] }
          outputs.file { type = file, path = "archive.log" }
        }
        """);

    private static Task WriteAsync(RouterProcess node, int thousand) => node.WriteAsync(Numbered.Lines(1000 * thousand + 1, 1000));

    /// <summary>Waits until more has arrived.</summary>
    private async Task GrowsAsync(RouterProcess archive)
    {
        var size = Files.Size("archive.log");
        await archive.Until(() => Files.Size("archive.log") > size, "messages to arrive");
    }

    private async Task<Check> CheckAsync(params string[] more)
    {
        var files = Directory.GetFiles(Files.Path, "ledger*.json").Select(Path.GetFileName).OfType<string>();
        var check = MessageRouter(["ledger", "check", .. files, "--format", "json", .. more]);
        var exitCode = await check.Exits();
        using var json = JsonDocument.Parse(string.Join('\n', check.Output.Lines));
        var root = json.RootElement;
        return new Check(exitCode, root.GetProperty("adds_up").GetBoolean(), root.GetProperty("complete").GetBoolean(), [.. root.GetProperty("links").EnumerateArray().Select(Link.Of)]);
    }

    private sealed record Check(int ExitCode, bool AddsUp, bool IsComplete, IReadOnlyList<Link> Links);

    private sealed record Link(string From, string FromEpoch, string To, string ToEpoch, long Sent, long? Received, long Lost, string? Unknown)
    {
        public static Link Of(JsonElement link) => new(
            link.GetProperty("from").GetProperty("node").GetString()!, link.GetProperty("from").GetProperty("epoch").GetString()!,
            link.GetProperty("to").GetProperty("node").GetString()!, link.GetProperty("to").GetProperty("epoch").GetString()!,
            link.GetProperty("sent").GetInt64(), Number(link, "received"), link.GetProperty("lost_in_transit").GetInt64() + (Number(link, "lost_at_the_end") ?? 0),
            link.TryGetProperty("unknown", out var unknown) ? unknown.GetString() : null);

        private static long? Number(JsonElement link, string name) => link.TryGetProperty(name, out var number) ? number.GetInt64() : null;
    }
}
