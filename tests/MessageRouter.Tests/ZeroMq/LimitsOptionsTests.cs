using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Tests.ZeroMq;

public class LimitsOptionsTests
{
    [Fact]
    public void The_defaults_are_those_of_the_engine_in_every_block() => Assert.Equivalent(ZmtpLimits.Default, new LimitsOptions().ForPeers, strict: true);

    [Fact]
    public void All_that_is_written_gets_to_the_engine()
    {
        var limits = Read("""
            limits {
              connections = 1, connections-per-address = 2, connections-per-second = 3, handshakes = 4, handshake-time = 5s, frames = 6, message-time = 7s, messages-per-second = 8, bytes-per-second = 9KiB
              over-rate = drop, subscriptions = 10, subscription-bytes = 11KiB, all-subscription-bytes = 12KiB, allow-from = ["10.0.0.0/8", "fd00::1"], deny-from = "10.66.0.0/16"
            }
            """).ForPeers;

        Assert.Equal((1, 2, 3, 4, 6, 8, 10), (limits.Connections, limits.ConnectionsPerAddress, limits.ConnectionsPerSecond, limits.Handshakes, limits.Frames, limits.MessagesPerSecond, limits.Subscriptions));
        Assert.Equal((9 << 10, 11 << 10, 12 << 10), (limits.BytesPerSecond, limits.SubscriptionBytes, limits.AllSubscriptionBytes));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(7), RateExcess.Drop), (limits.HandshakeTime, limits.MessageTime, limits.OverRate));
        Assert.Equal(["10.0.0.0/8", "fd00::1/128"], limits.AllowFrom.Select(network => network.ToString()));
        Assert.Equal(["10.66.0.0/16"], limits.DenyFrom.Select(network => network.ToString()));
    }

    [Theory]
    [InlineData("""limits.allow-from = ["10.0.0.0/8", "10.0.0.1/8"]""", "`limits` of input `in` (zeromq): `allow-from` \"10.0.0.1/8\" has bits behind the first 8, so it is not clear what is meant; write 10.0.0.0/8 for the network, or 10.0.0.1 for the one address", "\"10.0.0.1/8\"")]
    [InlineData("""limits.deny-from = "home" """, "`deny-from` \"home\" is no network; write one such as 10.0.0.0/8, or one address such as 10.0.0.7", "\"home\"")]
    [InlineData("""limits.deny-from = "0.0.0.0/0" """, "`deny-from` \"0.0.0.0/0\" denies everybody; name in `allow-from` who may connect, and leave it out", "\"0.0.0.0/0\"")]
    [InlineData("""limits { deny-from = "10.0.0.0/8", allow-from = ["127.0.0.0/8", "10.1.0.0/16"] }""", "`allow-from` \"10.1.0.0/16\" is denied as a whole by `deny-from`; remove it here or there", "\"10.1.0.0/16\"")]
    [InlineData("limits.connections = 0", "`connections` must be from 1 to 65000", "0")]
    [InlineData("limits.connections = 65001", "`connections` must be from 1 to 65000", "65001")]
    [InlineData("limits.connections-per-address = 0", "must be 1 or more; leave it out for its default", "0")]
    [InlineData("limits.connections-per-second = 0", "must be 1 or more; leave it out for its default", "0")]
    [InlineData("limits.handshakes = 0", "must be 1 or more", "0")]
    [InlineData("limits.handshake-time = 0s", "must be at least 1ms", "0s")]
    [InlineData("limits.message-time = 25d", "must be at most 24 days", "25d")]
    [InlineData("limits.frames = 0", "must be 1 or more", "0")]
    [InlineData("limits.messages-per-second = 0", "must be 1 or more; leave it out for no limit", "0")]
    [InlineData("limits.bytes-per-second = 0B", "must be 1 or more; leave it out for no limit", "0B")]
    [InlineData("limits.subscriptions = 0", "must be 1 or more", "0")]
    [InlineData("limits.over-rate = drop", "`over-rate` works only with `messages-per-second` or `bytes-per-second`; give one, or remove it", "drop")]
    [InlineData("limits.over-rate = block", "wait", "block")]
    [InlineData("limits.conections = 5", "unknown key `conections`", "conections")]
    [InlineData("""limits.allow-from = "10.0.0.0/8", bind = "ipc:///tmp/x" """, "`limits` has `allow-from`, which works only where tcp:// is bound; remove it", "\"10.0.0.0/8\"")]
    [InlineData("""limits.allow-from = "10.0.0.0/8", bind = [], connect = "tcp://10.0.0.1:1" """, "works only where tcp:// is bound", "\"10.0.0.0/8\"")]
    [InlineData("""limits { over-rate = drop, messages-per-second = 1 }, socket-type = pull, delivery = at-least-once""", "`over-rate = drop`, which works only on inputs with delivery = at-most-once", "drop")]
    [InlineData("limits.frames = 5, engine = netmq", "`limits` works only with engine = native: NetMQ hides its peers, and what they do cannot be limited; remove it", "limits")]
    [InlineData("""limits.frames = 5, bind = "inproc://a" """, "works only with engine = native and without inproc://", "limits")]
    public void What_cannot_be_meant_is_refused_where_it_stands(string keys, string problem, string at)
    {
        var text = $$"""router { inputs.in { type = zeromq, bind = "tcp://*:5222", to = out, {{keys}} }, outputs.out { type = null } }""";

        var error = Assert.Single(Assert.Throws<ConfigurationException>(() => NodeReader.Read(HoconReader.ReadText("node.conf", text), BuiltIns.Registry())).Diagnostics);

        Assert.Contains(problem, error.Message + error.Hint, StringComparison.Ordinal);
        Assert.StartsWith(at, text[(error.Span!.Column - 1)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("outputs.out { type = zeromq, bind = \"tcp://*:5223\", limits { over-rate = drop, messages-per-second = 1 } }")]
    [InlineData("outputs.out { type = distributor, bind = \"tcp://*:5223\", limits { over-rate = drop, messages-per-second = 1 } }")]
    public void Outputs_cannot_drop_what_they_do_not_receive(string output)
    {
        var text = $$"""router { inputs.in { type = stdin, to = out }, {{output}} }""";

        var error = Assert.Single(Assert.Throws<ConfigurationException>(() => NodeReader.Read(HoconReader.ReadText("node.conf", text), BuiltIns.Registry())).Diagnostics);

        Assert.Contains("works only on inputs", error.Message, StringComparison.Ordinal);
    }

    private static LimitsOptions Read(string limits)
    {
        var node = NodeReader.Read(HoconReader.ReadText("node.conf", $$"""router { inputs.in { type = zeromq, bind = "tcp://*:5222", to = out, {{limits}} }, outputs.out { type = null } }"""), BuiltIns.Registry());
        return ((ZeroMqInput.Options)node.Components[0].Options!).Limits;
    }
}
