using System.Text.Json.Nodes;
using MessageRouter.Monitoring;

namespace MessageRouter.Control.Serving;

/// <summary>One component more closely.</summary>
/// <param name="Component">Its status.</param>
/// <param name="Block">Its block as it stands in the file, secrets left out; null where it was made in code.</param>
/// <param name="Plots">Messages a second over the last ten minutes.</param>
/// <param name="Errors">The last messages that failed in it, at most one a second, the newest first.</param>
internal sealed record ComponentDetail(ComponentStatus Component, string? Block, Plots Plots, IReadOnlyList<FailedMessage> Errors);

/// <summary>Messages a second over the last ten minutes, the oldest first; each is over one step.</summary>
internal sealed record Plots(int StepSeconds, IReadOnlyList<double> In, IReadOnlyList<double> Out, IReadOnlyList<double> Dropped, IReadOnlyList<double> Failed);

/// <summary>A message that failed: when, why, and the beginning of its payload.</summary>
internal sealed record FailedMessage(DateTimeOffset Time, string Problem, string Payload);

/// <summary>A message that a tap shows.</summary>
/// <param name="Time">When it passed.</param>
/// <param name="Component">The component's full name.</param>
/// <param name="Side"><c>in</c>, <c>out</c>, <c>dropped</c> or <c>failed</c>.</param>
/// <param name="Peer">Who it came from or goes to; null where that is not known, or many.</param>
/// <param name="Why">Why it is dropped, or failed.</param>
/// <param name="Payload">Its payload where that is text.</param>
/// <param name="PayloadBase64">Its payload where that is none.</param>
/// <param name="Length">The payload's bytes.</param>
/// <param name="Cut">True where only the beginning of the payload is shown.</param>
/// <param name="FramesBase64">The frames before the payload.</param>
internal sealed record ShownMessage(
    DateTimeOffset Time, string Component, string Side, string? Peer, string? Why, string? Payload, string? PayloadBase64, int Length, bool? Cut, IReadOnlyList<string>? FramesBase64);

/// <summary>Messages that passed and are not shown.</summary>
internal sealed record LeftOut(long Count);

/// <summary>How often a condition threw, and what.</summary>
internal sealed record WhereFailed(long Count, string? Problem);

/// <summary>Why a stream ends.</summary>
internal sealed record StreamEnd(string Reason);

/// <summary>What was wrong with a call, as RFC 9457 has it.</summary>
internal sealed record ProblemDetail(string Title, int Status, string Detail);

/// <summary>The node has been asked to stop.</summary>
internal sealed record StopAnswer(bool Stopping);

/// <summary>A pool's new size.</summary>
internal sealed record PoolSize(string Name, int Instances)
{
    /// <summary>Whether these are those of all nodes of the cluster together, which are started or ended from now on; else they are there already.</summary>
    public bool OfCluster { get; init; }
}

/// <summary>The configuration that is in force.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Hash">Of all that the files amount to; null where the node was described in code.</param>
/// <param name="Files">The files that it was read from, as they were named.</param>
/// <param name="Values">Every value, defaults included, in the order of a file.</param>
internal sealed record ShownConfiguration(string Node, string? Hash, IReadOnlyList<string> Files, IReadOnlyList<ShownValue> Values);

/// <summary>One value of a configuration.</summary>
/// <param name="Path">The keys that lead to it.</param>
/// <param name="Value">The value; not there where it is null, as in <c>type = null</c>.</param>
/// <param name="From">Where it is from: a file and a line, <c>--set</c>, or <c>default</c>.</param>
internal sealed record ShownValue(IReadOnlyList<string> Path, JsonNode? Value, string From);
