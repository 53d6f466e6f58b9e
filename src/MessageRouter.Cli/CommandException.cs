namespace MessageRouter.Cli;

/// <summary>A command cannot go on; the message is what its user is told.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>Whether the message is a whole report, to be printed as it is.</summary>
    public bool IsReport { get; init; }

    /// <summary>What is printed.</summary>
    public string Text => IsReport ? Message.TrimEnd('\n') : $"error: {Message}";

    public static CommandException Usage(string message) => new(Cli.ExitCode.Usage, message);

    public static CommandException Unavailable(string message) => new(Cli.ExitCode.Unavailable, message);
}
