using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Configuration;

/// <summary>A group of worker processes as it is written.</summary>
internal sealed record WorkerGroupSection : IValidatableObject
{
    [Description("The program and its arguments, as a list. `message-router` is the running tool itself; other names are looked up in PATH, and a path with a slash is relative to the file.")]
    public required IReadOnlyList<string> Command { get; init; }

    [Description("How many processes there are.")]
    [Range(0, 1000)]
    public int Instances { get; init; } = 1;

    [Description("What the processes find in their environment besides the node's own.")]
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    [Description("Where the processes start; relative to the file; default: the folder of the file that names the command.")]
    public string Directory { get; init; } = "";

    [Description("How long a process may take to end after SIGTERM before it is killed.")]
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    [Description("Finds processes that hang: each is to send WATCHDOG=1 to the socket that NOTIFY_SOCKET names, as services of systemd do. A node does so by itself.")]
    public HeartbeatSection Heartbeat { get; init; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Command is not [{ Length: > 0 }, ..]) yield return new ValidationResult("must name a program", [nameof(Command)]);
        foreach (var problem in Durations.Check(StopTimeout, TimeSpan.Zero, nameof(StopTimeout))) yield return problem;
        foreach (var name in Environment.Keys.Where(name => name.Length == 0 || name.Contains('=', StringComparison.Ordinal)))
            yield return new ValidationResult($"cannot have a variable `{name}`", [nameof(Environment)]);
    }

    internal sealed record HeartbeatSection : IValidatableObject
    {
        private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

        [Description("How long a process may be silent before it is killed and restarted, its start included; 0s for ever.")]
        public TimeSpan Timeout { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Timeout > TimeSpan.Zero && Timeout < Shortest) yield return new ValidationResult("must be at least 100ms, or 0s for no limit", [nameof(Timeout)]);
            foreach (var problem in Durations.Check(Timeout, TimeSpan.Zero, nameof(Timeout))) yield return problem;
        }
    }
}
