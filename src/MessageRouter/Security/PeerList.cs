using MessageRouter.Configuration;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Security;

/// <summary>A list of those who may connect, by its name in <c>router.security.peers</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Sources">Where its keys are.</param>
/// <param name="List">What was read from there.</param>
/// <param name="Origin">Where it stands.</param>
internal sealed record PeerList(string Name, CurveSources Sources, ICurveList List, SourceSpan? Origin);

/// <summary>A file of users.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Users">What was read from there.</param>
internal sealed record UserList(string Path, PlainUsers Users);

/// <summary>Whose keys sockets can have, and who may connect: <c>router.security</c>.</summary>
internal sealed record SecurityDefinition
{
    public static readonly SecurityDefinition None = new();

    public IReadOnlyDictionary<string, ICurveIdentity> Identities { get; init; } = new Dictionary<string, ICurveIdentity>();

    public IReadOnlyList<PeerList> Lists { get; init; } = [];
}
