using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;

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

/// <summary>Asks a node for its status.</summary>
internal sealed record TellStatus : IWord;

/// <summary>A node's status.</summary>
/// <param name="Json">As its control endpoint gives it.</param>
internal sealed record StatusTold(string Json) : IWord;

/// <summary>Asks a node to read its own files again.</summary>
/// <param name="Plan">Whether it only says what that would do.</param>
/// <param name="Expect">The id of the plan that is to be carried out.</param>
internal sealed record ReloadYourself(bool Plan, string? Expect) : IWord;

/// <summary>What became of it.</summary>
/// <param name="Json">A <see cref="Clustering.MemberReload"/>.</param>
internal sealed record ReloadTold(string Json) : IWord;

/// <summary>Writes words as JSON.</summary>
internal sealed class WordSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly Dictionary<string, Type> Types =
        new[] { typeof(Hello), typeof(Welcome), typeof(Refused), typeof(TellStatus), typeof(StatusTold), typeof(ReloadYourself), typeof(ReloadTold) }.ToDictionary(type => type.Name);

    public override int Identifier => 13153;

    public override string Manifest(object o) => o.GetType().Name;

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType());

    public override object FromBinary(byte[] bytes, string manifest) =>
        Types.TryGetValue(manifest, out var type) && JsonSerializer.Deserialize(bytes, type) is { } word ? word : throw new JsonException($"{manifest} is no word that is known here.");
}
