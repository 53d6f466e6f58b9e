namespace MessageRouter.Benchmarks.Route;

/// <summary>What came of one run, or the medians of several.</summary>
internal sealed record Measurement
{
    /// <summary>Messages a second that left, copies not counted.</summary>
    public required double Rate { get; init; }

    /// <summary>Processor seconds in the program for each million messages.</summary>
    public required double User { get; init; }

    /// <summary>Processor seconds in the kernel for each million messages.</summary>
    public required double System { get; init; }

    /// <summary>Bytes of memory at most.</summary>
    public required long PeakMemory { get; init; }

    /// <summary>Messages sent that did not arrive.</summary>
    public required long Lost { get; init; }

    /// <summary>Microseconds under way that half of the messages did not exceed, at half of the rate; null where not measured.</summary>
    public double? HalfIn { get; init; }

    /// <summary>Microseconds under way that 99 of 100 messages did not exceed, at half of the rate; null where not measured.</summary>
    public double? MostIn { get; init; }

    /// <summary>Whether the ledger balanced at the end; null for who has none.</summary>
    public bool? Balanced { get; init; }

    /// <summary>Processor seconds for each million messages.</summary>
    public double Processor => User + System;

    public static Measurement MedianOf(IReadOnlyList<Measurement> runs) => new()
    {
        Rate = Median(runs.Select(run => run.Rate)),
        User = Median(runs.Select(run => run.User)),
        System = Median(runs.Select(run => run.System)),
        PeakMemory = runs.Max(run => run.PeakMemory),
        Lost = runs.Max(run => run.Lost),
        HalfIn = MedianOf(runs, run => run.HalfIn),
        MostIn = MedianOf(runs, run => run.MostIn),
        Balanced = runs.Any(run => run.Balanced is null) ? null : runs.All(run => run.Balanced == true),
    };

    private static double? MedianOf(IEnumerable<Measurement> runs, Func<Measurement, double?> time)
    {
        var known = runs.Select(time).OfType<double>().ToArray();
        return known.Length == 0 ? null : Median(known);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
