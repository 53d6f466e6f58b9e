namespace MessageRouter.Cli;

/// <summary>A command cannot go on; the message is what its user is told.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static CommandException Usage(string message) => new(Cli.ExitCode.Usage, message);

    public static CommandException Unavailable(string message) => new(Cli.ExitCode.Unavailable, message);
}
