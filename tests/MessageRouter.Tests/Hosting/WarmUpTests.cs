using MessageRouter.Hosting;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Hosting;

public class WarmUpTests
{
    [Fact]
    public async Task Stays_until_the_node_has_started_and_then_leaves_nothing()
    {
        if (WarmUp.Begin() is not { } warmUp) return;
        Assert.False(warmUp.Ended.IsCompleted);

        warmUp.Dispose();

        await warmUp.Ended.WaitAsync(TestNode.Patience);
    }
}
