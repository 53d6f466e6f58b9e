using System.Text.Json;
using MessageRouter.Monitoring;

namespace MessageRouter.Clustering;

/// <summary>Has one node of a cluster read its own files again.</summary>
/// <param name="Plan">Whether nothing is to be done yet.</param>
/// <param name="Expect">The id of the plan that is to be carried out; nothing is done where it is another one by now.</param>
internal sealed record MemberReloadRequest(bool Plan, string? Expect = null);

/// <summary>What became of it.</summary>
internal sealed record MemberReload
{
    /// <summary>Why nothing was done, ready to print; null where it was, or could be.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the node does not let others have it reload.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The plan's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The number that the configuration gets.</summary>
    public int Revision { get; init; }

    /// <summary>Whether there is anything to do.</summary>
    public bool ChangesAnything { get; init; }

    /// <summary>The plan for people.</summary>
    public string Text { get; init; } = "";

    /// <summary>What stays as it is until the node is started again.</summary>
    public IReadOnlyList<string> NeedsRestart { get; init; } = [];

    /// <summary>What is questionable about the configuration, ready to print.</summary>
    public string? Warnings { get; init; }

    /// <summary>Messages that it has cost.</summary>
    public long Dropped { get; init; }

    /// <summary>How long it took.</summary>
    public double? Seconds { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, NodeStatus.Json);

    /// <exception cref="JsonException">It is none.</exception>
    public static MemberReload FromJson(string json) => JsonSerializer.Deserialize<MemberReload>(json, NodeStatus.Json) ?? throw new JsonException("There is nothing in it.");
}
