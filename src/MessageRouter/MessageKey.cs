using System.Diagnostics.CodeAnalysis;
using MessageRouter.Filters;
using MessageRouter.Json;

namespace MessageRouter;

/// <summary>
/// What messages are told apart by: a field, or, with <c>peer.</c> before it, what is known of who sent them. <c>peer.identity</c> is the peer's whatever fields a message has,
/// since these are written by the sender; a field of that name is written <c>"peer".identity</c>.
/// </summary>
internal sealed class MessageKey
{
    private const string PeerPrefix = "peer.";

    private readonly string _text;

    private MessageKey(string text, FieldPath? field, PeerProperty? peer)
    {
        _text = text;
        Field = field;
        Peer = peer;
    }

    /// <summary>The field; null where the peer is meant.</summary>
    public FieldPath? Field { get; }

    /// <summary>What of the peer; null where a field is meant.</summary>
    public PeerProperty? Peer { get; }

    /// <exception cref="FormatException">The text is no key.</exception>
    public static MessageKey Parse(string text) => TryParse(text, out var key, out var problem) ? key : throw new FormatException($"'{text}' is not a field path: {problem}.");

    /// <param name="text">The key as it is written.</param>
    /// <param name="key">The key.</param>
    /// <param name="problem">Why it is none.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out MessageKey? key, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (key, problem) = (null, null);
        if (text.StartsWith(PeerPrefix, StringComparison.Ordinal))
        {
            var name = text[PeerPrefix.Length..];
            if (PeerProperty.TryParse(name, out var property)) key = new MessageKey(text, null, property);
            else problem = $"nothing is known of a peer but {PeerProperty.Names}; a message's own field is written \"peer\".{name}";
        }
        else if (FieldPath.TryParse(text, out var field, out problem))
        {
            key = new MessageKey(text, field, null);
        }
        return key is not null;
    }

    /// <summary>What a message has there, as it is shown to people; null where it has nothing.</summary>
    public string? Shown(Message message)
    {
        if (Peer is not null) return Peer.Of(message.Peer) is { } text ? FieldEdit.Shown(JsonText.Quote(text)) : null;
        return message.TryFindField(Field!, out var value) ? FieldEdit.Shown(value.Raw(message.Payload.Span)) : null;
    }

    public override string ToString() => _text;
}
