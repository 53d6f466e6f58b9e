using System.Text.Json;

namespace MessageRouter.InteropTests;

/// <summary>Nodes that work for a distributor of another make, which knows of them only what PROTOCOL.md says.</summary>
public sealed class AtLeastOnceWorkerTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int Messages = 20_000;

    [SkippableTheory]
    [InlineData("bind", "connect")]
    [InlineData("connect", "bind")]
    public async Task A_worker_answers_for_every_message(string distributorSide, string workerSide)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var worker = Worker(workerSide, port);
        var distributor = Distributor(distributorSide, port, workers: 1);

        var heard = await Heard(distributor);

        Assert.Equal(Messages, heard["done"].GetInt32());
        var lines = await worker.Prints(Numbered.Is, Messages, "every message");
        Assert.Equal(Numbered.Lines(1, Messages), lines);
        var ledger = await worker.Stops();
        Assert.Equal(Messages, ledger["inputs.work"].Out);
    }

    [SkippableFact]
    public async Task A_message_that_a_worker_fails_on_is_reported_with_its_reason()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var distributor = Distributor("bind", port, workers: 1, messages: 100);
        _ = RunNode($$"""
            router {
              inputs.work { type = zeromq, connect = "tcp://127.0.0.1:{{port}}", socket-type = pull, delivery = at-least-once, to = [mark] }
              filters.mark { type = set, fields { n.m = 1 }, to = [out] }
              outputs.out { type = stdout }
            }
            """);

        var heard = await Heard(distributor);

        Assert.Equal(100, heard["failed"].GetInt32());
        Assert.Equal(100, Assert.Single(heard["reasons"].EnumerateObject()).Value.GetInt32());
    }

    [SkippableFact]
    public async Task Workers_that_stop_one_after_the_other_lose_and_repeat_nothing()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var distributor = Distributor("bind", port, workers: 3, leaving: 2);
        RouterProcess[] workers = [Worker("connect", port), Worker("connect", port), Worker("connect", port)];

        // The first has worked when it is told to stop, the second may have nothing to do any more.
        await workers[0].Prints(Numbered.Is, "its first message");
        var first = await workers[0].Stops();
        var second = await workers[1].Stops();
        var heard = await Heard(distributor);

        Assert.Equal(Messages, heard["done"].GetInt32());
        Assert.Equal(2, heard["leaving"].GetInt32());
        var third = await workers[2].Stops();
        Assert.Equal(Messages, first["outputs.out"].Out + second["outputs.out"].Out + third["outputs.out"].Out);
        Assert.Equal(Numbered.Lines(1, Messages).Order(), workers.SelectMany(worker => worker.Output.Lines).Where(Numbered.Is).Order());
    }

    [SkippableTheory]
    [InlineData(Signal.Kill)]
    [InlineData(Signal.Stop)]
    public async Task What_a_dead_worker_had_is_worked_on_by_another(object signal)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var distributor = Distributor("bind", port, workers: 2);
        RouterProcess[] workers = [Worker("connect", port), Worker("connect", port)];
        await workers[0].Prints(Numbered.Is, "its first message");

        workers[0].Send((Signal)signal);

        Assert.Equal(Messages, (await Heard(distributor))["done"].GetInt32());
        await distributor.Until(
            () => workers.SelectMany(worker => worker.Output.Lines).Where(Numbered.Is).Distinct().Count() == Messages, "every message to be worked on");
    }

    private static async Task<Dictionary<string, JsonElement>> Heard(Peer distributor) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(await distributor.Prints(line => line.StartsWith('{'), "its end"))!;

    private ZmqPeer Distributor(string side, int port, int workers, int messages = Messages, int leaving = 0) =>
        ZmqScript("distributor.py", side, $"tcp://127.0.0.1:{port}", $"{messages}", "--workers", $"{workers}", "--leaving", $"{leaving}");

    private RouterProcess Worker(string side, int port) => RunNode($$"""
        router {
          inputs.work { type = zeromq, {{side}} = "tcp://127.0.0.1:{{port}}", socket-type = pull, delivery = at-least-once, to = [out] }
          outputs.out { type = stdout }
        }
        """);
}
