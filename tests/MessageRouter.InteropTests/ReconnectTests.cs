namespace MessageRouter.InteropTests;

/// <summary>Peers that go away and come back, on either side of the connection.</summary>
public sealed class ReconnectTests(ITestOutputHelper output) : InteropTest(output)
{
    [SkippableTheory]
    [InlineData("bind", "connect")]
    [InlineData("connect", "bind")]
    public async Task A_restarted_sender_is_heard_again(string senderSide, string routerSide)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var router = MessageRouter("run", Node($$"""
            router {
              inputs.in { type = zeromq, {{routerSide}} = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = [out] }
              outputs.out { type = stdout }
            }
            """));

        for (var life = 1; life <= 3; life++)
        {
            var expected = Numbered.Line(life);
            var sender = Zmq("PUSH", senderSide, port);
            await sender.SendAsync(expected);
            await router.Prints(line => line == expected, $"the message of life {life}");
            await Die(sender);
        }
    }

    [SkippableTheory]
    [InlineData("bind", "connect")]
    [InlineData("connect", "bind")]
    public async Task A_restarted_publisher_is_subscribed_to_again(string publisherSide, string routerSide)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var router = MessageRouter("run", Node($$"""
            router {
              inputs.in { type = zeromq, {{routerSide}} = "tcp://127.0.0.1:{{port}}", subscribe = ["{"], to = [out] }
              outputs.out { type = stdout }
            }
            """));

        for (var life = 1; life <= 3; life++)
        {
            var expected = Numbered.Line(life);
            var publisher = Zmq("XPUB", publisherSide, port);
            await publisher.IsSubscribed("{");
            await publisher.SendAsync(expected);
            await router.Prints(line => line == expected, $"the message of life {life}");
            await Die(publisher);
        }
    }

    [SkippableTheory]
    [InlineData("PULL", "push", "bind", "connect")]
    [InlineData("PULL", "push", "connect", "bind")]
    [InlineData("SUB", "pub", "bind", "connect")]
    [InlineData("SUB", "pub", "connect", "bind")]
    public async Task A_restarted_receiver_is_served_again(string receiverType, string routerType, string receiverSide, string routerSide)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var router = MessageRouter("run", Node($$"""
            router {
              inputs.in { type = stdin, to = [out] }
              outputs.out { type = zeromq, {{routerSide}} = "tcp://127.0.0.1:{{port}}", socket-type = {{routerType}} }
            }
            """));

        for (var life = 1; life <= 3; life++)
        {
            var greeting = $$"""{"life":{{life}}}""";
            var receiver = Zmq(receiverType, receiverSide, port);
            await Conversation.Greet(router, () => receiver.Output.Lines.Any(line => line.Contains($"{life}", StringComparison.Ordinal)), receiver, greeting);
            await Die(receiver);
        }
    }

    [SkippableFact]
    public async Task Messages_sent_while_the_router_is_away_wait_for_it()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        RouterProcess Start() => MessageRouter("run", Node($$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = [out] }
              outputs.out { type = file, path = out.log }
            }
            """));
        var sender = Zmq("PUSH", "connect", port);

        var router = Start();
        await sender.FloodAsync(100);
        await router.Until(() => Files.Lines("out.log").Count() == 100, "the first messages");
        router.Send(Signal.Terminate);
        Assert.Equal(0, await router.Exits());
        await sender.Reports(line => line == "disconnected", "the sender to see that the router is away");

        await sender.FloodAsync(100);
        await sender.Reports(line => line == "sent 100", "the sender to have sent");
        router = Start();
        await router.Until(() => Files.Lines("out.log").Count() == 200, "the messages sent meanwhile");
    }

    private static async Task Die(ZmqPeer peer)
    {
        peer.Send(Signal.Kill);
        await peer.Exits();
    }

    private string Node(string configuration) => Files.Write("node.conf", configuration);
}
