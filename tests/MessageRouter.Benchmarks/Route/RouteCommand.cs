using System.CommandLine;

namespace MessageRouter.Benchmarks.Route;

/// <summary>The command <c>route</c>: the routing benchmark.</summary>
internal static class RouteCommand
{
    public static Task<int> RunAsync(string[] arguments)
    {
        var names = RouteCases.All.Select(known => known.Name).Concat(SpecialCases.Names).ToArray();
        var cases = new Option<string[]>("--case") { Description = "Only these cases; all without it.", AllowMultipleArgumentsPerToken = true };
        cases.AcceptOnlyFromAmong(names);
        var peers = new Option<bool>("--no-peers") { Description = "Only the router and raw NetMQ." };
        var rounds = new Option<int>("--rounds") { Description = "How often each is run; the medians are shown.", DefaultValueFactory = _ => 3 };
        var warmUp = new Option<double>("--warm-up") { Description = "Seconds before each measurement.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds of each measurement.", DefaultValueFactory = _ => 3 };
        var router = new Option<string>("--router") { Description = "The router's command, a program or an assembly; without it the tool is published first." };
        var output = new Option<string>("--output") { Description = "The folder for route.json and route.svg.", DefaultValueFactory = _ => "artifacts/benchmarks" };
        var smoke = new Option<bool>("--smoke") { Description = "Half a second of the most important cases: that it runs and balances, no figure to quote." };
        var command = new RootCommand("Measures the router beside its peers.") { cases, peers, rounds, warmUp, seconds, router, output, smoke };
        command.SetAction(async parsed =>
        {
            var isSmoke = parsed.GetValue(smoke);
            var times = isSmoke
                ? new Times(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.5), 1)
                : new Times(TimeSpan.FromSeconds(parsed.GetValue(warmUp)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds));
            var chosen = parsed.GetValue(cases) is { Length: > 0 } some ? some : isSmoke ? SmokeCases : names;
            var suite = new RouteSuite(new MessageRouterContestant(parsed.GetValue(router) ?? PublishedTool.Make()), times, withPeers: !parsed.GetValue(peers) && !isSmoke, withLatency: !isSmoke);
            var report = await suite.RunAsync(chosen);
            Console.WriteLine();
            Console.WriteLine(TextReport.Of(report));
            await ReportFiles.WriteAsync(report, parsed.GetValue(output)!);
            return report.IsSound ? 0 : 1;
        });
        return command.Parse(arguments).InvokeAsync();
    }

    private static readonly string[] SmokeCases =
        [NothingBetween.Kind, "pull-push", "key-filter", "set-field", "csharp-filter", "fan-out-to-4", "distributor-to-8", "small-senders", "sub-pub", "pull-file", "stdin-file", SpecialCases.Overload, SpecialCases.Start, SpecialCases.FirstSecond];
}
