namespace MessageRouter.Benchmarks.Route;

/// <summary>What the router should reach, and what it did in this run.</summary>
/// <param name="Name">What is looked at.</param>
/// <param name="Measured">What it is.</param>
/// <param name="Wanted">What it should be at least, or at most.</param>
/// <param name="IsLeast">Whether at least.</param>
internal sealed record RouteTarget(string Name, double Measured, double Wanted, bool IsLeast)
{
    public bool IsMet => IsLeast ? Measured >= Wanted : Measured <= Wanted;

    /// <summary>All that can be told of what was measured.</summary>
    public static IReadOnlyList<RouteTarget> Of(IReadOnlyList<RouteLine> lines, IReadOnlyList<RouteFigure> figures)
    {
        var router = lines.Where(line => line.Contestant == MessageRouterContestant.Title).ToDictionary(line => line.Case);
        var plain = router.GetValueOrDefault(RouteCases.Plain.Name);
        var targets = new List<RouteTarget>();
        Least("pull-push: rate to raw NetMQ's", plain?.Ratio, 0.90);
        Most("pull-push: processor time to raw NetMQ's", plain?.ProcessorRatio, 1.25);
        Least("key-filter: rate to raw NetMQ's", Ratio("key-filter"), 0.80);
        Least("set-field: rate to raw NetMQ's", Ratio("set-field"), 0.70);
        Least("remove-field: rate to raw NetMQ's", Ratio("remove-field"), 0.70);
        Least("chain-of-5: rate to raw NetMQ's", Ratio("chain-of-5"), 0.60);
        Most("pull-push: processor time to libzmq's proxy", Processor(RouteCases.Plain.Name) / Proxy(RouteCases.Plain.Name), 0.25);
        Most("pull-push-bytes: processor time to libzmq's proxy", Processor("pull-push-bytes") / Proxy(RouteCases.Plain.Name), 0.18);
        Most("key-filter: processor time to pull-push", Processor("key-filter") / Processor(RouteCases.Plain.Name), 1.4);
        Most("set-field: processor time to pull-push", Processor("set-field") / Processor(RouteCases.Plain.Name), 2);
        Most("remove-field: processor time to pull-push", Processor("remove-field") / Processor(RouteCases.Plain.Name), 2);
        Most("csharp-edit: processor time to pull-push", Processor("csharp-edit") / Processor(RouteCases.Plain.Name), 2.5);
        Most("chain-of-5: processor time to pull-push", Processor("chain-of-5") / Processor(RouteCases.Plain.Name), 2.5);
        Most("chain-of-5: 99 of 100 arrive, in ms", MostIn("chain-of-5"), 10);
        Most("fan-out-to-4: 99 of 100 arrive, in ms", MostIn("fan-out-to-4"), 10);
        Least("distributor-to-8: rate to pull-push", Rate("distributor-to-8") / plain?.Result.Rate, 0.95);
        Most("small-senders: processor time to libzmq's proxy", Processor("small-senders") / Proxy("small-senders"), 0.5);
        Most("pull-push-10k: peak memory in MB", router.GetValueOrDefault("pull-push-10k")?.Result.PeakMemory / 1e6, 200);
        foreach (var (size, wanted) in new[] { (100, 1.5), (1000, 1.5), (10_000, 1.0) })
            Least($"curve-{size}: messages for a processor second to libzmq's proxy", Proxy($"curve-{size}") / Processor($"curve-{size}"), wanted);
        Least("pull-push-limits: rate to pull-push", Rate(RouteCases.Limited) / plain?.Result.Rate, 0.98);
        Least("stdin-file: lines a second", Rate("stdin-file"), 3e6);
        Least("stdin-file: rate to the fastest peer's", Rate("stdin-file") / FastestPeer("stdin-file"), 1);
        Least("pull-file: messages a second", Rate("pull-file"), 2e6);
        Most("pull-file: processor seconds a million", router.GetValueOrDefault("pull-file")?.Result.Processor, 0.6);
        Most(SpecialCases.AllocationFigure, Figure(SpecialCases.AllocationFigure), 24);
        Least(SpecialCases.SiblingFigure, Figure(SpecialCases.SiblingFigure), 0.95);
        Most(SpecialCases.MemoryFigure, Figure(SpecialCases.MemoryFigure), 150);
        Most(SpecialCases.StartFigure, Figure(SpecialCases.StartFigure), 400);
        Most(InstalledCase.Figure, Figure(InstalledCase.Figure), 1.1);
        Least(SpecialCases.FirstSecondFigure, Figure(SpecialCases.FirstSecondFigure), 0.7);
        Most(SpecialCases.IdleFigure, Figure(SpecialCases.IdleFigure), 0.5);
        Least(LossCase.Figure, Figure(LossCase.Figure), 0.97);
        Least(AttemptsCase.Figure, Figure(AttemptsCase.Figure), 0.9);
        foreach (var members in ClusterCase.Members)
        {
            Least(ClusterCase.StreamFigure(members), Figure(ClusterCase.StreamFigure(members)), 0.95);
            Least(ClusterCase.KeyFigure(members), Figure(ClusterCase.KeyFigure(members)), 0.80);
        }
        Least(WatchedCases.WatchedFigure, Figure(WatchedCases.WatchedFigure), 0.98);
        Least(WatchedCases.TappedFigure, Figure(WatchedCases.TappedFigure), 0.90);
        Most(WatchedCases.StartFigure, Figure(WatchedCases.StartFigure), 40);
        Most(WatchedCases.MemoryFigure, Figure(WatchedCases.MemoryFigure), 15);
        Most(WatchedCases.StatusFigure, Figure(WatchedCases.StatusFigure), 50);
        return targets;

        void Least(string name, double? measured, double wanted) => Add(name, measured, wanted, isLeast: true);
        void Most(string name, double? measured, double wanted) => Add(name, measured, wanted, isLeast: false);
        void Add(string name, double? measured, double wanted, bool isLeast)
        {
            if (measured is { } value) targets.Add(new RouteTarget(name, value, wanted, isLeast));
        }

        double? Ratio(string name) => router.GetValueOrDefault(name)?.Ratio;
        double? Rate(string name) => router.GetValueOrDefault(name)?.Result.Rate;
        double? Processor(string name) => router.GetValueOrDefault(name)?.Result.Processor;
        double? Proxy(string name) => lines.FirstOrDefault(line => line.Case == name && line.Contestant == LibZmqProxy.Title)?.Result.Processor;
        double? MostIn(string name) => router.GetValueOrDefault(name)?.Result.MostIn / 1000;
        double? Figure(string name) => figures.FirstOrDefault(figure => figure.Name == name)?.Value;
        double? FastestPeer(string name) => lines.Where(line => line.Case == name && line.Contestant != MessageRouterContestant.Title).Max(line => (double?)line.Result.Rate);
    }
}
