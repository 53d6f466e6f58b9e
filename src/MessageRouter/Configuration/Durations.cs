using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Configuration;

/// <summary>Checks the durations that options have.</summary>
internal static class Durations
{
    /// <summary>ZeroMQ and timers count milliseconds in 32 bits.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    public static IEnumerable<ValidationResult> Check(TimeSpan value, TimeSpan least, string member)
    {
        if (value < least)
            yield return new ValidationResult(least == TimeSpan.Zero ? "must not be negative or infinite" : "must be at least 1ms", [member]);
        else if (value > Longest)
            yield return new ValidationResult("must be at most 24 days", [member]);
    }
}
