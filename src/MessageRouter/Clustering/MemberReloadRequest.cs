using System.Text.Json.Serialization;
using MessageRouter.Reloading;

namespace MessageRouter.Clustering;

/// <summary>Has one node of a cluster become what its own files say by now, or what others say that are brought to it.</summary>
/// <param name="Plan">Whether nothing is to be done yet.</param>
/// <param name="Expect">The id of the plan that is to be carried out; nothing is done where it is another one by now.</param>
internal sealed record MemberReloadRequest(bool Plan, string? Expect = null)
{
    /// <summary>What is brought to it; null for its own files.</summary>
    public IReadOnlyList<BroughtFile>? Files { get; init; }

    /// <summary>What a reload is called that several nodes do together, all or none: the node can go back to what it was before it, until it is known how it has ended. Null for one of its own.</summary>
    public string? Run { get; init; }

    /// <summary>How that has ended; null where it has not.</summary>
    public ReloadEnd? End { get; init; }
}

/// <summary>How a reload has ended that several nodes do together.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReloadEnd>))]
internal enum ReloadEnd
{
    /// <summary>All have done it.</summary>
    [JsonStringEnumMemberName("kept")]
    Kept,

    /// <summary>Not all could: who has done it goes back to what it was, and who has not does nothing more.</summary>
    [JsonStringEnumMemberName("undone")]
    Undone,
}
