using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.Distribution;

/// <summary>A ZeroMQ input that answers for each message.</summary>
public class WorkerTests
{
    [Fact]
    public async Task Introduces_itself_and_answers_when_the_whole_chain_is_done()
    {
        await using var distributor = ScriptedDistributor.Bound();
        var gate = new Gate();
        await using var node = await Zmq.StartAsync(Worker(distributor, window: 17), gate.Output());
        Assert.Equal(17u, (await distributor.WelcomeAsync()).Window);

        distributor.Deliver(5, "{}");
        await node.HoldsAsync("outputs/sink", 1);
        Assert.False(distributor.HasHeard);
        gate.Open();

        Assert.Equal(new() { [5] = "done" }, await distributor.AnswersAsync(1));
    }

    [Fact]
    public async Task Works_for_distributors_that_connect_to_it()
    {
        await using var node = await Zmq.StartAsync(Zmq.Input(new ZeroMqInput.Options
        {
            SocketType = ReceiverSocket.Pull,
            Delivery = DeliveryMode.AtLeastOnce,
            Bind = [Zmq.AnyPort],
        }));
        await using var first = ScriptedDistributor.Connected(node.Endpoint());
        await using var second = ScriptedDistributor.Connected(node.Endpoint());
        foreach (var distributor in new[] { first, second })
        {
            await distributor.WelcomeAsync();
            distributor.Deliver(1, "{}");
            Assert.Equal(new() { [1] = "done" }, await distributor.AnswersAsync(1));
        }
    }

    [Fact]
    public async Task Brings_all_frames_and_says_which_delivery_it_is()
    {
        await using var distributor = ScriptedDistributor.Bound();
        var seen = new List<MessageDelivery?>();
        await using var node = await Zmq.StartAsync(Worker(distributor), ScriptedFilter.Of(message =>
        {
            seen.Add(message.Delivery);
            return message;
        }));
        await distributor.WelcomeAsync();

        var message = new Message("{}"u8.ToArray(), MessageFormat.Bytes, ["a"u8.ToArray(), Array.Empty<byte>()]);
        distributor.Say(LinkCodec.ToMessage(new LinkWord.Deliver(ScriptedDistributor.Session, 1, 3, "id"), message));

        await distributor.AnswersAsync(1);
        var received = Assert.Single(node.Recorded["outputs.sink"]);
        Assert.Equal(distributor.Endpoint, received.Peer?.Address);
        Assert.Equal(["a", ""], received.LeadingFrames.Select(frame => System.Text.Encoding.UTF8.GetString(frame.Span)));
        Assert.Equal("{}", received.ToString());
        Assert.Equal([new MessageDelivery("id", 3)], seen);
    }

    [Fact]
    public async Task Says_of_each_message_what_became_of_it()
    {
        await using var distributor = ScriptedDistributor.Bound();
        await using var node = await Zmq.StartAsync(
            Worker(distributor),
            ScriptedFilter.Of(message => (int?)message["n"] switch
            {
                1 => throw new InvalidOperationException("not this one"),
                2 => null,
                _ => message,
            }));
        await distributor.WelcomeAsync();

        distributor.Deliver(10, Some.Text(0), Some.Text(1), Some.Text(2), "{", Some.Text(4));

        var answers = await distributor.AnswersAsync(5);
        Assert.Equal("done", answers[10]);
        Assert.Equal("not this one", answers[11]);
        Assert.Equal("done", answers[12]);
        Assert.Contains("ends too early", answers[13]);
        Assert.Equal("done", answers[14]);
        await node.SinkAsync(2);
    }

    [Fact]
    public async Task Says_that_it_failed_on_what_its_policy_drops_so_that_it_does_not_come_again_for_ever()
    {
        await using var distributor = ScriptedDistributor.Bound();
        var gate = new Gate();
        await using var node = await Zmq.StartAsync(Worker(distributor), gate.Output().Bounded(1, Overflow.DropOldest));
        await distributor.WelcomeAsync();
        distributor.Deliver(1, "{}");
        await node.HoldsAsync("outputs/sink", 1);

        distributor.Deliver(2, "{}");
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Queued == 2);
        distributor.Deliver(3, "{}");

        Assert.Equal(new() { [2] = DropReasons.Evicted }, await distributor.AnswersAsync(1));
        gate.Open();
        Assert.Equal(new() { [1] = "done", [3] = "done" }, await distributor.AnswersAsync(2));
    }

    [Fact]
    public async Task Keeps_what_its_window_allows_although_its_mailbox_is_smaller()
    {
        await using var distributor = ScriptedDistributor.Bound();
        var gate = new Gate();
        await using var node = await Zmq.StartAsync(Worker(distributor, window: 1000).Bounded(1, Overflow.Wait), gate.Output().Bounded(1, Overflow.Wait));
        await distributor.WelcomeAsync();

        distributor.Deliver(1, [.. Some.Texts(1, 1000)]);
        await Eventually.IsTrueAsync(() => node["inputs.in"].In == 1000);
        gate.Open();

        var answers = await distributor.AnswersAsync(1000);
        Assert.All(answers.Values, answer => Assert.Equal("done", answer));
        Assert.Equal(Enumerable.Range(1, 1000).Select(tag => (ulong)tag), answers.Keys.Order());
        Assert.Equal(Some.Texts(1, 1000), gate.Taken);
    }

    [Fact]
    public async Task Ends_the_link_to_a_distributor_that_sends_more_than_its_window()
    {
        await using var distributor = ScriptedDistributor.Bound();
        var gate = new Gate();
        await using var node = await Zmq.StartAsync(Worker(distributor, window: 2), gate.Output());
        await distributor.WelcomeAsync();

        distributor.Deliver(1, "{}", "{}", "{}");

        await distributor.EndAsync();
        await node.LogsAsync("more than 2 messages at a time");
        await node.LogsAsync("not answered for, which it gives to another: 2");
        gate.Open();
    }

    [Theory]
    [InlineData("no word", new byte[] { 0x99 })]
    [InlineData("no word", new byte[] { 0x82 })]
    [InlineData("Hello at the wrong time", new byte[] { 1, 1, 0, 0, 0, 1 })]
    [InlineData("Welcome at the wrong time", new byte[] { 0x81, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 9 })]
    [InlineData("refuses this worker: too many", new byte[] { 0x87, (byte)'t', (byte)'o', (byte)'o', (byte)' ', (byte)'m', (byte)'a', (byte)'n', (byte)'y' })]
    public async Task Ends_the_link_to_who_breaks_the_protocol_and_tries_again(string line, byte[] bytes)
    {
        await using var distributor = ScriptedDistributor.Bound();
        await using var node = await Zmq.StartAsync(Worker(distributor));
        await distributor.WelcomeAsync();

        distributor.Say(Message.FromBytes(bytes));

        await distributor.EndAsync();
        await node.LogsAsync(line);
        var again = distributor.WelcomeAsync();
        await Eventually.IsTrueAsync(() => again.IsCompleted, node.Clock, TimeSpan.FromMilliseconds(50));
        await again;
        distributor.Deliver(1, "{}");
        await distributor.AnswersAsync(1);
    }

    [Fact]
    public async Task Takes_no_message_before_it_is_welcome_nor_one_of_another_session()
    {
        await using var distributor = ScriptedDistributor.Bound();
        await using var node = await Zmq.StartAsync(Worker(distributor));
        await distributor.MeetAsync();
        distributor.Say(ScriptedDistributor.Delivery(1, "{}"));
        await distributor.EndAsync();

        var again = distributor.WelcomeAsync();
        await Eventually.IsTrueAsync(() => again.IsCompleted, node.Clock, TimeSpan.FromMilliseconds(50));
        await again;
        distributor.Say(ScriptedDistributor.Delivery(1, "{}", session: 1));
        await distributor.EndAsync();

        Assert.Equal(0, node["inputs.in"].In);
    }

    [Fact]
    public async Task Says_that_it_lives_while_a_filter_is_stuck()
    {
        await using var distributor = ScriptedDistributor.Bound();
        var stuck = new GateFilter.Options();
        await using var node = await Zmq.StartAsync(Worker(distributor), Some.Component<GateFilter>("stuck", stuck));
        await distributor.WelcomeAsync();
        distributor.Deliver(1, "{}");
        await Eventually.IsTrueAsync(() => node["filters.stuck"] is { In: 1, Out: 0 });

        for (var i = 0; i < 10; i++)
        {
            node.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.IsType<LinkWord.WorkerPing>(await distributor.HearAsync());
            distributor.Say(new LinkWord.DistributorPing());
            await node.HeardAsync(distributor);
        }

        stuck.Gate.Set();
        await distributor.AnswersAsync(1);
    }

    [Fact]
    public async Task Leaves_a_distributor_that_is_silent()
    {
        await using var distributor = ScriptedDistributor.Bound();
        await using var node = await Zmq.StartAsync(Worker(distributor));
        await distributor.WelcomeAsync();
        distributor.Deliver(1, "{}");
        await distributor.AnswersAsync(1);

        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<LinkWord.WorkerPing>(await distributor.HearAsync());
        node.Clock.Advance(TimeSpan.FromSeconds(5));

        await distributor.EndAsync();
        await node.LogsAsync("was silent");
    }

    [Fact]
    public async Task A_stop_says_so_and_still_answers_for_everything()
    {
        await using var distributor = ScriptedDistributor.Bound();
        var gate = new Gate();
        await using var node = await Zmq.StartAsync(Worker(distributor), gate.Output());
        await distributor.WelcomeAsync();
        distributor.Deliver(1, "{}", "{}");
        await node.HoldsAsync("outputs/sink", 2);

        var stopping = node.StopAsync();
        Assert.IsType<LinkWord.Leaving>(await distributor.HearAsync());
        distributor.Deliver(3, "{}");
        Assert.Equal(new() { [3] = "return" }, await distributor.AnswersAsync(1));
        gate.Open();

        Assert.Equal(new() { [1] = "done", [2] = "done" }, await distributor.AnswersAsync(2));
        Assert.True((await stopping).Balanced);
        Assert.Contains("closed the connection", await distributor.EndAsync());
    }

    [Fact]
    public async Task A_stop_that_takes_too_long_returns_what_is_left()
    {
        await using var distributor = ScriptedDistributor.Bound();
        await using var node = await Zmq.StartAsync(Worker(distributor), new Gate().Output());
        await distributor.WelcomeAsync();
        distributor.Deliver(1, "{}", "{}");
        await node.HoldsAsync("outputs/sink", 2);

        await node.StopWhileTimePassesAsync(new CancellationToken(canceled: true));

        Assert.Equal(new() { [1] = "return", [2] = "return" }, await distributor.AnswersAsync(2));
    }

    [Fact]
    public async Task A_filter_that_restarts_costs_only_the_message_that_it_failed_on()
    {
        await using var distributor = ScriptedDistributor.Bound();
        await using var node = await Zmq.StartAsync(Worker(distributor, window: 300), ScriptedFilter.Throwing(n => n % 10 == 0));
        await distributor.WelcomeAsync();

        distributor.Deliver(1, [.. Some.Texts(1, 300)]);

        var answers = await distributor.AnswersAsync(300);
        Assert.All(answers, answer => Assert.Equal(answer.Key % 10 == 0 ? "no" : "done", answer.Value));
        Assert.Equal(270, (await node.SinkAsync(270)).Count);
    }

    [Fact]
    public async Task An_input_that_restarts_answers_for_what_it_had_and_comes_back()
    {
        await using var distributor = ScriptedDistributor.Bound();
        var gate = new Gate();
        await using var node = await Zmq.StartAsync(Worker(distributor), gate.Output());
        await distributor.WelcomeAsync();
        distributor.Deliver(1, "{}", "{}");
        await node.HoldsAsync("outputs/sink", 2);

        node.System.ActorSelection("/user/router/inputs/in").Tell(Kill.Instance);
        Assert.IsType<LinkWord.Leaving>(await distributor.HearAsync());
        gate.Open();

        Assert.Equal(new() { [1] = "done", [2] = "done" }, await distributor.AnswersAsync(2));
        await distributor.EndAsync();
        await distributor.WelcomeAsync();
        distributor.Deliver(3, "{}");
        Assert.Equal(new() { [3] = "done" }, await distributor.AnswersAsync(1));
    }

    [Fact]
    public async Task An_input_that_listens_keeps_its_port_over_a_restart()
    {
        await using var node = await Zmq.StartAsync(Zmq.Input(new ZeroMqInput.Options
        {
            SocketType = ReceiverSocket.Pull,
            Delivery = DeliveryMode.AtLeastOnce,
            Bind = [Zmq.AnyPort],
        }));
        var endpoint = node.Endpoint();
        await using var distributor = ScriptedDistributor.Connected(endpoint);
        await distributor.WelcomeAsync();
        distributor.Deliver(1, "{}");
        await distributor.AnswersAsync(1);

        node.System.ActorSelection("/user/router/inputs/in").Tell(Kill.Instance);
        await distributor.EndAsync();
        var again = distributor.WelcomeAsync();
        await Eventually.IsTrueAsync(() => again.IsCompleted, distributor.Probe.Clock, TimeSpan.FromMilliseconds(50));
        await again;

        Assert.Equal(endpoint, node.Endpoint());
        distributor.Deliver(2, "{}");
        Assert.Equal(new() { [2] = "done" }, await distributor.AnswersAsync(1));
    }

    [Fact]
    public async Task What_was_not_answered_when_the_link_ended_is_never_answered_over_another()
    {
        await using var distributor = ScriptedDistributor.Bound();
        var gate = new Gate();
        await using var node = await Zmq.StartAsync(Worker(distributor), gate.Output());
        await distributor.WelcomeAsync();
        distributor.Deliver(1, "{}");
        await node.HoldsAsync("outputs/sink", 1);

        distributor.Disconnect();
        await distributor.EndAsync();
        var again = distributor.WelcomeAsync();
        await Eventually.IsTrueAsync(() => again.IsCompleted, node.Clock, TimeSpan.FromMilliseconds(50));
        await again;
        gate.Open();
        distributor.Deliver(2, "{}");

        Assert.Equal(new() { [2] = "done" }, await distributor.AnswersAsync(1));
    }

    [Fact]
    public async Task A_node_has_not_stopped_before_its_answers_have_left()
    {
        var peers = new FakePeers();
        await using var node = await TestNode.StartAsync(Some.Chain(Worker("tcp://127.0.0.1:1")), services => services.AddSingleton<IPeerEngine>(peers).AddComponentServices());
        using var mayAnswer = new ManualResetEventSlim();
        var distributor = peers.Connect("tcp://127.0.0.1:1");
        distributor.OnSend = mayAnswer.Wait;
        distributor.Say(LinkCodec.ToMessage(new LinkWord.Welcome(LinkWord.Version, ScriptedDistributor.Session, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5))));
        distributor.Say(ScriptedDistributor.Delivery(1, "{}"));
        await node.SinkAsync(1);

        var stopping = node.StopAsync();
        await Eventually.IsTrueAsync(() => node.CellOf("inputs/in").HasEnded && node.CellOf("outputs/sink").HasEnded);
        Assert.False(stopping.IsCompleted);
        Assert.False(distributor.HasGone);
        mayAnswer.Set();

        await stopping;
        Assert.True(distributor.HasGone);
    }

    private static ComponentDefinition Worker(ScriptedDistributor distributor, int window = 256) => Worker(distributor.Endpoint, window);

    private static ComponentDefinition Worker(string distributor, int window = 256) => Zmq.Input(new ZeroMqInput.Options
    {
        SocketType = ReceiverSocket.Pull,
        Delivery = DeliveryMode.AtLeastOnce,
        Window = window,
        Connect = [distributor],
    });
}

file static class WorkerNode
{
    public static Task LogsAsync(this TestNode node, string text) =>
        Eventually.IsTrueAsync(() => node.Log.Lines.Any(line => line.Text.Contains(text)), () => string.Join("\n", node.Log.Lines));

    /// <summary>Waits until the worker has heard what was said: it answers to a message that came after it.</summary>
    public static async Task HeardAsync(this TestNode node, ScriptedDistributor distributor)
    {
        var before = node["inputs.in"].In;
        distributor.Deliver((ulong)before + 1000, "{}");
        await Eventually.IsTrueAsync(() => node["inputs.in"].In == before + 1);
    }
}
