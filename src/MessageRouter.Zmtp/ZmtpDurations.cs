using System.Runtime.CompilerServices;

namespace MessageRouter.Zmtp;

/// <summary>The durations that sockets can wait for.</summary>
internal static class ZmtpDurations
{
    /// <summary>Timers count milliseconds in 32 bits.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <exception cref="ArgumentOutOfRangeException">It is too short, or longer than <see cref="Longest"/>.</exception>
    public static void Check(TimeSpan value, TimeSpan least, [CallerArgumentExpression(nameof(value))] string? option = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, option);
        if (value > Longest) throw new ArgumentOutOfRangeException(option, value, $"{option} must be at most {Longest.Days} days.");
    }
}
