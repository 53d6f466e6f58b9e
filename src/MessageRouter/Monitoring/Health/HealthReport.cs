namespace MessageRouter.Monitoring.Health;

/// <summary>How a node is: not a word but reasons.</summary>
/// <param name="Status"><c>healthy</c>; <c>degraded</c> where messages are lost or held up, or a list of those who may connect cannot be used as it is; <c>unhealthy</c> where a part of the node does no work any more.</param>
/// <param name="Ready">Whether it takes messages: it has started, does not stop, and no part of it is out of work.</param>
/// <param name="Findings">What is wrong, the worst first.</param>
public sealed record HealthReport(string Status, bool Ready, IReadOnlyList<HealthFinding> Findings)
{
    /// <summary>Whether the node's actors answer; null where they were not asked.</summary>
    public bool? Live { get; init; }
}

/// <summary>One thing that is wrong with a node.</summary>
/// <param name="Component">The component's full name, <c>workers.NAME</c> of a group of processes, <c>security</c>, or <c>router</c>.</param>
/// <param name="Severity"><c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Symptom">What can be seen, as a sentence.</param>
/// <param name="Meaning">What that means for messages, as a sentence.</param>
/// <param name="Action">What to do, as a sentence.</param>
public sealed record HealthFinding(string Component, string Severity, string Symptom, string Meaning, string Action);
