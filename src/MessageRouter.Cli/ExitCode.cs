namespace MessageRouter.Cli;

/// <summary>What the process ends with; the numbers are those of sysexits.h.</summary>
internal static class ExitCode
{
    /// <summary>Done, or stopped by a signal and drained.</summary>
    public const int Done = 0;

    /// <summary>What was to be checked is not as it should be: a test has failed, <c>config --diff</c> has found a difference, <c>fmt --check</c> would change a file, <c>keys check</c> finds one that cannot be used, ledgers do not add up.</summary>
    public const int Failed = 1;

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

    /// <summary>All of them, for the manual.</summary>
    public static readonly IReadOnlyList<(int Code, string Meaning)> Meanings =
    [
        (Done, "Done, or stopped by a signal and drained."),
        (Failed, "What was to be checked is not as it should be: a test has failed, `config --diff` has found a difference, `fmt --check` would change a file, `keys check` finds one that cannot be used, ledgers do not add up."),
        (Usage, "The command line is wrong."),
        (Unavailable, "An endpoint or a file cannot be opened, or no node answers."),
        (Internal, "Something failed that should not have, or failures have stopped a component, or a node is unhealthy."),
        (NothingArrived, "The node ended by itself, and of the messages that came in none has left: all were dropped or failed."),
        (DrainTimedOut, "The drain ran out of time, or was cut short."),
        (NotPermitted, "A node refuses what it is asked, for want of a token, or its socket belongs to another user."),
        (Configuration, "The configuration is wrong."),
        (Interrupted, "Interrupted before there was an answer."),
    ];
}
