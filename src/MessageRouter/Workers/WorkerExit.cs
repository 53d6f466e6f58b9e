using System.Globalization;

namespace MessageRouter.Workers;

/// <summary>How a process has ended.</summary>
/// <param name="Code">Its exit code; 128 and the signal's number where a signal has ended it.</param>
internal readonly record struct WorkerExit(int Code)
{
    private const int OfSignals = 128;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"exit code {Code}{(Signal is { } name ? $" ({name})" : "")}");

    private string? Signal => (Code - OfSignals) switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        _ => null,
    };
}
