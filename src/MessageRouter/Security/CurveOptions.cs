using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Configuration.Binding;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Security;

/// <summary>CURVE on the sockets of a component: the block <c>curve</c>.</summary>
internal sealed record CurveOptions : IValidatableObject
{
    /// <summary>What stands in place of lists for everybody.</summary>
    public const string Any = "any";

    [Description("Whose keys the sockets have: a name of `router.security.identities`.")]
    public required string Identity { get; init; }

    [Description("Who may connect, which makes the sockets servers: names of `router.security.peers`; or `any` for everybody who knows this side's public key.")]
    public IReadOnlyList<string> Allow { get; init; } = [];

    [FilePath]
    [Description("Whom to trust, which makes the sockets clients: the server's public key, 40 characters, or the file with its public certificate. With both `allow` and `server` they are servers of those that connect and clients where they connect.")]
    public string Server { get; init; } = "";

    [Description("Asked beside the lists about each peer: a block with the `class` of an IPeerAuthenticator in a plug-in, and its options.")]
    public JToken? Authenticator { get; init; }

    /// <summary>Whether everybody may connect.</summary>
    internal bool AllowsAny => Allow is [Any];

    /// <summary>Whether not everybody may be at the other end.</summary>
    internal bool AsksPeers => !AllowsAny || Authenticator is not null;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Allow.Count == 0 && Server.Length == 0)
            yield return new ValidationResult("says neither who may connect nor whom to trust: give `allow`, as in allow = [office], or `server`", [nameof(Identity)]);
        if (Allow.Count > 1 && Allow.Contains(Any))
            yield return new ValidationResult("has `any` beside lists, which would mean nothing any more; leave one of the two", [nameof(Allow)]);
        if (Authenticator is not null && Allow.Count == 0)
            yield return new ValidationResult("decides who may connect, so it needs `allow`; write allow = any where it decides alone", [nameof(Authenticator)]);
    }
}
