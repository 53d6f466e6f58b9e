using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>Keys, and who has them: one reading of a list, which never changes once it is made.</summary>
internal sealed class KeyTable : IEquatable<KeyTable>
{
    private readonly Dictionary<(string Source, string Path), KeyDocument> _documents = [];
    private readonly Dictionary<string, (KeyEntry Entry, string Path)> _keys = [];

    public int Count => _keys.Count;

    public PeerIdentity? Find(ReadOnlySpan<byte> publicKey) => _keys.TryGetValue(Z85.Encode(publicKey), out var known) ? known.Entry.Peer : null;

    /// <summary>What a file said; null for nothing.</summary>
    public KeyDocument? Of(string source, string path) => _documents.GetValueOrDefault((source, path));

    /// <summary>What all files of a folder said.</summary>
    public IEnumerable<KeyDocument> From(string source) => _documents.Values.Where(document => document.Source == source);

    public bool Has(KeyDocument document) => document.Equals(Of(document.Source, document.Path));

    /// <summary>Adds what a file says while the table is made: all of it, or nothing.</summary>
    /// <exception cref="SecurityFileException">A key is there with another name, so that it would not be known who comes.</exception>
    public void Add(KeyDocument document)
    {
        Dictionary<string, KeyEntry> own = [];
        foreach (var entry in document.Entries)
        {
            if (_keys.TryGetValue(entry.Key, out var known)) CheckName(document, entry, known.Entry, known.Path);
            if (!own.TryAdd(entry.Key, entry)) CheckName(document, entry, own[entry.Key], document.Path);
        }
        _documents[(document.Source, document.Path)] = document;
        foreach (var entry in own.Values) _keys.TryAdd(entry.Key, (entry, document.Path));
    }

    /// <summary>What is other than it was.</summary>
    public ListChange ChangeSince(KeyTable before)
    {
        var stayed = _keys.Values.Where(known => before._keys.ContainsKey(known.Entry.Key)).Select(known => (Before: before._keys[known.Entry.Key].Entry, After: known.Entry)).ToList();
        return new ListChange
        {
            Added = [.. _keys.Values.Where(known => !before._keys.ContainsKey(known.Entry.Key)).Select(known => known.Entry.Shown)],
            Removed = [.. before._keys.Values.Where(known => !_keys.ContainsKey(known.Entry.Key)).Select(known => known.Entry.Shown)],
            Renamed = [.. stayed.Where(pair => pair.Before.Peer.Name != pair.After.Peer.Name).Select(pair => $"{pair.Before.Peer.Name ?? "nobody"} to {pair.After.Shown}")],
            Changed = [.. stayed.Where(pair => pair.Before.Peer.Name == pair.After.Peer.Name && !pair.Before.SaysTheSame(pair.After)).Select(pair => pair.After.Shown)],
        };
    }

    public bool Equals(KeyTable? other) => other is not null && _documents.Count == other._documents.Count && _documents.Values.All(other.Has);

    public override bool Equals(object? obj) => Equals(obj as KeyTable);

    public override int GetHashCode() => Count;

    private static void CheckName(KeyDocument document, KeyEntry entry, KeyEntry known, string place)
    {
        if (entry.Peer.Name != known.Peer.Name)
            throw new SecurityFileException(document.Path, $"has the key of {Named(entry)}, which is also that of {Named(known)} in `{place}`", "leave one of the two: a key is one peer's", entry.Line);
    }

    private static string Named(KeyEntry entry) => entry.Peer.Name is { } name ? $"`{name}`" : "somebody without a name";
}
