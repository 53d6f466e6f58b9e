using MessageRouter.Client;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Client;

/// <summary>A client sends to whoever is there, however quickly he came.</summary>
public class PresenceTests
{
    [Fact]
    public async Task Who_was_there_before_is_there_and_who_comes_later_is_waited_for()
    {
        await using var push = new PushSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        var before = new Presence(push).SomebodyAsync(CancellationToken.None);
        Assert.False(before.IsCompleted);

        await using var pull = new PullSocket(new ZmtpOptions { Connect = [push.Endpoints[0]] });

        await before.AsTask().WaitAsync(TestNode.Patience);
        Assert.True(new Presence(push).SomebodyAsync(CancellationToken.None).IsCompleted);
    }
}
