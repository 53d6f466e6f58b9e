namespace MessageRouter.Ledger;

/// <summary>One worker process that the node keeps running.</summary>
/// <param name="Name">The group's name and the number within it, such as <c>workers.2</c>.</param>
/// <param name="Group">The group's name.</param>
/// <param name="Pid">The process's id; null while none is running.</param>
/// <param name="State"><c>running</c>, <c>waiting</c> for its restart, <c>stopping</c> or <c>stopped</c>.</param>
/// <param name="Restarts">How often supervision has restarted it.</param>
/// <param name="UptimeSeconds">Seconds since the process at work was started; 0 while none is running.</param>
/// <param name="LastError">Why it ended last without having been asked to; null where it never did.</param>
public sealed record ProcessLine(string Name, string Group, int? Pid, string State, long Restarts, double UptimeSeconds, string? LastError);
