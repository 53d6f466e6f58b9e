using MessageRouter.Components;
using MessageRouter.Json;

namespace MessageRouter;

/// <summary>
/// What there is of a message beside its bytes. Nearly all messages have nothing but a format and the peer they came from, and share their
/// details with all others of these two, so that a message is small.
/// </summary>
internal sealed class MessageDetails
{
    private static readonly ReadOnlyMemory<byte>[] NoFrames = [];
    private static readonly MessageDetails[] OfNobody = AllFormats(null);

    private MessageDetails(MessageFormat format, ReadOnlyMemory<byte>[] leadingFrames, Receipt? receipt, MessagePeer? peer, MessageTree? tree)
    {
        Format = format;
        LeadingFrames = leadingFrames;
        Receipt = receipt;
        Peer = peer;
        Tree = tree;
    }

    public MessageFormat Format { get; }

    /// <summary>The frames before the payload.</summary>
    public ReadOnlyMemory<byte>[] LeadingFrames { get; }

    public Receipt? Receipt { get; }

    /// <summary>Who sent it; null where that is not known.</summary>
    public MessagePeer? Peer { get; }

    /// <summary>The payload of a message that was made of a tree; null where it was made of bytes.</summary>
    public MessageTree? Tree { get; }

    /// <summary>Whether there is nothing but the format and the peer: then they are the ones that all such messages have.</summary>
    public bool ArePlain => ReferenceEquals(this, Of(Format, Peer));

    /// <summary>Those of messages that are nothing but a payload.</summary>
    public static MessageDetails Of(MessageFormat format, MessagePeer? peer) => (peer?.Details ?? OfNobody)[(int)format];

    public static MessageDetails Of(MessageFormat format, ReadOnlyMemory<byte>[]? leadingFrames, Receipt? receipt, MessagePeer? peer) =>
        receipt is null && leadingFrames is not { Length: > 0 } ? Of(format, peer) : new MessageDetails(format, leadingFrames ?? NoFrames, receipt, peer, null);

    /// <summary>Those of a message with a tree for its payload, in all else like <paramref name="other"/>.</summary>
    public static MessageDetails Of(MessageTree tree, MessageDetails? other = null) =>
        new(MessageFormat.Json, other?.LeadingFrames ?? NoFrames, other?.Receipt, other?.Peer, tree);

    /// <summary>For each format the details that all messages of a peer share which are nothing but a payload.</summary>
    public static MessageDetails[] AllFormats(MessagePeer? peer) => [.. Enum.GetValues<MessageFormat>().Select(format => new MessageDetails(format, NoFrames, null, peer, null))];

    /// <summary>Those of the same message with bytes of this format for its payload.</summary>
    public MessageDetails As(MessageFormat format) => Tree is null && format == Format ? this : Of(format, LeadingFrames, Receipt, Peer);

    public MessageDetails With(Receipt? receipt) => With(receipt, Peer);

    public MessageDetails With(MessagePeer? peer) => With(Receipt, peer);

    private MessageDetails With(Receipt? receipt, MessagePeer? peer) => Tree is null ? Of(Format, LeadingFrames, receipt, peer) : new(Format, LeadingFrames, receipt, peer, Tree);
}
