namespace MessageRouter.Benchmarks.Route;

/// <summary>Whether an installed command starts as fast as a published one.</summary>
internal sealed class InstalledCase(MessageRouterContestant published, Times times)
{
    public const string Name = "start-installed";
    public const string Figure = "start to first message: the installed tool to the published folder";

    /// <summary>Of each round: what is told apart is less than what two starts differ in.</summary>
    private const int Starts = 5;

    public async Task<RouteFigure[]> RunAsync()
    {
        var installed = new MessageRouterContestant(InstalledTool.Make());
        var (ofInstalled, ofPublished) = (new List<double>(), new List<double>());
        for (var start = 0; start < times.Rounds * Starts; start++)
        {
            ofPublished.Add(await StartAsync(published));
            ofInstalled.Add(await StartAsync(installed));
        }
        return [new RouteFigure(Figure, Measurement.Median(ofInstalled) / Measurement.Median(ofPublished), "")];
    }

    private static async Task<double> StartAsync(MessageRouterContestant command)
    {
        await using var run = new Ready(command, SpecialCases.Connecting);
        return (await run.FirstMessageAsync()).Took;
    }
}
