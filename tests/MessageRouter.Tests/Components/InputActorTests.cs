using MessageRouter.Components;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Components;

public class InputActorTests
{
    [Fact]
    public async Task Can_read_by_a_timer_and_a_handler_of_its_own()
    {
        await using var node = await TestNode.StartChainAsync(
            Some.Component<TickInput>("in", new TickInput.Options { Every = TimeSpan.FromMinutes(1) }));

        node.Clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(["{}", "{}", "{}"], await node.SinkAsync(3));
    }

    private sealed class TickInput : InputActor
    {
        private readonly TimeSpan _every;

        public TickInput(Options options)
        {
            _every = options.Every;
            Receive<string>(_ => Intake.TryAdd(MessageBatch.Of(Intake.NewMessage("{}"u8.ToArray()))));
        }

        protected override void Open() => Timers.StartPeriodicTimer("tick", "tick", _every);

        internal sealed record Options
        {
            public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);
        }
    }
}
