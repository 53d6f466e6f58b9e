using Akka.Actor;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.ZeroMq;

public class RestartTests
{
    [Fact]
    public async Task An_output_keeps_its_port_and_what_it_had_not_sent()
    {
        var source = new ProbeSource();
        await using var sender = await Zmq.StartAsync(source.Input(), Zmq.Push(bind: Zmq.AnyPort));
        var endpoint = sender.Endpoint();
        source.SendNumbers(1, 500);
        await Zmq.UntilAsync(() => sender["outputs.out"].In == 500);

        await RestartAsync(sender, "outputs", "out", times: 3);
        Assert.Equal(endpoint, sender.Endpoint());

        await using var receiver = await Zmq.StartAsync(Zmq.Pull(connect: endpoint));
        await Zmq.UntilAsync(() =>
        {
            // The pauses between restarts are by this clock.
            sender.Clock.Advance(TimeSpan.FromSeconds(1));
            return receiver.Recorded["outputs.sink"].Count == 500;
        });
        Assert.Equal(Enumerable.Range(1, 500).Select(n => $$"""{"n":{{n}}}"""), await receiver.SinkAsync(500));
    }

    [Fact]
    public async Task An_output_neither_loses_nor_repeats_what_it_has_sent()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var sender = await Zmq.StartAsync(source.Input(), Zmq.Push(connect: receiver.Endpoint()));
        var sending = Task.Run(async () =>
        {
            for (var from = 1; from <= 20_000; from += 50) await source.Intake.AddAsync(Some.Batch(from, 50));
        });
        await receiver.SinkAsync(1000);
        await RestartAsync(sender, "outputs", "out", times: 1);
        await sending.WaitAsync(TestNode.Patience);

        var received = await receiver.SinkAsync(20_000);
        Assert.Equal(20_000, received.Distinct().Count());
        Assert.Equal(20_000, received.Count);
    }

    [Fact]
    public async Task An_input_keeps_its_port_and_its_peers_find_it_again()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var sender = await Zmq.StartAsync(source.Input(), Zmq.Push(connect: receiver.Endpoint()));
        source.SendNumbers(1, 10);
        await receiver.SinkAsync(10);

        await RestartAsync(receiver, "inputs", "in", times: 1);
        do
        {
            source.SendNumbers(11, 10);
            await Zmq.UntilAsync(() => sender["outputs.out"].Queued == 0);
        }
        while (receiver.Recorded["outputs.sink"].Count < 20);
    }

    private static async Task RestartAsync(TestNode node, string section, string name, int times)
    {
        var component = await node.System.ActorSelection($"/user/router/{section}/{name}").ResolveOne(TestNode.Patience);
        for (var i = 1; i <= times; i++)
        {
            component.Tell(Kill.Instance);
            await Zmq.UntilAsync(() => node[$"{section}.{name}"].Restarts == i);
        }
    }
}
