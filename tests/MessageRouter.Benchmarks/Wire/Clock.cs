using System.Diagnostics;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>A clock that all processes of the machine share.</summary>
internal static class Clock
{
    private static readonly ManualResetEventSlim Never = new();

    /// <summary>Microseconds since the machine's start.</summary>
    public static long Microseconds => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

    /// <summary>Seconds since the machine's start.</summary>
    public static double Seconds => Microseconds / 1e6;

    /// <summary>Holds this thread, which does nothing else, for a while.</summary>
    public static void Rest(TimeSpan time) => Never.Wait(time);
}
