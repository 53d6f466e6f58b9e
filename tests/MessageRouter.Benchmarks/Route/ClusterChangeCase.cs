namespace MessageRouter.Benchmarks.Route;

/// <summary>How long a stream by key stands still when a node comes, and when one is killed: what is behind a message whose owner is not known waits with it.</summary>
internal sealed class ClusterChangeCase(MessageRouterContestant router, Times times)
{
    public const string Name = "cluster-change";

    private const int Rate = 10_000;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    /// <summary>Seconds without a message: what is shorter may be the machine.</summary>
    private const double Noticeable = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public async Task<RouteFigure[]> RunAsync()
    {
        var (joins, firsts, kills) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < times.Rounds; round++)
        {
            await using var nodes = new ClusterNodes(router, members: 2, Rate);
            await nodes.StartAsync();
            await nodes.BeginAsync(ClusterWay.Key);
            await Task.Delay(times.WarmUp);
            var (joining, begun) = (nodes.AddTakerAsync(), TimeProvider.System.GetTimestamp());
            joins.Add(await PauseAsync(nodes, async () => joining.IsCompletedSuccessfully && await nodes.HasAddedTakenAsync(), () => firsts.Add(TimeProvider.System.GetElapsedTime(begun).TotalSeconds)));
            await Task.Delay(times.WarmUp);
            await nodes.KillTakerAsync();
            kills.Add(await PauseAsync(nodes, isOver: null, () => { }));
        }
        return
        [
            new RouteFigure("cluster by key, a node joins: from its start to its first message", Measurement.Median(firsts), "s"),
            new RouteFigure("cluster by key, a node joins: the longest time without a message", Measurement.Median(joins), "s"),
            new RouteFigure("cluster by key, a node is killed: the longest time without a message", Measurement.Median(kills), "s"),
        ];
    }

    /// <summary>Looks for the longest time in which nothing comes, until something is so, or such a time has come to its end, and for a moment more.</summary>
    /// <returns>That time, in seconds.</returns>
    private async Task<double> PauseAsync(ClusterNodes nodes, Func<Task<bool>>? isOver, Action over)
    {
        var (messages, at) = await nodes.CountAsync();
        var (begun, came, longest, end) = (at, at, 0.0, double.PositiveInfinity);
        while (at < end)
        {
            await Task.Delay(Beat);
            (var now, at) = await nodes.CountAsync();
            if (at - begun > Patience.TotalSeconds) throw new TimeoutException("The stream does not go on.");
            if (now > messages)
            {
                longest = Math.Max(longest, at - came);
                (messages, came) = (now, at);
            }
            if (double.IsFinite(end) || !(isOver is null ? longest > Noticeable : await isOver())) continue;
            end = at + times.Measure.TotalSeconds;
            over();
        }
        return longest;
    }
}
