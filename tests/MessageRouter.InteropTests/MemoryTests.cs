namespace MessageRouter.InteropTests;

/// <summary>
/// Floods of large messages into an output that takes nothing: what the node grows to is explained by its configuration, whatever the
/// size of the messages.
/// </summary>
[Collection(nameof(VolumeTests))]
public sealed class MemoryTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int Megabyte = 1_000_000;

    /// <summary>Sent in all, several times as much as may be kept.</summary>
    private const int Flood = 1000 * Megabyte;

    /// <summary>
    /// Two mailboxes and the queue of a peer of 16 MiB each, a message in work and one being read, a runtime of 100 MB, and as much again as
    /// all that for garbage that waits for its collection.
    /// </summary>
    private static long Bound(int size) => 2 * ((3 * (16L << 20)) + (4L * size) + (100L * Megabyte));

    [SkippableTheory]
    [InlineData(Megabyte)]
    [InlineData(10 * Megabyte)]
    public async Task Large_messages_that_are_dropped_take_no_more_memory_than_the_bounds_allow(int size)
    {
        Requires.PyZmq();
        var (from, to) = (Ports.Free(), Ports.Free());
        var worker = Zmq("PULL", "bind", to, "--quiet", "--hwm", "2");
        var router = RunNode(Pull(from, to, "drop-newest"));
        await worker.IsConnected();
        worker.Send(Signal.Stop);
        var sender = Zmq("PUSH", "connect", from, "--hwm", "2");

        Assert.Equal(Flood / size, await sender.FloodUntilFullAsync(Flood / size, size));
        var peak = router.PeakMemory;
        router.Send(Signal.Terminate);
        worker.Send(Signal.Continue);
        var ledger = await router.Ends();

        Assert.InRange(peak, size, Bound(size));
        Assert.True(ledger["outputs.out"].DroppedInAll > 0, $"Nothing was dropped: {ledger["outputs.out"]}");
        await worker.HasReceived((int)ledger["outputs.out"].Out);
    }

    [SkippableTheory]
    [InlineData(Megabyte)]
    [InlineData(10 * Megabyte)]
    public async Task A_sender_of_large_messages_is_held_back_before_the_node_grows(int size)
    {
        Requires.PyZmq();
        var (from, to) = (Ports.Free(), Ports.Free());
        var worker = Zmq("PULL", "bind", to, "--quiet", "--hwm", "2");
        var router = RunNode(Pull(from, to, "wait"));
        await worker.IsConnected();
        worker.Send(Signal.Stop);
        var sender = Zmq("PUSH", "connect", from, "--hwm", "2");

        var taken = await sender.FloodUntilFullAsync(Flood / size, size);
        var peak = router.PeakMemory;
        worker.Send(Signal.Continue);
        await worker.HasReceived(taken);
        var ledger = await router.Stops();

        Assert.InRange(taken, 1, (Flood / size) - 1);
        Assert.InRange(peak, size, Bound(size));
        Assert.Equal((taken, 0), (ledger["outputs.out"].Out, ledger["outputs.out"].DroppedInAll));
    }

    [SkippableTheory]
    [InlineData("drop-newest", Megabyte)]
    [InlineData("drop-newest", 10 * Megabyte)]
    [InlineData("wait", Megabyte)]
    [InlineData("wait", 10 * Megabyte)]
    public async Task Long_lines_take_no_more_memory_than_the_bounds_allow(string overflow, int size)
    {
        Requires.PyZmq();
        var to = Ports.Free();
        var worker = Zmq("PULL", "bind", to, "--quiet", "--hwm", "2");
        var router = RunNode($$"""
            router {
              mailbox { max-bytes = 16MiB, overflow = {{overflow}} }
              inputs.in { type = stdin, decode = bytes, mailbox { overflow = wait }, to = [out] }
              {{Output(to)}}
            }
            """);
        await worker.IsConnected();
        worker.Send(Signal.Stop);

        var feeding = FeedAsync(router, Flood / size, size);
        if (overflow == "wait") await IsHeldBackAsync(router);
        else await feeding;
        var peak = router.PeakMemory;
        worker.Send(Signal.Continue);
        await feeding;
        var ledger = await router.Ends();

        // The buffer in which lines are looked for may be as large as two of them.
        Assert.InRange(peak, size, Bound(2 * size));
        Assert.Equal(Flood / size, ledger["inputs.in"].Out);
        Assert.Equal(overflow == "wait", ledger["outputs.out"].DroppedInAll == 0);
        await worker.HasReceived((int)ledger["outputs.out"].Out);
    }

    [SkippableFact]
    public async Task A_flood_of_bad_messages_before_an_error_output_that_fails_is_bounded_and_counted()
    {
        Requires.PyZmq();
        const int sent = 20_000;
        const int size = 50_000;
        var from = Ports.Free();
        var router = RunNode($$"""
            router {
              mailbox { max-bytes = 16MiB }
              errors { type = file, path = /dev/full, rate-limit = 0, flush-interval = 0s }
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{from}}", socket-type = pull, max-message-size = 1MiB, to = [out] }
              outputs.out { type = null }
            }
            """);
        await router.Listens(from);
        var sender = Zmq("PUSH", "connect", from, "--hwm", "2");

        await sender.WriteAsync($$"""{"flood":{{sent}},"size":{{size}},"broken":true}""");
        await sender.Reports(line => line == $"sent {sent}", "the flood to end", TimeSpan.FromMinutes(5));
        sender.EndInput();
        Assert.Equal(0, await sender.Exits());
        var peak = router.PeakMemory;
        router.Send(Signal.Terminate);
        await router.Exits();
        var ledger = router.FinalLedger();
        ledger.AssertBalanced();

        Assert.InRange(peak, size, Bound(size));
        Assert.Equal(sent, ledger["inputs.in"].Dropped["undecodable"]);
        Assert.Equal(sent, ledger["errors"].In);
        Assert.Equal(sent, ledger["errors"].DroppedInAll + ledger["errors"].Failed);
    }

    private static string Pull(int from, int to, string overflow) => $$"""
        router {
          mailbox { max-bytes = 16MiB, overflow = {{overflow}} }
          inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{from}}", socket-type = pull, decode = bytes, mailbox { overflow = wait }, to = [out] }
          {{Output(to)}}
        }
        """;

    private static string Output(int to) =>
        $$"""outputs.out { type = zeromq, connect = "tcp://127.0.0.1:{{to}}", socket-type = push, encode = bytes, high-water-bytes = 16MiB, linger = 60s }""";

    private static async Task FeedAsync(RouterProcess router, int count, int size)
    {
        var line = new byte[size + 1];
        line.AsSpan().Fill((byte)'x');
        line[size] = (byte)'\n';
        for (var n = 0; n < count; n++) await router.Input.WriteAsync(line);
        router.EndInput();
    }

    /// <summary>Waits until the node reads nothing more.</summary>
    private static async Task IsHeldBackAsync(RouterProcess router)
    {
        var (last, times) = (0L, 0);
        await router.Until(() =>
        {
            var read = router.BytesRead;
            times = read == last && read > 0 ? times + 1 : 0;
            last = read;
            return times == 80;
        }, "it to be held back");
    }
}
