namespace MessageRouter.Benchmarks.Route;

/// <summary>What a cluster costs that has nothing to do: what its nodes tell each other, the processor time for it, and what a node keeps for each other one and for each link. All nodes are in this process.</summary>
internal sealed class ClusterRestCase(Times times)
{
    public const string Name = "cluster-rest";

    private const int Few = 3, Some = 10, Many = 50;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MuchRest = TimeSpan.FromSeconds(30);

    public async Task<RouteFigure[]> RunAsync()
    {
        using var bytes = new SocketBytes();
        var figures = new List<RouteFigure>();

        // What only the first one costs, for all that come after it.
        await (await ClusterAtRest.StartAsync(Few, linked: true)).DisposeAsync();
        await RestAsync(Few, linked: false);
        var some = await RestAsync(Some, linked: false);
        var linked = await RestAsync(Some, linked: true);
        var many = await RestAsync(Many, linked: false);
        var member = (many - some) / (Many - Some);
        figures.Add(new RouteFigure("cluster at rest: memory of a node for each other one", member / 1e3, "kB"));
        figures.Add(new RouteFigure("cluster at rest: memory for a link, both ends", (linked - some) / Some / ClusterAtRest.Streams / 1e3, "kB"));
        return [.. figures];

        // Returns what a node keeps.
        async Task<double> RestAsync(int count, bool linked)
        {
            var empty = await MemoryAsync();
            await using var nodes = await ClusterAtRest.StartAsync(count, linked);
            await Task.Delay(Settling);
            var (sent, spent) = (bytes.Sent, Environment.CpuUsage.TotalTime);
            var rest = times.Rounds == 1 ? times.Measure : MuchRest;
            await Task.Delay(rest);
            var what = $"cluster of {count}{(linked ? $", with {ClusterAtRest.Streams} streams from each to each," : "")} at rest";
            figures.Add(new RouteFigure($"{what}: sent, a node", (bytes.Sent - sent) / rest.TotalSeconds / count, "B/s"));
            figures.Add(new RouteFigure($"{what}: processor time, a node", (Environment.CpuUsage.TotalTime - spent) / rest / count * 100, "% of a processor"));
            var kept = (await MemoryAsync() - empty) / (double)count;
            figures.Add(new RouteFigure($"{what}: memory, a node", kept / 1e3, "kB"));
            Console.WriteLine(string.Join("; ", figures.TakeLast(3).Select(figure => $"{figure.Name} {figure.Value:N1} {figure.Unit}")));
            return kept;
        }
    }

    /// <summary>What is left when timers and finalizers of those who have gone have let go of it.</summary>
    private static async Task<long> MemoryAsync()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Task.Delay(Settling);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
