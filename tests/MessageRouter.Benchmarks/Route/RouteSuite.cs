using System.Runtime.InteropServices;

namespace MessageRouter.Benchmarks.Route;

/// <summary>Runs the cases, the contestants in turn, and makes the report. What fails is reported too, and the rest goes on.</summary>
/// <param name="router">The router.</param>
/// <param name="times">How long and how often.</param>
/// <param name="withPeers">Whether peers run beside it, raw NetMQ aside, which always does.</param>
/// <param name="withLatency">Whether it is measured too how long messages are under way.</param>
internal sealed class RouteSuite(MessageRouterContestant router, Times times, bool withPeers, bool withLatency)
{
    private readonly Dictionary<(string Case, string Contestant), List<Measurement>> _runs = [];
    private readonly List<string> _failures = [];

    public async Task<RouteReport> RunAsync(IReadOnlyCollection<string> names)
    {
        Contestant[] all = [new NothingBetween(), router, new RawNetMq(), .. withPeers ? [new LibZmqProxy(), new PerlOriginal(), new Rsyslog()] : Array.Empty<Contestant>()];
        var missing = all.Where(contestant => contestant.Missing is not null).ToArray();
        var contestants = all.Except(missing).ToArray();
        foreach (var contestant in missing) Console.WriteLine($"Without {contestant.Name}: {contestant.Missing}.");
        if (missing.Contains(router)) _failures.Add($"{router.Name}: {router.Missing}.");

        var cases = RouteCases.All.Where(known => names.Contains(known.Name)).ToArray();
        for (var round = 1; round <= times.Rounds; round++)
        {
            foreach (var (routeCase, contestant) in cases.SelectMany(_ => contestants, (routeCase, contestant) => (routeCase, contestant)))
                await TryAsync($"{contestant.Name}, {routeCase.Name}", () => MeasureAsync(round, routeCase, contestant));
        }

        var lines = new List<RouteLine>();
        foreach (var (routeCase, contestant) in cases.SelectMany(_ => contestants, (routeCase, contestant) => (routeCase, contestant)))
        {
            if (!_runs.TryGetValue((routeCase.Name, contestant.Name), out var list)) continue;
            var result = Measurement.MedianOf(list);
            Check(routeCase, contestant, result);
            var raw = RawNetMqFor(routeCase);
            lines.Add(new RouteLine(routeCase.Name, contestant.Name, result,
                raw is null ? null : result.Rate / raw.Rate, raw is null ? null : result.Processor / raw.Processor));
        }

        var figures = new List<RouteFigure>();
        if (!missing.Contains(router))
        {
            var special = new SpecialCases(router, times);
            foreach (var name in SpecialCases.Names.Where(names.Contains)) await TryAsync(name, async () => figures.AddRange(await special.RunAsync(name)));
        }
        return new RouteReport($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}",
            times, [.. missing.Select(contestant => contestant.Name)], lines, figures, RouteTarget.Of(lines, figures), _failures);
    }

    private async Task MeasureAsync(int round, RouteCase routeCase, Contestant contestant)
    {
        var run = new RouteRun(routeCase, contestant, times);
        if (await run.AtFullSpeedAsync() is not { } measured) return;
        if (!_runs.TryGetValue((routeCase.Name, contestant.Name), out var list)) _runs[(routeCase.Name, contestant.Name)] = list = [];
        list.Add(measured);
        if (withLatency && routeCase.HasLatency) await TryAsync($"{contestant.Name}, {routeCase.Name}, half of the rate", async () => list[^1] = await run.WithLatencyAsync(measured));
        Console.WriteLine($"round {round}  {routeCase.Name,-18} {contestant.Name,-24} {measured.Rate,12:N0} messages/s  {measured.Processor,6:0.00} CPU s per million");
    }

    /// <summary>PUB drops what it has no room for; nobody else may lose anything.</summary>
    private void Check(RouteCase routeCase, Contestant contestant, Measurement result)
    {
        if (result.Balanced == false) _failures.Add($"{contestant.Name}, {routeCase.Name}: its ledger did not balance");
        if (contestant == router && routeCase.Feed != Feed.Pub && result.Lost != 0) _failures.Add($"{contestant.Name}, {routeCase.Name}: {result.Lost} messages were lost");
    }

    private async Task TryAsync(string what, Func<Task> measure)
    {
        try
        {
            await measure();
        }
        catch (Exception exception)
        {
            _failures.Add($"{what}: {exception.Message}");
            Console.WriteLine($"failed: {_failures[^1]}");
        }
    }

    /// <summary>What raw NetMQ did in this run where it can be compared: with the same sockets, or PULL and PUSH, and messages of the same size.</summary>
    private Measurement? RawNetMqFor(RouteCase routeCase)
    {
        if (routeCase.Feed == Feed.Lines) return null;
        var same = RouteCases.All.FirstOrDefault(known => known.Name == routeCase.Name && known.Kind is "pull-push" or "sub-pub")
            ?? RouteCases.All.First(known => known.Kind == "pull-push" && known.Size == routeCase.Size);
        return _runs.TryGetValue((same.Name, RawNetMq.Title), out var list) ? Measurement.MedianOf(list) : null;
    }
}
