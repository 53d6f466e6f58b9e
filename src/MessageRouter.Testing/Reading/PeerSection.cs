using System.ComponentModel;

namespace MessageRouter.Testing.Reading;

/// <summary>Who sends messages of a test; what is left out is not known of him.</summary>
internal sealed record PeerSection
{
    [Description("Where he is, as in tcp://10.0.0.7:4711.")]
    public string? Address { get; init; }

    [Description("The name that this side has for him.")]
    public string? Identity { get; init; }

    [Description("What else this side knows of him.")]
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    [Description("How he has proven who he is: curve or plain.")]
    public string? Mechanism { get; init; }

    [Description("His public key in Z85.")]
    public string? PublicKey { get; init; }

    [Description("The identity that he gives himself.")]
    public string? RoutingId { get; init; }

    public MessagePeer ToPeer() => new() { Address = Address, Identity = Identity, Attributes = Attributes, Mechanism = Mechanism, PublicKey = PublicKey, RoutingId = RoutingId };
}
