using System.Runtime.InteropServices;

namespace MessageRouter.Zmtp;

/// <summary>What one subscriber wants. How many there may be is the matter of who lets it subscribe (<see cref="Limits.SubscriberLimit"/>).</summary>
/// <param name="index">Where it is looked up with those of others.</param>
/// <param name="subscriber">Who wants it; as whoever has the index likes.</param>
internal sealed class Subscriptions(SubscriptionIndex index, object? subscriber = null)
{
    /// <summary>What a subscription takes beside its prefix, at most and about: two nodes, its places in them and here, and what it covers.</summary>
    public const int Overhead = 360;

    private const int LeastRoom = 16;

    /// <summary>The nodes of its prefixes, and how it stands with each.</summary>
    private readonly Dictionary<PrefixNode, Seat> _nodes = [];

    /// <summary>Where on the way of a message it was found last, and of which one.</summary>
    private PrefixNode? _foundAt;
    private long _foundFor;

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
        if (!_nodes.TryAdd(node, default)) return false;
        if (OwnAbove(node) is { } above) Hide(node, above);
        else Show(node);
        CountBytes(prefix.Length + Overhead);
        if (node == index.Root) MatchesAll = true;
        return true;
    }

    /// <returns>Whether it was there.</returns>
    public bool Remove(ReadOnlySpan<byte> prefix)
    {
        if (index.Root.Find(prefix) is not { } node || !_nodes.Remove(node, out var seat)) return false;
        Uncover(seat.Cover);
        Leave(node, seat);
        if (seat.Cover is { By: not null } cover) Bare(cover);
        if (_foundAt == node) _foundAt = null;
        CountBytes(-(prefix.Length + Overhead));
        if (node == index.Root) MatchesAll = false;

        // What it has had room for a dictionary keeps.
        if (_nodes.Capacity > LeastRoom && _nodes.Count < _nodes.Capacity / 4) _nodes.TrimExcess(_nodes.Capacity / 2);
        return true;
    }

    /// <summary>Nothing is wanted any more.</summary>
    public void Clear()
    {
        foreach (var (node, seat) in _nodes) Leave(node, seat);
        _nodes.Clear();
        _nodes.TrimExcess();
        _foundAt = null;
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

    /// <summary>It is found at a node on the way of a message. Where it was found above that already it need not be found there any more, and leaves its place to another.</summary>
    /// <param name="node">The node.</param>
    /// <param name="place">Its place there.</param>
    /// <param name="message">A number of the message.</param>
    /// <returns>Whether it is found for the first time.</returns>
    internal bool Find(PrefixNode node, int place, long message)
    {
        var above = _foundFor == message ? _foundAt : MatchesAll ? index.Root : null;
        (_foundAt, _foundFor) = (node, message);
        if (above is null) return true;
        node.RemoveAt(place);
        Hide(node, above);
        return false;
    }

    /// <summary>It has another place in one of its nodes.</summary>
    internal void Moved(PrefixNode node, int place) => SeatAt(node).Place = place;

    private ref Seat SeatAt(PrefixNode node) => ref CollectionsMarshal.GetValueRefOrNullRef(_nodes, node);

    private Cover CoverAt(PrefixNode node) => SeatAt(node).Cover ??= new Cover(node);

    /// <summary>The nearest node above this one that is one of its own.</summary>
    private PrefixNode? OwnAbove(PrefixNode node)
    {
        var above = node.Parent;
        while (above is not null && !_nodes.ContainsKey(above)) above = above.Parent;
        return above;
    }

    /// <summary>It is to be found at one of its nodes.</summary>
    private void Show(PrefixNode node)
    {
        SeatAt(node).Place = node.Subscribers.Length;
        node.Add(this);
    }

    /// <summary>It need not be found at one of its nodes, as it is above that.</summary>
    private void Hide(PrefixNode node, PrefixNode above)
    {
        CoverAt(above).Take(CoverAt(node));
        node.Covered++;
    }

    /// <summary>A prefix goes: those that it made needless no longer are. What else makes them so the next message finds that comes by.</summary>
    private void Uncover(Cover? cover)
    {
        while (cover?.First is { } covered)
        {
            Bare(covered);
            covered.Node.Covered--;
            Show(covered.Node);
        }
    }

    /// <summary>Takes a prefix out of those that another one makes needless.</summary>
    private void Bare(Cover covered)
    {
        var by = covered.By!;
        covered.Leave();
        Forget(by);
        Forget(covered);
    }

    private void Forget(Cover cover)
    {
        if (cover.IsIdle && _nodes.ContainsKey(cover.Node)) SeatAt(cover.Node).Cover = null;
    }

    private void Leave(PrefixNode node, Seat seat)
    {
        if (seat.IsHidden) node.Covered--;
        else node.RemoveAt(seat.Place);
        node.Wither();
    }

    private void CountBytes(long bytes)
    {
        Bytes += bytes;
        index.Bytes += bytes;
    }

    /// <summary>How it stands with one of its prefixes.</summary>
    /// <param name="Place">Its place in the node, where it is to be found there.</param>
    /// <param name="Cover">What that prefix makes needless, and what makes it so; null where nothing is.</param>
    private record struct Seat(int Place, Cover? Cover)
    {
        public readonly bool IsHidden => Cover is { By: not null };
    }
}
