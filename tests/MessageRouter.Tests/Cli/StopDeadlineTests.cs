using MessageRouter.Cli.Running;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.Tests.Cli;

public class StopDeadlineTests
{
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task The_earliest_deadline_counts_and_an_infinite_one_is_none()
    {
        var deadline = new StopDeadline(_passed.SetResult);

        deadline.Within(Timeout.InfiniteTimeSpan, TimeSpan.FromMilliseconds(1));
        deadline.Within(TimeSpan.FromDays(20));
        deadline.Within(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        deadline.Within(TimeSpan.FromDays(10));

        await _passed.Task.WaitAsync(TestNode.Patience);
    }

    [Theory]
    [InlineData(10, 10.7)]
    [InlineData(-0.001, -0.001)]
    public void A_node_s_longest_stop_is_its_drain_timeout_and_a_moment_and_infinite_where_that_is(double drainTimeout, double longest)
    {
        var definition = Some.Chain(new ProbeSource().Input()) with { DrainTimeout = TimeSpan.FromSeconds(drainTimeout) };
        var node = new RouterNode(definition, new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance, TimeProvider.System);

        Assert.Equal(TimeSpan.FromSeconds(longest), node.LongestStop);
    }
}
