using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Zmtp;

/// <summary>
/// What the subscribers of a publisher want, to know what nobody does. Bounded: beyond that everything counts as wanted.
/// </summary>
internal sealed class Subscriptions
{
    private const int MostPrefixes = 10_000;
    private const int MostBytes = 1 << 20;

    /// <summary>Each length is looked up for each message.</summary>
    private const int MostLengths = 64;

    private readonly HashSet<byte[]> _prefixes = new(BytesComparer.Instance);
    private readonly SortedDictionary<int, int> _countByLength = [];
    private long _bytes;
    private bool _tooMany;

    public bool Any => _tooMany || _prefixes.Count > 0;

    /// <summary>Whether everything is wanted.</summary>
    public bool MatchesAll => _tooMany || _countByLength.ContainsKey(0);

    public void Add(ReadOnlySpan<byte> prefix)
    {
        if (_tooMany) return;
        if (_prefixes.Count >= MostPrefixes || _bytes + prefix.Length > MostBytes || (_countByLength.Count >= MostLengths && !_countByLength.ContainsKey(prefix.Length)))
        {
            _tooMany = true;
            _prefixes.Clear();
            _countByLength.Clear();
            return;
        }
        if (!_prefixes.Add(prefix.ToArray())) return;
        _bytes += prefix.Length;
        _countByLength[prefix.Length] = _countByLength.GetValueOrDefault(prefix.Length) + 1;
    }

    public void Remove(ReadOnlySpan<byte> prefix)
    {
        if (!_prefixes.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(prefix)) return;
        _bytes -= prefix.Length;
        if (--_countByLength[prefix.Length] == 0) _countByLength.Remove(prefix.Length);
    }

    /// <summary>Whether anybody subscribes to a prefix of this frame.</summary>
    public bool Matches(ReadOnlySpan<byte> frame)
    {
        if (_tooMany) return true;
        var lookup = _prefixes.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (var length in _countByLength.Keys)
        {
            if (length > frame.Length) return false;
            if (lookup.Contains(frame[..length])) return true;
        }
        return false;
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
