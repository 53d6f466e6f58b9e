using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Components;

/// <summary>Every form of filter has its options, a log, the clock, the host's services, and what an Akka actor has.</summary>
public class FilterFormsTests
{
    private readonly ProbeSource _source = new();

    [Fact]
    public Task A_filter() => HasWhatItNeedsAsync<Simple>(new Simple.Options("!"));

    [Fact]
    public Task An_emitting_filter() => HasWhatItNeedsAsync<Emitting>(new Emitting.Options("!"));

    [Fact]
    public Task An_asynchronous_filter() => HasWhatItNeedsAsync<Async>(new Async.Options("!"));

    private async Task HasWhatItNeedsAsync<TFilter>(object options)
        where TFilter : FilterBase
    {
        await using var node = await TestNode.StartAsync(
            Some.Chain(_source.Input(), Some.Component<TFilter>("f", options)),
            services => services.AddSingleton(new Greeting("hello")));

        node.Clock.Advance(TimeSpan.FromMinutes(1));
        await node.HandledAsync("filters/f");
        _source.Send("{}");

        Assert.Equal(["hello! 00:01 f ticks 1"], await node.SinkAsync(1));
        Assert.Contains(node.Log.Lines, line => line is { Level: LogLevel.Information, Category: "filters.f", Text: "opened" });
    }

    private static Message Describe(string mark, Greeting greeting, TimeProvider clock, IActorContext context, int ticks) =>
        Message.FromText($"{greeting.Text}{mark} {clock.GetUtcNow():HH:mm} {context.Self.Path.Name} ticks {ticks}");

    private sealed record Greeting(string Text);

    private sealed class Simple : FilterActor
    {
        private readonly Options _options;
        private readonly Greeting _greeting;
        private int _ticks;

        public Simple(Options options, Greeting greeting)
        {
            (_options, _greeting) = (options, greeting);
            Receive<string>(_ => _ticks++);
        }

        protected override void Open()
        {
            Logger.LogInformation("opened");
            Timers.StartSingleTimer("tick", "tick", TimeSpan.FromMinutes(1));
        }

        protected override Message? Filter(Message message) => Describe(_options.Mark, _greeting, Clock, Context, _ticks);

        internal sealed record Options(string Mark);
    }

    private sealed class Emitting : EmittingFilterActor
    {
        private readonly Options _options;
        private readonly Greeting _greeting;
        private int _ticks;

        public Emitting(Options options, Greeting greeting)
        {
            (_options, _greeting) = (options, greeting);
            Receive<string>(_ => _ticks++);
        }

        protected override void Open()
        {
            Logger.LogInformation("opened");
            Timers.StartSingleTimer("tick", "tick", TimeSpan.FromMinutes(1));
        }

        protected override void Process(Message message) => Emit(Describe(_options.Mark, _greeting, Clock, Context, _ticks));

        internal sealed record Options(string Mark);
    }

    private sealed class Async : AsyncFilterActor
    {
        private readonly Options _options;
        private readonly Greeting _greeting;
        private int _ticks;

        public Async(Options options, Greeting greeting)
        {
            (_options, _greeting) = (options, greeting);
            Receive<string>(_ => _ticks++);
        }

        protected override void Open()
        {
            Logger.LogInformation("opened");
            Timers.StartSingleTimer("tick", "tick", TimeSpan.FromMinutes(1));
        }

        protected override async Task<Message?> FilterAsync(Message message, CancellationToken cancellation)
        {
            var described = Describe(_options.Mark, _greeting, Clock, Context, _ticks);
            await Task.Yield();
            return described;
        }

        internal sealed record Options(string Mark);
    }
}
