using MessageRouter.Components;
using MessageRouter.Json;

namespace MessageRouter;

/// <summary>
/// What there is of a message beside its bytes. Nearly all messages have nothing but a format and share their details with all others
/// of it, so that a message is small.
/// </summary>
internal sealed class MessageDetails
{
    private static readonly ReadOnlyMemory<byte>[] NoFrames = [];
    private static readonly MessageDetails[] Plain = [.. Enum.GetValues<MessageFormat>().Select(format => new MessageDetails(format, NoFrames, null, null))];

    private MessageDetails(MessageFormat format, ReadOnlyMemory<byte>[] leadingFrames, Receipt? receipt, MessageTree? tree)
    {
        Format = format;
        LeadingFrames = leadingFrames;
        Receipt = receipt;
        Tree = tree;
    }

    public MessageFormat Format { get; }

    /// <summary>The frames before the payload.</summary>
    public ReadOnlyMemory<byte>[] LeadingFrames { get; }

    public Receipt? Receipt { get; }

    /// <summary>The payload of a message that was made of a tree; null where it was made of bytes.</summary>
    public MessageTree? Tree { get; }

    /// <summary>Whether there is nothing but the format.</summary>
    public bool IsPlain => ReferenceEquals(this, Plain[(int)Format]);

    public static MessageDetails Of(MessageFormat format, ReadOnlyMemory<byte>[]? leadingFrames, Receipt? receipt) =>
        receipt is null && leadingFrames is not { Length: > 0 } ? Plain[(int)format] : new MessageDetails(format, leadingFrames ?? NoFrames, receipt, null);

    /// <summary>Those of a message with a tree for its payload, in all else like <paramref name="other"/>.</summary>
    public static MessageDetails Of(MessageTree tree, MessageDetails? other = null) =>
        new(MessageFormat.Json, other?.LeadingFrames ?? NoFrames, other?.Receipt, tree);

    public MessageDetails With(Receipt? receipt) => Tree is null ? Of(Format, LeadingFrames, receipt) : new(Format, LeadingFrames, receipt, Tree);
}
