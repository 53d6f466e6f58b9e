using System.Runtime.InteropServices;

namespace MessageRouter.Benchmarks.Route;

/// <summary>Runs the cases, the contestants in turn, and makes the report.</summary>
/// <param name="router">The router.</param>
/// <param name="times">How long and how often.</param>
/// <param name="withPeers">Whether peers run beside it, raw NetMQ aside, which always does.</param>
internal sealed class RouteSuite(MessageRouterContestant router, Times times, bool withPeers)
{
    public async Task<RouteReport> RunAsync(IReadOnlyCollection<string> names)
    {
        Contestant[] all = [router, new RawNetMq(), .. withPeers ? [new LibZmqProxy(), new PerlOriginal(), new Rsyslog()] : Array.Empty<Contestant>()];
        var missing = all.Where(contestant => contestant.Missing is not null).ToArray();
        var contestants = all.Except(missing).ToArray();
        foreach (var contestant in missing) Console.WriteLine($"Without {contestant.Name}: {contestant.Missing}.");

        var runs = new Dictionary<(string Case, string Contestant), List<Measurement>>();
        var cases = RouteCases.All.Where(known => names.Contains(known.Name)).ToArray();
        for (var round = 1; round <= times.Rounds; round++)
        {
            foreach (var routeCase in cases)
            {
                foreach (var contestant in contestants)
                {
                    if (await new RouteRun(routeCase, contestant, times).AtFullSpeedAsync() is not { } measured) continue;
                    if (!runs.TryGetValue((routeCase.Name, contestant.Name), out var list)) runs[(routeCase.Name, contestant.Name)] = list = [];
                    list.Add(measured);
                    Console.WriteLine($"round {round}  {routeCase.Name,-18} {contestant.Name,-14} {measured.Rate,12:N0} messages/s  {measured.Processor,6:0.00} CPU s per million");
                }
            }
        }

        var lines = new List<RouteLine>();
        foreach (var routeCase in cases)
        {
            foreach (var contestant in contestants)
            {
                if (!runs.TryGetValue((routeCase.Name, contestant.Name), out var list)) continue;
                var result = Measurement.MedianOf(list);
                if (routeCase.HasLatency && contestant is MessageRouterContestant or RawNetMq) result = await new RouteRun(routeCase, contestant, times).WithLatencyAsync(result);
                var raw = RawNetMqFor(routeCase, runs);
                lines.Add(new RouteLine(routeCase.Name, contestant.Name, result,
                    raw is null ? null : result.Rate / raw.Rate, raw is null ? null : result.Processor / raw.Processor, contestant == router ? routeCase.Target : null));
            }
        }
        var special = new SpecialCases(router, times);
        var figures = new List<RouteFigure>();
        foreach (var name in SpecialCases.Names.Where(names.Contains)) figures.AddRange(await special.RunAsync(name));
        return new RouteReport($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}",
            times, [.. missing.Select(contestant => contestant.Name)], lines, figures);
    }

    /// <summary>What raw NetMQ did in this run where it can be compared: with the same sockets, or PULL and PUSH, and messages of the same size.</summary>
    private static Measurement? RawNetMqFor(RouteCase routeCase, Dictionary<(string Case, string Contestant), List<Measurement>> runs)
    {
        if (routeCase.Feed == Feed.Lines) return null;
        var same = RouteCases.All.FirstOrDefault(known => known.Name == routeCase.Name && known.Kind is "pull-push" or "sub-pub")
            ?? RouteCases.All.First(known => known.Kind == "pull-push" && known.Size == routeCase.Size);
        return runs.TryGetValue((same.Name, RawNetMq.Title), out var list) ? Measurement.MedianOf(list) : null;
    }
}
