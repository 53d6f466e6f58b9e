using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Hosting;
using MessageRouter.Mailboxes;
using MessageRouter.Routing;
using MessageRouter.ZeroMq;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.Tests.ZeroMq;

public class ZeroMqOptionsTests
{
    private static readonly string[] Bound = ["tcp://*:5222"];

    [Fact]
    public void Are_valid_with_an_endpoint_and_the_defaults()
    {
        Assert.Empty(Problems(new ZeroMqInput.Options { Bind = Bound }));
        Assert.Empty(Problems(new ZeroMqOutput.Options { Connect = ["tcp://a:1", "tcp://b:1"] }));
    }

    [Fact]
    public void Need_an_endpoint() => Says(new ZeroMqInput.Options(), "Bind", "needs an endpoint");

    [Fact]
    public void Name_the_endpoint_that_is_wrong()
    {
        Says(new ZeroMqInput.Options { Bind = ["tcp://"] }, "Bind", "\"tcp://\" needs a host and a port, as in tcp://127.0.0.1:5558");
        Says(new ZeroMqOutput.Options { Connect = ["tcp://a:1", "tcp://b"] }, "Connect", "\"tcp://b\" needs a port");
        Says(new ZeroMqOutput.Options { Bind = ["tcp://*:5222", "tcp://127.0.0.1:5222"] }, "Bind", "there twice");
        Says(new ZeroMqOutput.Options { Bind = ["tcp://127.0.0.1:0", "tcp://127.0.0.1:0"] }, "Bind", "there twice");
    }

    [Fact]
    public void Refuse_values_that_mean_nothing()
    {
        Says(new ZeroMqInput.Options { Bind = Bound, HighWaterMark = -1 }, "HighWaterMark", "0, for no limit");
        Says(new ZeroMqInput.Options { Bind = Bound, MaxMessageSize = 0 }, "MaxMessageSize", "from 1B");
        Says(new ZeroMqInput.Options { Bind = Bound, Linger = Timeout.InfiniteTimeSpan }, "Linger", "negative");
        Says(new ZeroMqInput.Options { Bind = Bound, Subscribe = [] }, "Subscribe", "[\"\"]");
        Says(new ZeroMqInput.Options { Bind = Bound, SocketType = ReceiverSocket.Pull, Subscribe = ["a"] }, "Subscribe", "socket-type = sub");
        Says(new ZeroMqOutput.Options { Bind = Bound, SubscribeDelay = TimeSpan.FromSeconds(-1) }, "SubscribeDelay", "negative");
        Says(new ReconnectOptions { Min = TimeSpan.FromSeconds(9) }, "Max", "less than `min`");
        Says(new HeartbeatOptions { Timeout = TimeSpan.Zero }, "Timeout", "at least 1ms");
    }

    [Fact]
    public void Answer_for_messages_only_where_each_goes_to_one_receiver()
    {
        var worker = new ZeroMqInput.Options { Connect = ["tcp://a:1"], SocketType = ReceiverSocket.Pull, Delivery = DeliveryMode.AtLeastOnce, Window = 10 };
        Assert.Empty(Problems(worker));
        Says(worker with { SocketType = ReceiverSocket.Sub }, "Delivery", "socket-type = pull");
        Says(worker with { Connect = ["inproc://a"] }, "Connect", "tcp://");
        Says(worker with { Delivery = DeliveryMode.AtMostOnce }, "Window", "delivery = at-least-once");
        Says(worker with { Window = 0 }, "Window", "from 1");
    }

    [Fact]
    public void Say_that_only_pull_can_pause()
    {
        Assert.True(((IPausableInput)new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull }).CanPause);
        Assert.False(((IPausableInput)new ZeroMqInput.Options()).CanPause);
    }

    [Theory]
    [InlineData("", "socket-type = sub", false)]
    [InlineData("", "socket-type = sub, mailbox { overflow = wait }", true)]
    [InlineData("", "socket-type = sub, mailbox { overflow = drop-oldest }", false)]
    [InlineData("mailbox { overflow = wait }", "socket-type = sub", false)]
    [InlineData("mailbox { overflow = wait }", "socket-type = sub, mailbox { capacity = 5 }", false)]
    [InlineData("mailbox { overflow = drop-newest }", "socket-type = sub, mailbox { overflow = wait }", true)]
    [InlineData("mailbox { overflow = wait }", "socket-type = pull", true)]
    public void A_subscriber_waits_only_where_its_own_block_says_so_and_then_what_it_feeds_waits_too(string router, string input, bool waits)
    {
        var text = $$"""
            router {
              {{router}}
              inputs.in { type = zeromq, connect = "tcp://127.0.0.1:1", {{input}}, to = out }
              outputs.out { type = "null" }
            }
            """;
        var definition = new RouterBuilder().FromText(text).Build();

        var topology = new Topology(definition, NullLoggerFactory.Instance, TimeProvider.System);

        Assert.Equal(waits, topology.Components[0].Intake!.Edge.Overflow == Overflow.Wait);
        if (router.Length == 0) Assert.Equal(waits, topology.Components[0].Outbox.Edges[0].Overflow == Overflow.Wait);
    }

    private static List<ValidationResult> Problems(object options)
    {
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        return problems;
    }

    private static void Says(object options, string member, string text)
    {
        var problem = Assert.Single(Problems(options));
        Assert.Equal(member, problem.MemberNames.First());
        Assert.Contains(text, problem.ErrorMessage);
    }
}
