using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.ZeroMq;

public class ZeroMqEndpointTests
{
    [Theory]
    [InlineData("tcp://127.0.0.1:5558", "tcp://127.0.0.1:5558")]
    [InlineData("tcp://*:5558", "tcp://*:5558")]
    [InlineData("tcp://*:0", "tcp://*:0")]
    [InlineData("tcp://*:*", "tcp://*:0")]
    [InlineData("tcp://0.0.0.0:65535", "tcp://0.0.0.0:65535")]
    [InlineData("tcp://[::1]:1", "tcp://[::1]:1")]
    [InlineData("tcp://[0:0:0:0:0:0:0:1]:1", "tcp://[::1]:1")]
    [InlineData("tcp://[::]:5558", "tcp://[::]:5558")]
    [InlineData("tcp://Log-Host.example.org:5558", "tcp://log-host.example.org:5558")]
    [InlineData("tcp://collector_1:05558", "tcp://collector_1:5558")]
    [InlineData("inproc://events", "inproc://events")]
    public void Reads_what_can_be_bound(string text, string normalised)
    {
        Assert.True(ZmtpEndpoint.TryParse(text, EndpointUse.Bind, out var endpoint, out _, inProcess: true));
        Assert.Equal(normalised, endpoint.ToString());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("tcp://", "needs a host and a port, as in tcp://127.0.0.1:5558")]
    [InlineData("127.0.0.1:5558", "has no scheme; write it as tcp://127.0.0.1:5558")]
    [InlineData("somehost", "has no scheme; write it as tcp://somehost:5558")]
    [InlineData("tcp:/host:1", "has no scheme")]
    [InlineData("://host:1", "no scheme before")]
    [InlineData("TCP://host:1", "capitals; write tcp://")]
    [InlineData("ipc://tmp/socket", "in full")]
    [InlineData("ipc://", "needs a path")]
    [InlineData("http://host:1", "`http`, which is not supported")]
    [InlineData("inproc://", "needs a name")]
    [InlineData("tcp://host", "needs a port, as in tcp://host:5558")]
    [InlineData("tcp://host:", "needs a port")]
    [InlineData("tcp://:5558", "needs a host before the port")]
    [InlineData("tcp://host:abc", "has the port `abc`")]
    [InlineData("tcp://host:65536", "from 1 to 65535")]
    [InlineData("tcp://host:-1", "from 1 to 65535")]
    [InlineData("tcp://host:99999999999", "from 1 to 65535")]
    [InlineData("tcp://host:5558/path", "from 1 to 65535")]
    [InlineData("tcp://host:0", "no port to connect to")]
    [InlineData("tcp://host:*", "no port to connect to")]
    [InlineData("tcp://*:5558", "not connect to")]
    [InlineData("tcp://0.0.0.0:5558", "not connect to")]
    [InlineData("tcp://[::]:5558", "not connect to")]
    [InlineData("tcp://::1:5558", "in brackets")]
    [InlineData("tcp://[::1:5558", "without its ]")]
    [InlineData("tcp://[::1]", "needs a port, as in tcp://[::1]:5558")]
    [InlineData("tcp://[host]:5558", "not an IPv6 address")]
    [InlineData("tcp://1.2.3:5558", "not an IPv4 address")]
    [InlineData("tcp://256.1.1.1:5558", "not an IPv4 address")]
    [InlineData("tcp://127.0.0.01:5558", "leading zeros")]
    [InlineData("tcp://ho$t:5558", "neither an address nor a host name")]
    [InlineData("tcp://a:1, tcp://b:1", "white space")]
    public void Says_what_is_wrong_with_what_cannot_be_connected_to(string text, string problem)
    {
        Assert.False(ZmtpEndpoint.TryParse(text, EndpointUse.Connect, out _, out var said, inProcess: true));
        Assert.Contains(problem, said);
    }

    [Theory]
    [InlineData("tcp://*:5222", "tcp://127.0.0.1:5222", true)]
    [InlineData("tcp://127.0.0.1:5222", "tcp://0.0.0.0:5222", true)]
    [InlineData("tcp://localhost:5222", "tcp://127.0.0.1:5222", true)]
    [InlineData("tcp://[::]:5222", "tcp://127.0.0.1:5222", true)]
    [InlineData("tcp://[::1]:5222", "tcp://[0::1]:5222", true)]
    [InlineData("inproc://a", "inproc://a", true)]
    [InlineData("tcp://*:5222", "tcp://[::1]:5222", false)]
    [InlineData("tcp://127.0.0.1:5222", "tcp://127.0.0.2:5222", false)]
    [InlineData("tcp://*:5222", "tcp://*:5223", false)]
    [InlineData("tcp://*:0", "tcp://*:0", false)]
    [InlineData("inproc://a", "inproc://b", false)]
    public void Knows_which_two_cannot_both_be_bound(string one, string other, bool clash)
    {
        Assert.True(ZmtpEndpoint.TryParse(one, EndpointUse.Bind, out var first, out _, inProcess: true));
        Assert.True(ZmtpEndpoint.TryParse(other, EndpointUse.Bind, out var second, out _, inProcess: true));
        Assert.Equal(clash, first.ClashesWith(second));
        Assert.Equal(clash, second.ClashesWith(first));
    }
}
