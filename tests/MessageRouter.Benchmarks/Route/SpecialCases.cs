using MessageRouter.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Benchmarks.Route;

/// <summary>What is no matter of a rate: the start, rest, and an output that cannot follow.</summary>
internal sealed class SpecialCases(MessageRouterContestant router, Times times)
{
    public const string Start = "start";
    public const string FirstSecond = "first-second";
    public const string Idle = "idle";
    public const string Overload = "overload";
    public const string Allocation = "allocation";

    public const string AllocationFigure = "allocation beside a message's own bytes";
    public const string SiblingFigure = "overload: the good output's rate to what it is alone";
    public const string MemoryFigure = "overload: peak memory";
    public const string StartFigure = "start to first message";
    public const string FirstSecondFigure = "first second after the first message: rate to the steady rate";
    public const string IdleFigure = "idle";

    private const string SlowSink = "slow";

    private static readonly TimeSpan MuchRest = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<string> Names { get; } = [Overload, Allocation, Start, InstalledCase.Name, FirstSecond, Idle, LossCase.Name, AttemptsCase.Name, ClusterCase.Name, ClusterChangeCase.Name, ClusterRestCase.Name, .. WatchedCases.Names];

    public Task<RouteFigure[]> RunAsync(string name) => name switch
    {
        Overload => OverloadAsync(),
        Allocation => AllocationAsync(),
        Start => StartAsync(),
        InstalledCase.Name => new InstalledCase(router, times).RunAsync(),
        FirstSecond => FirstSecondAsync(),
        Idle => IdleAsync(),
        LossCase.Name => new LossCase(router, times).RunAsync(),
        AttemptsCase.Name => new AttemptsCase(router, times).RunAsync(),
        ClusterCase.Name => new ClusterCase(router, times).RunAsync(),
        ClusterChangeCase.Name => new ClusterChangeCase(router, times).RunAsync(),
        ClusterRestCase.Name => new ClusterRestCase(times).RunAsync(),
        _ => new WatchedCases(router, times).RunAsync(name),
    };

    /// <summary>Source and sink listen, which takes no processor time.</summary>
    public static RouteCase Connecting { get; } = new(Start, Feed.Push, "PULL", "outputs.first { type = zeromq, connect = OUT, socket-type = push }") { Connects = true };

    /// <summary>From the start of the process to the first message at the other end.</summary>
    private async Task<RouteFigure[]> StartAsync()
    {
        var took = new List<double>();
        for (var round = 0; round < times.Rounds; round++)
        {
            await using var run = new Ready(router, Connecting);
            took.Add((await run.FirstMessageAsync()).Took);
        }
        return [new RouteFigure(StartFigure, Measurement.Median(took) * 1000, "ms")];
    }

    /// <summary>Of a process that has just started and finds more messages than it can take.</summary>
    private async Task<RouteFigure[]> FirstSecondAsync()
    {
        var parts = new List<double>();
        for (var round = 0; round < times.Rounds; round++)
        {
            await using var run = new Ready(router, Connecting);
            var (_, began) = await run.FirstMessageAsync();
            await Task.Delay(TimeSpan.FromSeconds(1));
            var first = await run.Sink.CountAsync();
            await Task.Delay(times.WarmUp);
            parts.Add(first.Messages / (first.Seconds - began) / await run.Sink.RateAsync(times.Measure));
        }
        return [new RouteFigure(FirstSecondFigure, Measurement.Median(parts), "")];
    }

    /// <summary>Of a node in this process, which itself allocates next to nothing meanwhile.</summary>
    private async Task<RouteFigure[]> AllocationAsync()
    {
        await using var run = new Ready(router, RouteCases.Plain);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMessageRouter((RouterBuilder node) => node.FromText(RouteCases.Plain.Configuration(run.Ends.From, run.Ends.To, run.Ends.File)));
        using var host = builder.Build();
        await host.StartAsync();
        await run.UntilEndsAreReadyAsync();
        run.Source.Tell("go");
        await Task.Delay(times.WarmUp);
        var (before, allocatedBefore) = (await run.Sink.CountAsync(), GC.GetTotalAllocatedBytes(precise: true));
        await Task.Delay(times.Measure);
        var (after, allocated) = (await run.Sink.CountAsync(), GC.GetTotalAllocatedBytes(precise: true));
        await run.Source.AskAsync("stop");
        await host.StopAsync();
        var each = (allocated - allocatedBefore) / (double)Math.Max(1, after.Messages - before.Messages);
        return [new RouteFigure(AllocationFigure, each - RouteCases.Plain.Size, "B a message")];
    }

    private async Task<RouteFigure[]> IdleAsync()
    {
        await using var run = new Ready(router, RouteCases.Plain);
        await run.ConnectAsync();
        await Task.Delay(times.WarmUp);
        var before = run.Between.Usage.Processor;
        var rest = times.Rounds == 1 ? times.Measure : MuchRest;
        await Task.Delay(rest);
        return [new RouteFigure(IdleFigure, (run.Between.Usage.Processor - before) / rest.TotalSeconds * 100, "% of a processor")];
    }

    /// <summary>A sink that takes a tenth beside one that takes all: at full speed, and at three quarters of what the good one does alone.</summary>
    private async Task<RouteFigure[]> OverloadAsync()
    {
        const string good = "outputs.first { type = zeromq, bind = OUT, socket-type = push }";
        var alone = new List<double>();
        var flooded = new List<Beside>();
        var paced = new List<Beside>();
        for (var round = 0; round < times.Rounds; round++)
        {
            alone.Add((await new RouteRun(new RouteCase("alone", Feed.Push, "PULL", good), router, times).AtFullSpeedAsync())!.Rate);
            flooded.Add(await BesideAsync(good, alone[^1], sourceRate: 0));
            paced.Add(await BesideAsync(good, alone[^1], (int)(alone[^1] * 0.75)));
        }
        return
        [
            new RouteFigure("overload: the good output's rate", Measurement.Median(flooded.Select(beside => beside.Rate)), "messages/s"),
            new RouteFigure(SiblingFigure, Measurement.Median(flooded.Zip(alone, (beside, most) => beside.Rate / most)), ""),
            new RouteFigure("overload: the same at three quarters of that, to what is sent", Measurement.Median(paced.Zip(alone, (beside, most) => beside.Rate / (most * 0.75))), ""),
            new RouteFigure("overload: dropped for the slow output", flooded[^1].Dropped, "messages"),
            new RouteFigure(MemoryFigure, flooded.Concat(paced).Max(beside => beside.Memory) / 1e6, "MB"),
        ];
    }

    private async Task<Beside> BesideAsync(string good, double alone, int sourceRate)
    {
        var both = good + "\noutputs.slow { type = zeromq, bind = OUT2, socket-type = push, mailbox { overflow = drop-newest } }";
        await using var run = new Ready(router, new RouteCase(Overload, Feed.Push, "PULL", both) { Copies = 2, To = "[first, slow]" }, sourceRate);
        await run.ConnectAsync(slowRate: (long)(alone / 10 * 102));
        run.Source.Tell("go");
        await Task.Delay(times.WarmUp);
        var rate = await run.Sink.RateAsync(times.Measure);
        var memory = run.Between.Usage.PeakMemory;
        await run.Source.AskAsync("stop");
        await run.StopAsync();
        if (!MessageRouterContestant.IsBalanced(run.Ends)) throw new InvalidOperationException("A ledger did not balance under overload.");
        var slow = MessageRouterContestant.Component(run.Ends, "outputs." + SlowSink);
        return new Beside(
            rate,
            slow.GetProperty("dropped").EnumerateObject().Sum(reason => reason.Value.GetInt64()),
            memory);
    }

    /// <param name="Rate">Of the good output, messages a second.</param>
    /// <param name="Dropped">Messages that the slow one did not get.</param>
    /// <param name="Memory">Bytes at most.</param>
    private sealed record Beside(double Rate, long Dropped, long Memory);
}
