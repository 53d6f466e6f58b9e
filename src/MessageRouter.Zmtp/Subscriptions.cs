namespace MessageRouter.Zmtp;

/// <summary>What one subscriber wants. How many there may be is the matter of who lets it subscribe (<see cref="Limits.SubscriberLimit"/>).</summary>
/// <param name="index">Where it is looked up with those of others.</param>
/// <param name="subscriber">Who wants it; as whoever has the index likes.</param>
internal sealed class Subscriptions(SubscriptionIndex index, object? subscriber = null)
{
    /// <summary>What a subscription takes beside its prefix, at most and about: two nodes, and its places in them and here.</summary>
    public const int Overhead = 320;

    private const int LeastRoom = 16;

    /// <summary>The nodes of its prefixes, and its place in each.</summary>
    private readonly Dictionary<PrefixNode, int> _nodes = [];

    /// <summary>What one subscriber wants who is looked up alone.</summary>
    public Subscriptions()
        : this(new SubscriptionIndex())
    {
    }

    public object? Subscriber => subscriber;

    public bool Any => _nodes.Count > 0;

    /// <summary>How many there are.</summary>
    public int Count => _nodes.Count;

    /// <summary>The bytes that they take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether everything is wanted.</summary>
    public bool MatchesAll { get; private set; }

    /// <summary>The places of messages that are wanted, of those that were looked up last; empty where everything is (<see cref="SubscriptionIndex.Look"/>).</summary>
    public List<int> Places { get; } = [];

    /// <summary>What is subscribed to, in no order.</summary>
    public IEnumerable<byte[]> Prefixes => _nodes.Keys.Select(node => node.Prefix());

    /// <returns>Whether it was not there.</returns>
    public bool Add(ReadOnlySpan<byte> prefix)
    {
        var node = index.Root.Grow(prefix);
        if (!_nodes.TryAdd(node, node.Subscribers.Length)) return false;
        node.Add(this);
        CountBytes(prefix.Length + Overhead);
        if (node == index.Root) MatchesAll = true;
        return true;
    }

    /// <returns>Whether it was there.</returns>
    public bool Remove(ReadOnlySpan<byte> prefix)
    {
        if (index.Root.Find(prefix) is not { } node || !_nodes.Remove(node, out var place)) return false;
        Leave(node, place);
        CountBytes(-(prefix.Length + Overhead));
        if (node == index.Root) MatchesAll = false;

        // What it has had room for a dictionary keeps.
        if (_nodes.Capacity > LeastRoom && _nodes.Count < _nodes.Capacity / 4) _nodes.TrimExcess(_nodes.Capacity / 2);
        return true;
    }

    /// <summary>Nothing is wanted any more.</summary>
    public void Clear()
    {
        foreach (var (node, place) in _nodes) Leave(node, place);
        _nodes.Clear();
        _nodes.TrimExcess();
        Places.Clear();
        CountBytes(-Bytes);
        MatchesAll = false;
    }

    /// <summary>Takes what a subscriber says: a message with 1, or 0 to cancel, and the prefix.</summary>
    public void Hear(ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty) return;
        if (word[0] == 1) Add(word[1..]);
        else if (word[0] == 0) Remove(word[1..]);
    }

    /// <summary>Whether a message is wanted that begins with this frame.</summary>
    public bool Matches(ReadOnlySpan<byte> frame)
    {
        if (MatchesAll) return true;
        for (var node = index.Root.Next(ref frame); node is not null; node = node.Next(ref frame))
        {
            if (_nodes.ContainsKey(node)) return true;
        }
        return false;
    }

    /// <summary>It stands elsewhere in one of its nodes.</summary>
    internal void Moved(PrefixNode node, int place) => _nodes[node] = place;

    private void Leave(PrefixNode node, int place)
    {
        node.RemoveAt(place);
        node.Wither();
    }

    private void CountBytes(long bytes)
    {
        Bytes += bytes;
        index.Bytes += bytes;
    }
}
