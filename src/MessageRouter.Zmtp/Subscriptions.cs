using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Zmtp;

/// <summary>
/// What a subscriber wants. How many there may be is the matter of who lets it subscribe (<see cref="Limits.SubscriberLimit"/>); of more lengths than can be looked up everything counts as
/// wanted, and the subscriber takes its choice itself.
/// </summary>
internal sealed class Subscriptions
{
    /// <summary>What a subscription takes beside its prefix, about.</summary>
    private const int Overhead = 64;

    /// <summary>Each length is looked up for each message: that many cost less than sending it would.</summary>
    private const int MostLengths = 16;

    /// <summary>Of this process, so that nobody knows which prefixes look alike.</summary>
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;

    private HashSet<byte[]> _prefixes = new(BytesComparer.Instance);

    /// <summary>By length, in order: how many prefixes have which hash.</summary>
    private readonly SortedList<int, Dictionary<ulong, int>> _hashes = [];
    private bool _tooMany;

    public bool Any => _tooMany || _prefixes.Count > 0;

    /// <summary>How many there are.</summary>
    public int Count => _prefixes.Count;

    /// <summary>The bytes that they take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether everything is wanted.</summary>
    public bool MatchesAll => _tooMany || _hashes.ContainsKey(0);

    public void Add(ReadOnlySpan<byte> prefix)
    {
        if (_tooMany) return;
        if (_hashes.Count >= MostLengths && !_hashes.ContainsKey(prefix.Length))
        {
            _tooMany = true;
            Clear();
            return;
        }
        if (!_prefixes.GetAlternateLookup<ReadOnlySpan<byte>>().Add(prefix)) return;
        Bytes += prefix.Length + Overhead;
        if (!_hashes.TryGetValue(prefix.Length, out var hashes)) _hashes.Add(prefix.Length, hashes = []);
        var hash = Hash(Seed, prefix);
        hashes[hash] = hashes.GetValueOrDefault(hash) + 1;
    }

    public void Remove(ReadOnlySpan<byte> prefix)
    {
        if (!_prefixes.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(prefix)) return;
        Bytes -= prefix.Length + Overhead;
        var hashes = _hashes[prefix.Length];
        var hash = Hash(Seed, prefix);
        if (--hashes[hash] > 0) return;
        hashes.Remove(hash);
        if (hashes.Count == 0) _hashes.Remove(prefix.Length);
    }

    /// <summary>Takes what a subscriber says: a message with 1, or 0 to cancel, and the prefix.</summary>
    public void Hear(ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty) return;
        if (word[0] == 1) Add(word[1..]);
        else if (word[0] == 0) Remove(word[1..]);
    }

    /// <summary>Whether anybody subscribes to a prefix of this frame.</summary>
    public bool Matches(ReadOnlySpan<byte> frame)
    {
        if (_tooMany) return true;
        var (hash, hashed) = (Seed, 0);
        for (var i = 0; i < _hashes.Count; i++)
        {
            var length = _hashes.Keys[i];
            if (length > frame.Length) return false;
            hash = Hash(hash, frame[hashed..length]);
            hashed = length;
            if (_hashes.Values[i].ContainsKey(hash) && _prefixes.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(frame[..length])) return true;
        }
        return false;
    }

    private static ulong Hash(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes) hash = (hash ^ one) * 0x9E3779B97F4A7C15;
        return hash;
    }

    private void Clear()
    {
        // Not only emptied: what a set has had room for it keeps.
        _prefixes = new(BytesComparer.Instance);
        _hashes.Clear();
        Bytes = 0;
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
