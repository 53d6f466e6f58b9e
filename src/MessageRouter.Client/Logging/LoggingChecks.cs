namespace MessageRouter.Client.Logging;

/// <summary>What is wrong with options that the packages for logging libraries have in common.</summary>
internal static class LoggingChecks
{
    /// <summary>The end of an application waits no longer for its logs; who writes so much has written a number of days where seconds were meant.</summary>
    private static readonly TimeSpan LongestLinger = TimeSpan.FromHours(1);

    /// <returns>What is wrong, to be read after the option's name; null where nothing is.</returns>
    public static string? Problem(TimeSpan linger)
    {
        if (linger < TimeSpan.Zero) return $"must be 0 or more, not {linger}";
        if (linger <= LongestLinger) return null;
        var meant = linger.Days > 0 && linger == TimeSpan.FromDays(linger.Days) ? $"; a number alone means days: write {TimeSpan.FromSeconds(linger.Days)} for {linger.Days} seconds" : "";
        return $"must be at most {LongestLinger}, not {linger}{meant}";
    }

    /// <inheritdoc cref="Problem(TimeSpan)"/>
    public static string? Problem(LogShape shape) => Enum.IsDefined(shape) ? null : $"is none of {string.Join(", ", Enum.GetNames<LogShape>())}";

    /// <exception cref="ArgumentOutOfRangeException">One of the two is wrong.</exception>
    public static void Check(LogShape shape, TimeSpan linger)
    {
        if (Problem(shape) is { } problem) throw new ArgumentOutOfRangeException(nameof(shape), shape, $"The shape {problem}.");
        if (Problem(linger) is { } other) throw new ArgumentOutOfRangeException(nameof(linger), linger, $"The linger time {other}.");
    }
}
