using System.Text;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter;

/// <summary>
/// Who has sent a message: the other end of one connection, the same object for all messages that came over it. <see cref="Identity"/>, <see cref="Attributes"/> and
/// <see cref="PublicKey"/> are what this side knows; <see cref="RoutingId"/> is only what the peer says of itself.
/// </summary>
/// <remarks>An input of one's own makes one for each connection, and gives it to messages by <see cref="Message.WithPeer"/>; so does a test.</remarks>
public sealed class MessagePeer
{
    /// <summary>What ZMTP lets a routing id have.</summary>
    private const int MostOfRoutingId = 255;

    private MessageDetails[]? _details;

    /// <summary>Of a peer that has connected its address, of one that was connected to the endpoint as it was configured: <c>tcp://10.0.0.7:4711</c>.</summary>
    public string? Address { get; init; }

    /// <summary>The name that this side has for the peer: of a key that of its file, of a user his, of an authenticator's own verdict what that says; null where nothing was proven.</summary>
    public string? Identity { get; init; }

    /// <summary>What else this side knows of it: the metadata in its key's file, or what an authenticator has said.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>How it has proven who it is: <c>curve</c> or <c>plain</c>; null where it has not.</summary>
    public string? Mechanism { get; init; }

    /// <summary>Its public key in Z85, 40 characters; null without CURVE.</summary>
    public string? PublicKey { get; init; }

    /// <summary>
    /// The identity that it has given itself in the handshake (<c>ZMQ_ROUTING_ID</c>), which anybody can: as text, or, where it is none, as <c>0x</c> and hexadecimal digits. Null where it has given none.
    /// </summary>
    public string? RoutingId { get; init; }

    /// <summary>Of a connection of the router's own engine. It keeps nothing of the connection alive.</summary>
    internal static MessagePeer Of(IPeer peer) => new()
    {
        Address = peer.Name,
        Identity = peer.Identity.Name,
        Attributes = peer.Identity.Attributes,
        Mechanism = peer.Identity.Mechanism == SecurityMechanism.Null ? null : peer.Identity.Mechanism.ToString().ToLowerInvariant(),
        PublicKey = peer.Identity.PublicKey,
        RoutingId = peer.Metadata[PeerMetadata.Identity] is { Length: > 0 } id ? Text(id.AsSpan(0, Math.Min(id.Length, MostOfRoutingId))) : null,
    };

    /// <summary>For each format the details of its messages that are nothing but a payload.</summary>
    internal MessageDetails[] Details
    {
        get
        {
            if (Volatile.Read(ref _details) is { } known) return known;
            var made = MessageDetails.AllFormats(this);
            return Interlocked.CompareExchange(ref _details, made, null) ?? made;
        }
    }

    /// <summary>The identity and the address, as far as they are known.</summary>
    public override string ToString() => Identity is null ? Address ?? "" : Address is null ? Identity : $"{Identity} at {Address}";

    private static string Text(ReadOnlySpan<byte> id)
    {
        if (!System.Text.Unicode.Utf8.IsValid(id)) return $"0x{Convert.ToHexString(id)}";
        var text = Encoding.UTF8.GetString(id);
        return text.Any(char.IsControl) ? $"0x{Convert.ToHexString(id)}" : text;
    }
}
