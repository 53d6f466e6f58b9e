using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Membership;

/// <summary>What nodes say to each other beside what Akka's own tools say.</summary>
internal interface IWord;

/// <summary>Who wants to join says who it is.</summary>
/// <param name="Speaks">The version of these words.</param>
/// <param name="Cluster">The cluster that it wants to join.</param>
/// <param name="Node">Its name.</param>
/// <param name="Address">Where it is reached.</param>
/// <param name="Time">What its clock shows.</param>
internal sealed record Hello(int Speaks, string Cluster, string Node, string Address, DateTimeOffset Time) : IWord
{
    public const int Version = 1;
}

/// <summary>It may.</summary>
/// <param name="IsMember">Whether the one that says it is a member itself, so that one can join there.</param>
internal sealed record Welcome(bool IsMember) : IWord;

/// <summary>It may not.</summary>
/// <param name="Reason">Why, a sentence.</param>
internal sealed record Refused(string Reason) : IWord;

/// <summary>Tells a node that it has been taken to be gone. By gossip it would hear of it when others may have what it had, or never: it is not one of those any more who gossip.</summary>
/// <param name="Uid">The number of its part in the cluster: what has been started anew at its address is not meant.</param>
internal sealed record TakenToBeGone(int Uid) : IWord;

/// <summary>Asks a node for its status.</summary>
internal sealed record TellStatus : IWord;

/// <summary>A node's status.</summary>
/// <param name="Json">As its control endpoint gives it.</param>
internal sealed record StatusTold(string Json) : IWord;

/// <summary>Has a node reload.</summary>
/// <param name="Request">To what, and whether it only says what that would do.</param>
internal sealed record ReloadMember(MemberReloadRequest Request) : IWord;

/// <summary>What became of it.</summary>
/// <param name="Json">A <see cref="MemberReload"/>.</param>
internal sealed record ReloadTold(string Json) : IWord;

/// <summary>Asks who decides for a shared value.</summary>
/// <param name="Key">Its key.</param>
internal sealed record ReadValue(string Key) : IWord;

/// <summary>Asks who decides to write one.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">The value.</param>
/// <param name="Expected">The version that it is to take the place of; 0 for none.</param>
internal sealed record WriteValue(string Key, string Value, long Expected) : IWord;

/// <summary>What became of it.</summary>
/// <param name="Outcome">Whether it was read or written.</param>
/// <param name="Value">The value; null where there is none, and after a write.</param>
/// <param name="Version">Its version.</param>
internal sealed record ValueTold(ValueOutcome Outcome, string? Value = null, long Version = 0) : IWord;

/// <summary>What can become of a question for a shared value.</summary>
internal enum ValueOutcome
{
    /// <summary>It is told.</summary>
    Read,

    /// <summary>It is written.</summary>
    Written,

    /// <summary>Another version is there.</summary>
    TooLate,

    /// <summary>There are as many as there may be.</summary>
    Full,

    /// <summary>Too few nodes have said that they have it.</summary>
    Unknown,

    /// <summary>This node does not decide, or not yet.</summary>
    NotHere,
}

/// <summary>Asks who decides that there be another number of something on all nodes together.</summary>
/// <param name="Name">A filter, or a group of processes.</param>
/// <param name="Total">How many.</param>
internal sealed record ResizePool(string Name, int Total) : IWord;

/// <summary>What became of it.</summary>
/// <param name="Outcome">Whether it has been decided.</param>
internal sealed record PoolTold(PoolOutcome Outcome) : IWord;

/// <summary>What can become of the wish for another number.</summary>
internal enum PoolOutcome
{
    /// <summary>It has been decided.</summary>
    Resized,

    /// <summary>There is no such thing on any node.</summary>
    Unknown,

    /// <summary>This node does not decide, or not yet.</summary>
    NotHere,
}

/// <summary>Writes words as JSON.</summary>
internal sealed class WordSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly Dictionary<string, Type> Types = new[]
    {
        typeof(Hello), typeof(Welcome), typeof(Refused), typeof(TakenToBeGone), typeof(TellStatus), typeof(StatusTold), typeof(ReloadMember), typeof(ReloadTold), typeof(ReadValue), typeof(WriteValue), typeof(ValueTold),
        typeof(ResizePool), typeof(PoolTold),
    }.ToDictionary(type => type.Name);

    public override int Identifier => 13153;

    public override string Manifest(object o) => o.GetType().Name;

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType());

    public override object FromBinary(byte[] bytes, string manifest) =>
        Types.TryGetValue(manifest, out var type) && JsonSerializer.Deserialize(bytes, type) is { } word ? word : throw new JsonException($"{manifest} is no word that is known here.");
}
