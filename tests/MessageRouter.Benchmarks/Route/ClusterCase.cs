using System.Globalization;

namespace MessageRouter.Benchmarks.Route;

/// <summary>
/// What a stream of a cluster costs beside plain sockets between the same processes: one node takes what a source pushes and gives it to one, two or four others, which push it to the sink. The node that
/// gives has a PUSH socket that connects to the others, a stream that they take, and one that is fed by key, each with a source of its own, and one after the other has its turn.
/// </summary>
internal sealed class ClusterCase(MessageRouterContestant router, Times times)
{
    public const string Name = "cluster";

    private const int TurnsOfARound = 6;

    /// <summary>How long a turn is not looked at.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(0.5);

    public static string StreamFigure(int members) => FormattableString.Invariant($"cluster stream to {members}: rate, to PUSH and PULL");

    public static string KeyFigure(int members) => FormattableString.Invariant($"cluster stream by key to {members}: rate, to PUSH and PULL");

    private static string ProcessorFigure(string figure) => figure.Replace("rate", "processor time of all nodes", StringComparison.Ordinal);

    /// <summary>How many nodes take the stream.</summary>
    public static IReadOnlyList<int> Members { get; } = [1, 2, 4];

    public async Task<RouteFigure[]> RunAsync()
    {
        var figures = new List<RouteFigure>();
        foreach (var members in Members)
        {
            await using var nodes = new ClusterNodes(router, members);
            await nodes.StartAsync();
            foreach (var way in Enum.GetValues<ClusterWay>()) await nodes.WarmUpAsync(way, times.WarmUp);
            var streams = new List<(ClusterFlow Flow, ClusterFlow Before, ClusterFlow After)>();
            var keys = new List<(ClusterFlow Flow, ClusterFlow Before, ClusterFlow After)>();
            var before = await TurnAsync(ClusterWay.Sockets);
            for (var turn = 0; turn < times.Rounds * TurnsOfARound; turn++)
            {
                // Neither is always the one after the sockets.
                var first = turn % 2 == 0 ? ClusterWay.Stream : ClusterWay.Key;
                var flows = new Dictionary<ClusterWay, ClusterFlow> { [first] = await TurnAsync(first) };
                var second = first == ClusterWay.Stream ? ClusterWay.Key : ClusterWay.Stream;
                flows[second] = await TurnAsync(second);
                var after = await TurnAsync(ClusterWay.Sockets);
                streams.Add((flows[ClusterWay.Stream], before, after));
                keys.Add((flows[ClusterWay.Key], before, after));
                before = after;
            }
            await nodes.StopAsync();
            Add(StreamFigure(members), streams);
            Add(KeyFigure(members), keys);

            Task<ClusterFlow> TurnAsync(ClusterWay way) => nodes.FlowAsync(way, Settling, times.Measure);
        }
        return [.. figures];

        void Add(string figure, IReadOnlyList<(ClusterFlow Flow, ClusterFlow Before, ClusterFlow After)> turns)
        {
            foreach (var (name, of) in new (string, Func<ClusterFlow, double>)[] { (figure, flow => flow.Rate), (ProcessorFigure(figure), flow => flow.Processor) })
            {
                var ratios = turns.Select(turn => of(turn.Flow) / ((of(turn.Before) + of(turn.After)) / 2)).ToList();
                Console.WriteLine($"{name} {string.Join(' ', ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture)))}");
                figures.Add(new RouteFigure(name, Measurement.Median(ratios), ""));
            }
            Console.WriteLine($"  {string.Join("; ", turns.Select(turn => turn.Flow))}");
            Console.WriteLine($"  beside {string.Join("; ", turns.Select(turn => turn.After))}");
        }
    }
}
