using MessageRouter.TestKit;
using Xunit;

namespace FilterNamespace.Tests;

public sealed class FilterClassTests : RouterTestKit
{
    [Fact]
    public async Task Marks_messages_of_its_level_and_drops_the_others()
    {
        var filter = await StartAsync<FilterClass>("level = warning, worker = me");

        filter.Send("""{"level":"debug","message":"one"}""");
        filter.Send("""{"level":"warning","message":"two"}""");

        Assert.Equal(["""{"level":"warning","message":"two","worker":"me"}"""], await filter.ReceiveAsync(1));
    }
}
