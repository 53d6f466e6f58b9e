using System.Diagnostics.CodeAnalysis;
using MessageRouter.Ledger;

namespace MessageRouter.Sequences;

/// <summary>The sources whose sequences are followed, as many as are remembered; the one that has said nothing for longest makes room for a new one.</summary>
/// <param name="most">How many are remembered.</param>
/// <param name="window">See <see cref="Sequence"/>.</param>
/// <param name="largestGap">Likewise.</param>
/// <param name="counts">What is counted for all of them.</param>
internal sealed class SequenceSources(int most, int window, long largestGap, GapCounts counts)
{
    private readonly Dictionary<byte[], LinkedListNode<Source>> _known = new(ByName.Instance);

    /// <summary>Who has said something last stands first.</summary>
    private readonly LinkedList<Source> _byAge = [];

    public int Count => _known.Count;

    /// <summary>The source of this name; null where it is not known.</summary>
    public Sequence? Find(ReadOnlySpan<byte> name) => TryFind(name, out var node) ? node.Value.Sequence : null;

    /// <summary>The source of this name, which is known from now on.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="lost">What is lost of the source that is forgotten for it.</param>
    public Sequence Of(ReadOnlySpan<byte> name, out long lost)
    {
        lost = 0;
        if (TryFind(name, out var node))
        {
            if (_byAge.First != node)
            {
                _byAge.Remove(node);
                _byAge.AddFirst(node);
            }
            return node.Value.Sequence;
        }
        if (_known.Count == most) lost = ForgetOldest();
        var source = new Source(name.ToArray(), new Sequence(window, largestGap, counts));
        _known.Add(source.Name, _byAge.AddFirst(source));
        counts.Sources.Add(1);
        return source.Sequence;
    }

    /// <summary>Nothing more will come of any; all are forgotten.</summary>
    /// <returns>How many numbers are lost by that.</returns>
    public long End()
    {
        var lost = _byAge.Sum(source => source.Sequence.End());
        counts.Sources.Add(-_known.Count);
        _byAge.Clear();
        _known.Clear();
        return lost;
    }

    /// <summary>Nearly always it is the one that has said something last.</summary>
    private bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out LinkedListNode<Source>? node)
    {
        node = _byAge.First;
        if (node is not null && name.SequenceEqual(node.Value.Name)) return true;
        return _known.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out node);
    }

    private long ForgetOldest()
    {
        var oldest = _byAge.Last!;
        _byAge.Remove(oldest);
        _known.Remove(oldest.Value.Name);
        counts.Sources.Add(-1);
        counts.Forgotten.Add(1);
        return oldest.Value.Sequence.End();
    }

    private sealed record Source(byte[] Name, Sequence Sequence);

    private sealed class ByName : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByName Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] name) => GetHashCode(name.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            // Seeded anew by each process, so that nobody chooses names that meet.
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
