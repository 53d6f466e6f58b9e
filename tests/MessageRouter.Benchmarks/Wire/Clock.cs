using System.Diagnostics;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>A clock that all processes of the machine share.</summary>
internal static class Clock
{
    // Of the kind that does not spin first: whoever rests takes no processor time from the others.
    private static readonly ManualResetEvent Never = new(initialState: false);

    /// <summary>Microseconds since the machine's start.</summary>
    public static long Microseconds => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

    /// <summary>Seconds since the machine's start.</summary>
    public static double Seconds => Microseconds / 1e6;

    /// <summary>Holds this thread, which does nothing else, for a while.</summary>
    public static void Rest(TimeSpan time) => Never.WaitOne(time);
}
