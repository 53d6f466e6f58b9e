using MessageRouter.Components;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Components;

public class FilterActorTests
{
    [Fact]
    public async Task Loses_only_the_messages_it_throws_on_and_keeps_the_order()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartChainAsync(source.Input(), Some.Component<ThrowsOnEachThousandth>("f"));

        for (var from = 1; from <= 20_000; from += 500) source.SendNumbers(from, 500);

        var expected = Enumerable.Range(1, 20_000).Where(n => n % 1000 != 0).Select(n => $$"""{"n":{{n}}}""");
        Assert.Equal(expected, await node.SinkAsync(19_980));
        Assert.Equal(20, node["filters.f"].Failed);
        Assert.Equal(20, node["filters.f"].Restarts);
    }

    [Fact]
    public async Task A_message_that_is_at_fault_itself_neither_restarts_nor_delays_the_filter()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartChainAsync(source.Input(), Some.Component<Edits>("f"));

        source.Send([.. Enumerable.Repeat("1", 50)]);
        source.Send("{}");

        Assert.Equal(["""{"edited":true}"""], await node.SinkAsync(1));
        Assert.Equal(50, node["filters.f"].Failed);
        Assert.Equal(0, node["filters.f"].Restarts);
    }

    private sealed class Edits : FilterActor
    {
        protected override Message? Filter(Message message) => message.Edit(body => body["edited"] = true);
    }

    private sealed class ThrowsOnEachThousandth : FilterActor
    {
        protected override Message? Filter(Message message) =>
            (int)message["n"]! % 1000 == 0 ? throw new InvalidOperationException("no") : message;
    }
}
