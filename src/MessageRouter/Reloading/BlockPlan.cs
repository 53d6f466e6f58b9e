using System.Text.Json.Serialization;
using MessageRouter.Components;
using MessageRouter.Workers;

namespace MessageRouter.Reloading;

/// <summary>What a reload does with one block, and why.</summary>
public sealed record BlockPlan
{
    /// <summary>The full name: <c>filters.errors</c>, <c>errors</c> for the output of the error chain, <c>workers.mail</c> for a group of processes.</summary>
    public required string Name { get; init; }

    /// <summary>What is done with it.</summary>
    public required BlockAction Action { get; init; }

    /// <summary>The keys that have changed, such as <c>mailbox.capacity</c>; none for what is added or removed.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Where the block stands now, as <c>file:line:column</c>; of a removed one where it stood. Null for one that was made in code.</summary>
    public string? Place { get; init; }

    /// <summary>Messages that wait for it at the moment, or that it has in hand.</summary>
    public long Waiting { get; init; }

    /// <summary>What it opens, or closes and opens again: endpoints that are connected to, files. What it listens on already stays open and is handed on.</summary>
    public IReadOnlyList<string> Reopened { get; init; } = [];

    /// <summary>What it uses no more: endpoints, files.</summary>
    public IReadOnlyList<string> Closed { get; init; } = [];

    /// <summary>Peers whose connections end, the first ones by name; they may connect again at once.</summary>
    public IReadOnlyList<string> Disconnected { get; init; } = [];

    /// <summary>What happens to it, in a sentence.</summary>
    public required string Effect { get; init; }

    [JsonIgnore]
    internal ComponentCell? Cell { get; init; }

    /// <summary>As it is to be.</summary>
    [JsonIgnore]
    internal ComponentDefinition? Next { get; init; }

    [JsonIgnore]
    internal WorkerGroupDefinition? Group { get; init; }

    /// <summary>Whether copies are started again that had been stopped.</summary>
    [JsonIgnore]
    internal bool StartsAgain { get; init; }

    /// <summary>Whether its successor can only open what it needs when it has closed it.</summary>
    [JsonIgnore]
    internal bool InTurn { get; init; }
}
