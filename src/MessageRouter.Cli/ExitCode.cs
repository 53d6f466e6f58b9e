namespace MessageRouter.Cli;

/// <summary>What the process ends with; the numbers are those of sysexits.h.</summary>
internal static class ExitCode
{
    /// <summary>Done, or stopped by a signal and drained.</summary>
    public const int Done = 0;

    /// <summary>Tests of a configuration have failed.</summary>
    public const int TestsFailed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>An endpoint or a file cannot be opened, or no node answers.</summary>
    public const int Unavailable = 69;

    /// <summary>Something failed that should not have, or failures have stopped a component, or a node is unhealthy.</summary>
    public const int Internal = 70;

    /// <summary>The node ended by itself, and of the messages that came in none has left: all were dropped or failed.</summary>
    public const int NothingArrived = 74;

    /// <summary>The drain ran out of time, or was cut short.</summary>
    public const int DrainTimedOut = 75;

    /// <summary>A node refuses what it is asked, for want of a token, or its socket belongs to another user.</summary>
    public const int NotPermitted = 77;

    /// <summary>The configuration is wrong.</summary>
    public const int Configuration = 78;

    /// <summary>Interrupted before there was an answer; shells say the same of a command that SIGINT has ended.</summary>
    public const int Interrupted = 130;
}
