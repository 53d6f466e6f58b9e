using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>What one file of a list says, or one line of the configuration.</summary>
/// <param name="Path">The file, or the line.</param>
/// <param name="Source">The folder that it is in, or itself.</param>
/// <param name="Entries">The keys.</param>
internal sealed record KeyDocument(string Path, string Source, IReadOnlyList<KeyEntry> Entries)
{
    public bool Equals(KeyDocument? other) => other is not null && Path == other.Path && Source == other.Source && Entries.SequenceEqual(other.Entries);

    public override int GetHashCode() => HashCode.Combine(Path, Source, Entries.Count);
}

/// <summary>A key.</summary>
/// <param name="Peer">Whose it is.</param>
/// <param name="Line">The line in which it stands; null where it stands alone.</param>
internal sealed record KeyEntry(PeerIdentity Peer, int? Line)
{
    public string Key => Peer.PublicKey!;

    /// <summary>For people: a name may have two keys.</summary>
    public string Shown => Peer.Name is { } name ? $"{name} ({Key})" : Key;

    /// <remarks>In whatever line.</remarks>
    public bool Equals(KeyEntry? other) => other is not null && Key == other.Key && Peer.Name == other.Peer.Name && SaysTheSame(other);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether the same is said of the peers beside their names.</summary>
    public bool SaysTheSame(KeyEntry other) =>
        Peer.Attributes.Count == other.Peer.Attributes.Count && Peer.Attributes.All(attribute => other.Peer.Attributes.TryGetValue(attribute.Key, out var value) && value == attribute.Value);
}
