using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>Keys, and who has them: one reading of a list, which never changes.</summary>
internal sealed class KeyTable : IEquatable<KeyTable>
{
    public static readonly KeyTable Empty = new();

    private readonly Dictionary<string, Entry> _entries = [];

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Keys;

    public PeerIdentity? Find(ReadOnlySpan<byte> publicKey) => _entries.TryGetValue(Z85.Encode(publicKey), out var entry) ? entry.Peer : null;

    public bool Has(string publicKey) => _entries.ContainsKey(publicKey);

    /// <summary>Adds a key while the table is made.</summary>
    /// <param name="publicKey">The key in Z85.</param>
    /// <param name="name">Whose it is; null where that is not said.</param>
    /// <param name="attributes">What else is said of him.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="line">The line there.</param>
    /// <exception cref="SecurityFileException">It is there with another name, so that it would not be known who comes.</exception>
    public void Add(string publicKey, string? name, IReadOnlyDictionary<string, string> attributes, string path, int? line = null)
    {
        var entry = new Entry(new PeerIdentity { Mechanism = SecurityMechanism.Curve, PublicKey = publicKey, Name = name, Attributes = attributes }, path, line);
        if (!_entries.TryAdd(publicKey, entry) && _entries[publicKey] is var known && known.Peer.Name != name)
            throw new SecurityFileException(path, $"has the key of {Named(name)}, which is also that of {Named(known.Peer.Name)} in `{known.Path}`", "leave one of the two: a key is one peer's", line);
    }

    public bool Equals(KeyTable? other) =>
        other is not null && Count == other.Count && _entries.All(entry => other._entries.TryGetValue(entry.Key, out var same)
            && same.Peer.Name == entry.Value.Peer.Name && same.Peer.Attributes.Count == entry.Value.Peer.Attributes.Count
            && entry.Value.Peer.Attributes.All(attribute => same.Peer.Attributes.TryGetValue(attribute.Key, out var value) && value == attribute.Value));

    public override bool Equals(object? obj) => Equals(obj as KeyTable);

    public override int GetHashCode() => Count;

    private static string Named(string? name) => name is null ? "somebody without a name" : $"`{name}`";

    private sealed record Entry(PeerIdentity Peer, string Path, int? Line);
}
