using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Membership;

/// <summary>What this node knows of the others, and who wants to hear of it. It outlives the cluster's actor systems. Callable from any thread.</summary>
internal sealed class ClusterView
{
    private readonly Lock _lock = new();
    private readonly List<Follower> _followers = [];
    private volatile IReadOnlyList<KnownMember> _members = [];

    /// <summary>All nodes, in the order of their addresses.</summary>
    public IReadOnlyList<KnownMember> Members => _members;

    /// <summary>The address of the node that leads.</summary>
    public string? Leader { get; set; }

    /// <summary>Whether this node is one of them.</summary>
    public bool IsMember => _members.Any(member => member.Line is { IsSelf: true, State: "up" or "weakly-up" });

    /// <summary>Gives the node's status, for other nodes.</summary>
    public Func<string> Report { get; set; } = () => "";

    /// <summary>Where a node of that name is; null where there is none.</summary>
    public string? AddressOf(string node) => _members.FirstOrDefault(member => member.Line.Node == node && !member.Line.IsSelf && member.Line.State != "down")?.Line.Address;

    public IReadOnlyList<StreamStatus> Streams() =>
    [
        .. _members.SelectMany(member => (member.Profile?.Offers.Select(offer => offer.Stream) ?? []).Concat(member.Profile?.Feeds ?? [])).Distinct().Order(StringComparer.Ordinal)
            .Select(stream => new StreamStatus(
                stream,
                [.. OffersOf(stream).Select(offer => offer.Node)],
                [.. _members.Where(member => member.Profile?.Feeds.Contains(stream) == true).Select(member => member.Profile!.Node)])),
    ];

    public void Set(IReadOnlyList<KnownMember> members)
    {
        lock (_lock)
        {
            _members = members;
            foreach (var follower in _followers) follower.Tell(OffersOf(follower.Stream));
        }
    }

    /// <summary>Tells who takes a stream, at once and whenever that changes.</summary>
    public IDisposable Follow(string stream, Action<IReadOnlyList<StreamOffer>> changed)
    {
        var follower = new Follower(stream, changed);
        lock (_lock)
        {
            _followers.Add(follower);
            follower.Tell(OffersOf(stream));
        }
        return new Disposal(() =>
        {
            lock (_lock) _followers.Remove(follower);
        });
    }

    /// <remarks>Of a node that does not answer too: it may be that only the cluster's own connection is broken, and connections of messages notice by themselves.</remarks>
    private List<StreamOffer> OffersOf(string stream) =>
        [.. _members.Where(member => member.Line.State is "up" or "weakly-up" or "leaving").SelectMany(member => member.Profile?.Offers ?? []).Where(offer => offer.Stream == stream)];

    private sealed class Follower(string stream, Action<IReadOnlyList<StreamOffer>> changed)
    {
        private IReadOnlyList<StreamOffer>? _last;

        public string Stream => stream;

        public void Tell(IReadOnlyList<StreamOffer> offers)
        {
            if (_last is { } last && last.SequenceEqual(offers)) return;
            _last = offers;
            changed(offers);
        }
    }
}

/// <summary>A node of the cluster, with what it has told of itself.</summary>
internal sealed record KnownMember(ClusterMember Line, NodeProfile? Profile);

/// <summary>Does something once.</summary>
internal sealed class Disposal(Action action) : IDisposable
{
    private Action? _action = action;

    public void Dispose() => Interlocked.Exchange(ref _action, null)?.Invoke();
}
