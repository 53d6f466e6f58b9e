using MessageRouter.Clustering;

namespace MessageRouter.Cli.Controlling.ClusterTop;

/// <summary>Watches a cluster for as long as somebody looks. One node is asked for all of them; where it does not answer, or is in no cluster any more, another one of this machine is.</summary>
internal sealed class ClusterWatch(NodeChoice choice, TimeSpan interval, Surroundings surroundings)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>All that have been seen; the one that was asked last stands first.</summary>
    private readonly List<string> _names = [];

    /// <summary>Told each look.</summary>
    public required Action<ClusterReport> Seen { get; init; }

    /// <summary>Told when nobody answers.</summary>
    public required Action Lost { get; init; }

    /// <summary>Finds the cluster.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public async Task<ClusterReport> FindAsync(CancellationToken cancellation)
    {
        await using var client = ControlClient.Connect(choice, surroundings);
        return Remember(await client.ClusterAsync(cancellation));
    }

    /// <summary>Watches until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ticks = new PeriodicTimer(interval > Shortest ? interval : Shortest, TimeProvider.System);
        while (await ticks.WaitForNextTickAsync(cancellation))
        {
            if (await LookAsync(cancellation) is { } report) Seen(Remember(report));
            else Lost();
        }
    }

    /// <returns>What a node tells that is in the cluster, else what any tells; null where nobody answers.</returns>
    private async Task<ClusterReport?> LookAsync(CancellationToken cancellation)
    {
        ClusterReport? outside = null;
        foreach (var connect in Clients())
        {
            try
            {
                if (connect() is not { } client) continue;
                await using (client)
                {
                    var report = await client.ClusterAsync(cancellation);
                    if (report.Cluster.State == "up") return report;
                    outside ??= report;
                }
            }
            catch (CommandException exception) when (exception.ExitCode != ExitCode.NotPermitted)
            {
                // It has ended, or hangs: there may be others.
            }
        }
        return outside;
    }

    private IEnumerable<Func<ControlClient?>> Clients() => choice.Control is not null
        ? [() => ControlClient.Connect(choice, surroundings)]
        : _names.ToList().Select(name => (Func<ControlClient?>)(() => NodeFinder.Named(name, surroundings).MaxBy(File.GetLastWriteTimeUtc) is { } socket ? ControlClient.At(socket) : null));

    private ClusterReport Remember(ClusterReport report)
    {
        var asked = report.Nodes.FirstOrDefault(node => node.Member.IsSelf)?.Member.Node;
        foreach (var name in report.Nodes.Select(node => node.Member.Node).Where(name => name.Length > 0 && !_names.Contains(name))) _names.Add(name);
        if (asked is not null && _names.Remove(asked)) _names.Insert(0, asked);
        return report;
    }
}
