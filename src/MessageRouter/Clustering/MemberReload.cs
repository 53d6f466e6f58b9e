using System.Text.Json;
using MessageRouter.Monitoring;

namespace MessageRouter.Clustering;

/// <summary>What became of it.</summary>
internal sealed record MemberReload
{
    /// <summary>Why nothing was done, ready to print; null where it was, or could be.</summary>
    public string? Problem { get; init; }

    /// <summary>Components that do not work any more, since they had to end first and could not be started again as they had been; all else is as it was then.</summary>
    public IReadOnlyList<string> NotTakenBack { get; init; } = [];

    /// <summary>Whether the node does not let others have it reload.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The plan's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The number that the configuration gets; in an answer to how a reload of several nodes has ended, and where there is a problem, that of the one in force.</summary>
    public int Revision { get; init; }

    /// <summary>The hash of the configuration before it; null where that was described in code.</summary>
    public string? HashBefore { get; init; }

    /// <summary>The hash of the new one; in an answer to how a reload of several nodes has ended, and where there is a problem, that of the one in force.</summary>
    public string? Hash { get; init; }

    /// <summary>When the node was started that answers: it is another run of it where that is another time.</summary>
    public DateTimeOffset? StartedAt { get; init; }

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

    /// <summary>Whether it is what it was before a reload that not all could do.</summary>
    public bool WentBack { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, NodeStatus.Json);

    /// <exception cref="JsonException">It is none.</exception>
    public static MemberReload FromJson(string json) => JsonSerializer.Deserialize<MemberReload>(json, NodeStatus.Json) ?? throw new JsonException("There is nothing in it.");
}
