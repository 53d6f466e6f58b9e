using System.Collections.Concurrent;
using MessageRouter.Monitoring;

namespace MessageRouter.InteropTests;

/// <summary>A port that a stranger floods with connections, while honest peers use it.</summary>
public sealed class FloodTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int Connections = 20_000;
    private const int Messages = 5000;

    [SkippableFact]
    public async Task A_flood_from_a_stranger_is_a_number_in_the_status_and_honest_peers_go_on()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        await using var watched = new WatchedNode($$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = out, limits { connections-per-second = 20 } }
              outputs.out { type = file, path = out.log }
            }
            """);
        await watched.StartsAsync();
        var honest = Zmq("PUSH", "connect", port);
        await honest.FloodAsync(1);
        await watched.Node.Until(() => File.Exists(watched["out.log"]) && File.ReadAllText(watched["out.log"]).Length > 0, "the first message");

        var stranger = Started(new ZmqPeer(Files.Path, "stranger.py", $"{port}", $"{Connections}"));
        await honest.FloodAsync(Messages);
        await stranger.Exits();
        var late = Zmq("PUSH", "connect", port);
        await late.FloodAsync(Messages);

        await watched.Node.Until(() => File.ReadLines(watched["out.log"]).Count() == 1 + 2 * Messages, "every honest message");
        var status = NodeStatus.FromJson((await watched.Does(0, "status", "--format", "json")).Output);
        var refused = status.Components.Single(component => component.Name == "inputs.in").Refused!;
        var turnedAway = refused["connections-per-second"];

        // Who comes late may have been among those who came too often.
        Assert.InRange(refused.Values.Sum(), Connections, Connections + 1000);
        Assert.InRange(turnedAway, Connections / 2, Connections + 1000);
        Assert.Contains($"inputs.in: {turnedAway} connections-per-second", (await watched.Does(0, "status")).Output, StringComparison.Ordinal);
        var said = watched.Node.Errors.Lines.Where(line => line.Contains("A connection from 127.0.0.1 was refused.", StringComparison.Ordinal)).ToList();
        Assert.InRange(said.Count, 1, 1 + (int)status.UptimeSeconds);
        Assert.True(status.Process.MemoryBytes < 500_000_000, $"The node grew to {status.Process.MemoryBytes:N0} bytes.");
    }

    [SkippableFact]
    public async Task Ten_thousand_who_are_connected_at_once_are_all_served_and_one_more_is_not()
    {
        const int Guests = 10_000;
        var port = Ports.Free();
        await using var watched = new WatchedNode($$"""
            router {
              inputs.in {
                type = zeromq, bind = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = out
                limits { connections = {{Guests}}, connections-per-address = {{2 * Guests}}, connections-per-second = 1000000 }
              }
              outputs.out { type = file, path = out.log }
            }
            """);
        await watched.StartsAsync();
        var guests = new ConcurrentBag<Intruder>();
        try
        {
            await Parallel.ForAsync(0, Guests, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, _) =>
            {
                var guest = await Intruder.ConnectAtLast(port);
                guests.Add(guest);
                await guest.Handshake("PUSH");
                await guest.Send([0, 1, (byte)'1']);
            });
            await watched.Node.Until(() => Ports.Accepted(port) == Guests, "those to be gone that the system has cut off");
            using (var late = await Intruder.Connect(port)) await late.IsThrownOut();
            await Parallel.ForEachAsync(guests, async (guest, _) => await guest.Send([0, 1, (byte)'2']));

            await watched.Node.Until(() => File.Exists(watched["out.log"]) && File.ReadLines(watched["out.log"]).Count() == 2 * Guests, "every message of all");
            var status = NodeStatus.FromJson((await watched.Does(0, "status", "--format", "json")).Output);
            Assert.Equal(1, status.Components.Single(component => component.Name == "inputs.in").Refused!["connections"]);
            Assert.True(status.Process.MemoryBytes < 1_000_000_000, $"The node grew to {status.Process.MemoryBytes:N0} bytes.");
            Assert.True(status.Balanced);
            watched.Node.Send(Signal.Terminate);
            Assert.Equal(0, await watched.Node.Exits());
        }
        finally
        {
            foreach (var guest in guests) guest.Reset();
        }
    }
}
