namespace MessageRouter.InteropTests;

/// <summary>Receivers that do not keep up, and senders that have to be held back.</summary>
public sealed class HighWaterMarkTests(ITestOutputHelper output) : InteropTest(output)
{
    [SkippableFact]
    public async Task A_sender_is_held_back_while_no_worker_takes_anything()
    {
        Requires.PyZmq();
        const int tooMany = 200_000;
        var (from, to) = (Ports.Free(), Ports.Free());
        var router = RunNode($$"""
            router {
              mailbox { capacity = 100, overflow = wait }
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{from}}", socket-type = pull, high-water-mark = 100, to = [out] }
              outputs.out { type = zeromq, bind = "tcp://127.0.0.1:{{to}}", socket-type = push, high-water-mark = 100 }
            }
            """);
        var sender = Zmq("PUSH", "connect", from, "--hwm", "100");
        await sender.IsConnected();

        var taken = await sender.FloodUntilFullAsync(tooMany, size: 1000);
        var worker = Zmq("PULL", "connect", to, "--quiet");
        await worker.HasReceived(taken);

        Assert.InRange(taken, 100, tooMany - 1);
        var ledger = await router.Stops();
        Assert.Equal(taken, ledger["outputs.out"].Out);
        Assert.Equal(0, ledger["outputs.out"].DroppedInAll);
    }

    [SkippableFact]
    public async Task What_a_stopped_worker_cannot_take_is_dropped_and_counted()
    {
        Requires.PyZmq();
        const int sent = 100_000;
        var (from, to) = (Ports.Free(), Ports.Free());
        var worker = Zmq("PULL", "bind", to, "--quiet", "--hwm", "100");
        var router = RunNode($$"""
            router {
              mailbox { capacity = 100, overflow = drop-newest }
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{from}}", socket-type = pull, to = [out] }
              outputs.out {
                type = zeromq, connect = "tcp://127.0.0.1:{{to}}", socket-type = push, high-water-mark = 100, linger = 30s
                mailbox { capacity = 100, overflow = drop-newest }
              }
            }
            """);
        await worker.IsConnected();
        worker.Send(Signal.Stop);
        var sender = Zmq("PUSH", "connect", from);

        Assert.Equal(sent, await sender.FloodUntilFullAsync(sent, size: 1000));
        router.Send(Signal.Terminate);
        worker.Send(Signal.Continue);

        var ledger = await router.Ends();
        var delivered = ledger["outputs.out"];
        Assert.True(delivered.DroppedInAll > 0, $"Nothing was dropped: {delivered}");
        await worker.HasReceived((int)delivered.Out);
    }

    [SkippableTheory]
    [InlineData("native")]
    [InlineData("netmq")]
    public async Task A_subscriber_that_is_to_wait_leaves_the_loss_to_its_publisher(string engine)
    {
        Requires.PyZmq();
        const int sent = 50_000;
        var (from, to) = (Ports.Free(), Ports.Free());
        var publisher = Zmq("XPUB", "bind", from, "--hwm", "100");
        var router = RunNode($$"""
            router {
              inputs.in {
                type = zeromq, connect = "tcp://127.0.0.1:{{from}}", engine = {{engine}}, high-water-mark = 100, to = [out]
                mailbox { capacity = 100, overflow = wait }
              }
              outputs.out { type = zeromq, bind = "tcp://127.0.0.1:{{to}}", socket-type = push, high-water-mark = 100, mailbox { capacity = 100 } }
            }
            """);
        await publisher.IsSubscribed();

        await publisher.FloodAsync(sent, size: 1000);
        await publisher.Reports(line => line.StartsWith("sent ", StringComparison.Ordinal), "the flood to end");
        var worker = Zmq("PULL", "connect", to, "--quiet");
        await worker.Until(async () => await worker.CountAsync() > 100, "what was kept to be received");

        var ledger = await router.Stops();
        Assert.InRange(ledger["inputs.in"].In, 200, sent - 1);
        Assert.Equal(0, ledger["inputs.in"].DroppedInAll + ledger["outputs.out"].DroppedInAll);
        Assert.Equal(ledger["inputs.in"].In, ledger["outputs.out"].Out);
        await worker.HasReceived((int)ledger["outputs.out"].Out);
    }

    [SkippableFact]
    public async Task A_stopped_subscriber_delays_no_other()
    {
        Requires.PyZmq();
        const int sent = 20_000;
        var port = Ports.Free();
        var router = RunNode($$"""
            router {
              inputs.in { type = stdin, to = [out] }
              outputs.out { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", high-water-mark = 1000000, mailbox { overflow = wait } }
            }
            """);
        await router.Listens(port);
        var stopped = Zmq("SUB", "connect", port);
        var running = Zmq("SUB", "connect", port);
        foreach (var subscriber in new[] { stopped, running })
        {
            await Conversation.Greet(router, () => subscriber.Output.Lines.Length > 0, subscriber);
        }

        stopped.Send(Signal.Stop);
        await router.WriteAsync(Numbered.Lines(1, sent));

        await running.Prints(line => line.Contains("\\\"n\\\"", StringComparison.Ordinal), sent, "every message");
    }
}
