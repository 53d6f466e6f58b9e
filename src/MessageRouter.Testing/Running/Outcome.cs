using MessageRouter.Ledger;
using MessageRouter.Testing.Conditions;

namespace MessageRouter.Testing.Running;

/// <summary>What has become of a test's node.</summary>
internal sealed record Outcome
{
    public required LedgerSnapshot Ledger { get; init; }

    public required Arrivals Arrivals { get; init; }

    /// <summary>The components that supervision has ended, by full name.</summary>
    public required IReadOnlySet<string> Stopped { get; init; }

    /// <summary>How long the test has lasted in its own time.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What it hung on, with all that is known of that; null where it came to an end.</summary>
    public string? HungOn { get; init; }

    public ComponentLine Line(string component) => Ledger.Components.Single(line => line.Name == component);

    public long Restarts(string group) => Ledger.Processes.Where(process => process.Group == group).Sum(process => process.Restarts);

    public long RunningProcesses(string group) => Ledger.Processes.Count(process => process.Group == group && process.State == "running");
}
