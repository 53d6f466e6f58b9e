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
    private const string HashBegin = "hash(";

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

    /// <summary>Reads <c>hash(KEY)</c>, by which an option divides messages by a key.</summary>
    /// <param name="text">What the option has.</param>
    /// <param name="key">The key; null where the text has none.</param>
    /// <param name="problem">Why what stands there is no key; null where it is one, or the text is nothing of that kind.</param>
    /// <returns>Whether the text is of that kind.</returns>
    public static bool TryParseHash(string text, out MessageKey? key, out string? problem)
    {
        (key, problem) = (null, null);
        if (!text.StartsWith(HashBegin, StringComparison.Ordinal) || !text.EndsWith(')')) return false;
        if (!TryParse(text[HashBegin.Length..^1].Trim(), out key, out var why)) problem = $"names no field: {why}";
        return true;
    }

    /// <summary>What a message has there, as it is shown to people; null where it has nothing.</summary>
    public string? Shown(Message message)
    {
        if (Peer is not null) return Peer.Of(message.Peer) is { } text ? FieldEdit.Shown(JsonText.Quote(text)) : null;
        return message.TryFindField(Field!, out var value) ? FieldEdit.Shown(value.Raw(message.Payload.Span)) : null;
    }

    public override string ToString() => _text;
}
