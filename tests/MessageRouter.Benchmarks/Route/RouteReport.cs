namespace MessageRouter.Benchmarks.Route;

/// <summary>One line of the table.</summary>
/// <param name="Case">The case.</param>
/// <param name="Contestant">Who stood between.</param>
/// <param name="Result">The medians.</param>
/// <param name="Ratio">The rate as a part of raw NetMQ's in the same run, at the same size of messages; null where that does not say anything.</param>
/// <param name="ProcessorRatio">The processor time for a message as a multiple of raw NetMQ's; null as <paramref name="Ratio"/>.</param>
internal sealed record RouteLine(string Case, string Contestant, Measurement Result, double? Ratio, double? ProcessorRatio);

/// <summary>A figure of another kind, such as the time to the first message.</summary>
/// <param name="Name">What.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
internal sealed record RouteFigure(string Name, double Value, string Unit);

/// <summary>All that a run of the suite has measured.</summary>
/// <param name="Machine">What it ran on.</param>
/// <param name="Times">How long and how often.</param>
/// <param name="Missing">Contestants that are not installed.</param>
/// <param name="Lines">The table.</param>
/// <param name="Figures">What is no rate.</param>
/// <param name="Targets">What is wanted, and whether it is so.</param>
/// <param name="Failures">What could not be measured, and why.</param>
internal sealed record RouteReport(
    string Machine, Times Times, IReadOnlyList<string> Missing, IReadOnlyList<RouteLine> Lines, IReadOnlyList<RouteFigure> Figures,
    IReadOnlyList<RouteTarget> Targets, IReadOnlyList<string> Failures)
{
    /// <summary>Whether everything ran, every ledger balanced and nothing was lost; times are not judged.</summary>
    public bool IsSound => Failures.Count == 0;
}
