using System.Text;

namespace MessageRouter.InteropTests;

/// <summary>Alone on the machine: what is measured here must not be what other tests do.</summary>
[CollectionDefinition(nameof(VolumeTests), DisableParallelization = true)]
public sealed class VolumeCollection;

/// <summary>Many messages. The environment variable MESSAGE_ROUTER_VOLUME sets how many.</summary>
[Collection(nameof(VolumeTests))]
public sealed class VolumeTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int BlockSize = 1 << 16;
    private const long MemoryBound = 512 * 1024 * 1024;

    private static readonly int Volume =
        int.TryParse(Environment.GetEnvironmentVariable("MESSAGE_ROUTER_VOLUME"), out var volume) ? volume : 5_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [SkippableFact]
    public async Task Every_line_passes_a_filter_into_a_file()
    {
        var router = RunNode("""
            router {
              inputs.in { type = stdin, to = [errors-only] }
              filters.errors-only { type = key, key = level, match = error, to = [out] }
              outputs.out { type = file, path = out.log }
            }
            """);

        await Feed(router);
        var ledger = await router.Ends(Patience);

        AssertComplete("out.log", IsError);
        Assert.Equal(Volume, ledger["inputs.in"].Out);
        Assert.Equal(Volume - Errors, ledger["filters.errors-only"].Filtered);
        Assert.Equal(Errors, ledger["outputs.out"].Out);
    }

    [SkippableFact]
    public async Task Every_line_crosses_two_nodes_into_a_file()
    {
        var port = Ports.Free();
        var receiver = RunNode($$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = [out] }
              outputs.out { type = file, path = out.log }
            }
            """);
        await receiver.Listens(port);
        var sender = RunNode($$"""
            router {
              inputs.in { type = stdin, to = [out] }
              outputs.out { type = zeromq, connect = "tcp://127.0.0.1:{{port}}", socket-type = push, linger = 60s }
            }
            """);

        await Feed(sender);
        var sent = await sender.Ends(Patience);
        var size = SizeOfAll;
        await receiver.Until(() => Files.Size("out.log") == size, "the whole file", Patience);
        var received = await receiver.Stops();

        AssertComplete("out.log", _ => true);
        Assert.Equal(Volume, sent["outputs.out"].Out);
        Assert.Equal(Volume, received["inputs.in"].In);
        Assert.Equal(Volume, received["outputs.out"].Out);
    }

    [SkippableFact]
    public async Task A_slow_output_costs_messages_that_are_counted_but_no_memory()
    {
        Requires.PyZmq();
        var sent = Volume / 5;
        var (from, to) = (Ports.Free(), Ports.Free());
        var worker = Zmq("PULL", "bind", to, "--quiet", "--hwm", "10", "--pause", "0.001");
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{from}}", socket-type = sub, to = [out] }
              outputs.out { type = zeromq, connect = "tcp://127.0.0.1:{{to}}", socket-type = push, high-water-mark = 100, linger = 60s, mailbox { capacity = 1000 } }
              shutdown { drain-timeout = 5m }
            }
            """);
        await worker.IsConnected();
        var publisher = Zmq("XPUB", "connect", from);
        await publisher.IsSubscribed();

        await publisher.FloodAsync(sent, size: 500);
        await publisher.Reports(line => line == $"sent {sent}", "the flood to end", Patience);
        publisher.EndInput();
        Assert.Equal(0, await publisher.Exits(Patience));
        var peak = router.PeakMemory;
        var ledger = await router.Stops(Signal.Terminate, Patience);

        Assert.True(peak < MemoryBound, $"The node grew to {peak:N0} bytes.");
        var output = ledger["outputs.out"];
        Assert.True(output.DroppedInAll > 0, $"Nothing was dropped: {output}");
        Assert.Equal(0, output.Queued);
        Assert.InRange(ledger["inputs.in"].In, 1, sent);
        Assert.Equal(ledger["inputs.in"].Out, output.Out + output.DroppedInAll);
        await worker.HasReceived((int)output.Out, Patience);
    }

    private static int Errors => Enumerable.Range(1, Volume).Count(IsError);

    private static long SizeOfAll => Enumerable.Range(1, Volume).Sum(n => (long)Line(n).Length + 1);

    private static bool IsError(int n) => n % 3 == 0;

    private static string Line(int n) => $$"""{"n":{{n}},"level":"{{(IsError(n) ? "error" : "info")}}"}""";

    private static async Task Feed(RouterProcess router)
    {
        var block = new StringBuilder(BlockSize + 100);
        for (var n = 1; n <= Volume; n++)
        {
            block.Append(Line(n)).Append('\n');
            if (block.Length >= BlockSize || n == Volume)
            {
                await router.Input.WriteAsync(Encoding.ASCII.GetBytes(block.ToString()));
                block.Clear();
            }
        }

        router.EndInput();
    }

    /// <summary>Compares the file with what it must be, line by line; neither is ever held in memory.</summary>
    private void AssertComplete(string file, Func<int, bool> expected)
    {
        var lines = 0;
        using var actual = Files.Lines(file).GetEnumerator();
        foreach (var n in Enumerable.Range(1, Volume).Where(expected))
        {
            Assert.True(actual.MoveNext(), $"The file ends after {lines} lines, before {Line(n)}");
            lines++;
            if (actual.Current != Line(n))
            {
                Assert.Fail($"Line {lines} is {actual.Current} instead of {Line(n)}");
            }
        }

        Assert.False(actual.MoveNext(), $"The file goes on after {lines} lines.");
    }
}
