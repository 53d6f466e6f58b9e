using MessageRouter.Filters;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Filters;

public class TeeFilterTests
{
    [Fact]
    public async Task Passes_the_same_message_to_every_target()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Node(
            source.Input().To("t"), Some.Component<TeeFilter>("t", null, "a", "b"), Some.Sink("a"), Some.Sink("b")));

        source.SendNumbers(1, 3);
        await node.StopAsync();

        Assert.Equal(Some.Texts(1, 3), node.Texts("outputs.a"));
        Assert.All(node.Recorded["outputs.a"].Zip(node.Recorded["outputs.b"]), pair => Assert.Same(pair.First, pair.Second));
    }
}
