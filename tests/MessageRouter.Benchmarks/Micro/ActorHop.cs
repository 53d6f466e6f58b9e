using Akka.Actor;
using BenchmarkDotNet.Attributes;
using MessageRouter.Components;
using MessageRouter.Hosting;
using MessageRouter.Mailboxes;
using MessageRouter.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>
/// What a message costs that goes through filters of a running node, in batches of 64: four hops more are the difference
/// between five filters and one. Beside it, an actor of Akka's own, told the same messages in batches and one by one.
/// </summary>
[MemoryDiagnoser, ShortRunJob]
public class ActorHop
{
    private const int Batch = 64;
    private const int Batches = 1 << 10;
    private const int Messages = Batch * Batches;

    private static readonly MessageBatch Sent = MessageBatch.Of(Enumerable.Repeat(Message.FromText("x"), Batch));

    private IHost _host = null!;
    private Edge _first = null!;
    private Counted _counted = null!;
    private IActorRef _plain = ActorRefs.Nobody;

    [GlobalSetup(Targets = [nameof(OneFilter)])]
    public Task StartOneAsync() => StartAsync(1);

    [GlobalSetup(Targets = [nameof(FiveFilters)])]
    public Task StartFiveAsync() => StartAsync(5);

    [GlobalSetup(Targets = [nameof(TellBatches), nameof(TellEach)])]
    public Task StartPlainAsync() => StartAsync(1);

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public Task OneFilter() => SendAsync();

    [Benchmark(OperationsPerInvoke = Messages)]
    public Task FiveFilters() => SendAsync();

    [Benchmark(OperationsPerInvoke = Messages)]
    public Task TellBatches()
    {
        var done = _counted.Expect(Messages);
        for (var i = 0; i < Batches; i++) _plain.Tell(Sent, ActorRefs.NoSender);
        return done;
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public Task TellEach()
    {
        var done = _counted.Expect(Messages);
        for (var i = 0; i < Messages; i++) _plain.Tell(Sent[i % Batch], ActorRefs.NoSender);
        return done;
    }

    private Task SendAsync()
    {
        var done = _counted.Expect(Messages);
        for (var i = 0; i < Batches; i++) _first.Send(Sent);
        return done;
    }

    private async Task StartAsync(int filters)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Counted>().AddMessageRouter((RouterBuilder router) =>
        {
            // All that is sent at once has room, so that nobody waits for anybody.
            router.Set("mailbox", new { Capacity = Messages }).Input("in", "null", to: "f1");
            for (var i = 1; i <= filters; i++) router.Filter($"f{i}", message => message, to: i < filters ? $"f{i + 1}" : "out");
            router.Components.Add<CountingOutput>("counting", "Counts messages.");
            router.Output("out", "counting");
        });
        _host = builder.Build();
        await _host.StartAsync();
        _counted = _host.Services.GetRequiredService<Counted>();
        _first = _host.Services.GetRequiredService<RouterNode>().Components.Single(cell => cell.Name == "filters.f1").Sources[0];
        _plain = _host.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new PlainActor(_counted)));
    }

    /// <summary>Counts what has arrived.</summary>
    internal sealed class Counted
    {
        private int _missing;
        private TaskCompletionSource _all = new();

        public Task Expect(int count)
        {
            _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _missing, count);
            return _all.Task;
        }

        /// <summary>Called by one actor, so one thread at a time.</summary>
        public void Add(int count)
        {
            if ((_missing -= count) == 0) _all.SetResult();
        }
    }

    internal sealed class CountingOutput(Counted counted) : OutputActor
    {
        protected override void WriteBatch(MessageBatch batch)
        {
            Delivered(batch.Count);
            counted.Add(batch.Count);
        }
    }

    private sealed class PlainActor : UntypedActor
    {
        private readonly Counted _counted;

        public PlainActor(Counted counted) => _counted = counted;

        protected override void OnReceive(object message) => _counted.Add(message is MessageBatch batch ? batch.Count : 1);
    }
}
