using System.Diagnostics.CodeAnalysis;

namespace MessageRouter;

/// <summary>One of the things that are known of a <see cref="MessagePeer"/>, as the configuration names it: <c>identity</c>, or <c>attributes.team</c>.</summary>
internal sealed class PeerProperty
{
    public const string AttributesPrefix = "attributes.";

    private static readonly Dictionary<string, Func<MessagePeer, string?>> Known = new()
    {
        ["address"] = peer => peer.Address,
        ["identity"] = peer => peer.Identity,
        ["mechanism"] = peer => peer.Mechanism,
        ["public-key"] = peer => peer.PublicKey,
        ["routing-id"] = peer => peer.RoutingId,
    };

    private readonly string _text;
    private readonly Func<MessagePeer, string?> _read;

    private PeerProperty(string text, Func<MessagePeer, string?> read)
    {
        _text = text;
        _read = read;
    }

    /// <summary>What there is, for people.</summary>
    public static string Names { get; } = $"{string.Join(", ", Known.Keys)} or {AttributesPrefix}NAME";

    public static bool TryParse(string text, [NotNullWhen(true)] out PeerProperty? property)
    {
        property = null;
        if (Known.TryGetValue(text, out var read)) property = new PeerProperty(text, read);
        else if (text.StartsWith(AttributesPrefix, StringComparison.Ordinal) && text[AttributesPrefix.Length..] is { Length: > 0 } name)
            property = new PeerProperty(text, peer => peer.Attributes.GetValueOrDefault(name));
        return property is not null;
    }

    /// <summary>What it is of a peer; null where that is not known, or the peer is not.</summary>
    public string? Of(MessagePeer? peer) => peer is null ? null : _read(peer);

    public override string ToString() => _text;
}
