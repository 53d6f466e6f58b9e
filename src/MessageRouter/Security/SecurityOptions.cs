using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Configuration.Binding;

namespace MessageRouter.Security;

/// <summary>The keys of one side: a block of <c>router.security.identities</c>.</summary>
internal sealed record IdentityOptions
{
    [FilePath]
    [Description("The file with both keys, as `message-router keys new` and czmq write it, readable by the node's user only.")]
    public required string File { get; init; }
}

/// <summary>Who may connect: a block of <c>router.security.peers</c>.</summary>
internal sealed record PeerListOptions : IValidatableObject
{
    [FilePath]
    [Description("A folder of public certificates. It is followed: a key that is taken off loses its connections within a second, one that is added may connect at once.")]
    public string Directory { get; init; } = "";

    [FilePath]
    [Description("A file with a public key and a name a line, or one public certificate; followed like a folder.")]
    public string File { get; init; } = "";

    [Description("Public keys themselves, each with a name behind it or without.")]
    public IReadOnlyList<string> Allow { get; init; } = [];

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Directory.Length + File.Length + Allow.Count == 0)
            yield return new ValidationResult("names nobody: give `directory`, `file`, or `allow` with public keys", [nameof(Allow)]);
    }
}
