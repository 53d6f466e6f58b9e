namespace MessageRouter.InteropTests;

public sealed class DistributorTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int Each = 250;

    [SkippableFact]
    public async Task A_configured_distributor_gives_every_worker_its_even_share()
    {
        Requires.Perl();
        var (from, to) = (Ports.Free(), Ports.Free());
        var distributor = RunNode($$"""
            router {
              inputs.logs { type = zeromq, bind = "tcp://*:{{from}}", socket-type = sub, to = [workers] }
              outputs.workers { type = zeromq, bind = "tcp://*:{{to}}", socket-type = push }
            }
            """);

        await AssertEvenShares(distributor, from, to);

        var ledger = await distributor.Stops();
        Assert.Equal(ledger["inputs.logs"].In, ledger["outputs.workers"].Out);
    }

    [SkippableFact]
    public async Task The_original_distributor_command_gives_every_worker_its_even_share()
    {
        Requires.Perl();
        var (from, to) = (Ports.Free(), Ports.Free());
        var distributor = MessageRouter(
            "--input", "ZeroMQ", "--input_options", Wiring.Options(binds: true, from),
            "--output", "ZeroMQ", "--output_options", Wiring.Options(binds: true, to, "PUSH"));

        await AssertEvenShares(distributor, from, to);

        distributor.Send(Signal.Terminate);
        Assert.Equal(0, await distributor.Exits());
    }

    private async Task AssertEvenShares(RouterProcess distributor, int from, int to)
    {
        await distributor.Listens(from);
        await distributor.Listens(to);
        Peer[] workers =
        [
            MessagePass(Wiring.Receiving("PUSH/PULL", binds: false, to)),
            MessageRouter(Wiring.Receiving("PUSH/PULL", binds: false, to)),
            MessagePass(Wiring.Receiving("PUSH/PULL", binds: false, to)),
            MessageRouter(Wiring.Receiving("PUSH/PULL", binds: false, to)),
        ];
        var logger = MessagePass(Wiring.Sending("PUB/SUB", binds: false, from));
        foreach (var worker in workers)
        {
            await Conversation.Greet(logger, () => worker.Output.Lines.Length > 0, distributor);
        }

        var lines = Numbered.Lines(1, Each * workers.Length);
        await logger.WriteAsync(lines);

        string[][] Shares() => [.. workers.Select(worker => worker.Output.Lines.Where(Numbered.Is).ToArray())];
        await distributor.Until(() => Shares().Sum(share => share.Length) >= lines.Length, "every line to be worked on");
        Assert.Equal(lines.Order(), Shares().SelectMany(share => share).Order());
        Assert.All(Shares(), share => Assert.InRange(share.Length, Each * 9 / 10, Each * 11 / 10));
    }
}
