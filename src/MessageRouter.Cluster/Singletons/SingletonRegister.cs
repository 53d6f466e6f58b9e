using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Singletons;

/// <summary>The singletons that components of this node can be, and who the cluster has agreed on. It outlives the cluster's actor systems. Callable from any thread.</summary>
/// <param name="ownChanged">Called when what this node tells of itself has changed.</param>
internal sealed class SingletonRegister(Action ownChanged) : ISingletons
{
    private readonly Lock _lock = new();
    private readonly List<SingletonClaim> _claims = [];
    private readonly Dictionary<SingletonClaim, LackedRole> _lacking = [];
    private readonly Dictionary<string, SingletonHolder> _holders = [];

    /// <summary>Which time it is that the process runs without a long pause; negative where it may not.</summary>
    public Func<long> Awake { get; set; } = () => 0;

    /// <summary>
    /// Whether more than half of the nodes answer. Where they do not, others may be about to take this one to be gone: they do that after a while, so that whoever stops at once has stopped before
    /// another one begins.
    /// </summary>
    public Func<bool> IsInTouch { get; set; } = () => true;

    /// <summary>The roles of this node.</summary>
    public IReadOnlyList<string> Roles { get; set; } = [];

    /// <summary>What this node can be.</summary>
    public IReadOnlyList<SingletonCandidate> Candidates
    {
        get
        {
            lock (_lock) return [.. _claims.Select(claim => claim.Candidate).Where(candidate => candidate.Number != 0)];
        }
    }

    /// <summary>What it could be, had it the role.</summary>
    public IReadOnlyList<LackedRole> Lacking
    {
        get
        {
            lock (_lock) return [.. _lacking.Values];
        }
    }

    public ISingletonClaim Claim(string name, string role)
    {
        var claim = new SingletonClaim(this, name);
        var hasRole = role.Length == 0 || Roles.Contains(role);
        lock (_lock)
        {
            if (hasRole) _claims.Add(claim);
            else _lacking[claim] = new LackedRole(name, [role], IsSingleton: true);
        }
        if (!hasRole) ownChanged();
        return claim;
    }

    /// <summary>The cluster has agreed on these.</summary>
    public void Set(IEnumerable<SingletonHolder> holders)
    {
        lock (_lock)
        {
            foreach (var holder in holders.Where(holder => !_holders.TryGetValue(holder.Name, out var known) || known.Epoch < holder.Epoch)) _holders[holder.Name] = holder;
        }
        Look();
    }

    /// <summary>This node is not one of the others any more, and what they agree on is not known.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _holders.Clear();
            foreach (var claim in _claims) claim.Forget();
        }
        Look();
    }

    /// <summary>Has all components look whether it is their turn.</summary>
    public void Look()
    {
        SingletonClaim[] claims;
        lock (_lock) claims = [.. _claims];
        foreach (var claim in claims) claim.Look();
    }

    /// <summary>Who is a singleton, as far as that is known; 0 for nobody.</summary>
    public long HolderOf(string name)
    {
        lock (_lock) return _holders.GetValueOrDefault(name)?.Candidate ?? 0;
    }

    /// <summary>All singletons that any node can be, or could until its supervision gave it up, by name.</summary>
    public IReadOnlyList<SingletonStatus> Statuses(IReadOnlyList<KnownMember> members)
    {
        var candidates = members.SelectMany(member => member.Profile?.Singletons.Select(candidate => (member, Candidate: candidate)) ?? []).ToLookup(each => each.Candidate.Name);
        var givenUp = NodesBy(members, profile => profile.GivenUp);
        var failing = NodesBy(members, profile => profile.Failing);
        var isInTouch = IsInTouch();
        lock (_lock)
        {
            return
            [
                .. candidates.Select(each => each.Key).Union(givenUp.Select(each => each.Key)).Order(StringComparer.Ordinal)
                    .Select(name => Status(name, [.. candidates[name]], _holders.GetValueOrDefault(name), isInTouch) with { FailsOn = [.. failing[name]], GivenUpBy = [.. givenUp[name]] }),
            ];
        }
    }

    /// <summary>A claim has another number, or is gone.</summary>
    public void Changed(SingletonClaim claim, bool isGone)
    {
        if (isGone)
        {
            lock (_lock)
            {
                _claims.Remove(claim);
                _lacking.Remove(claim);
            }
        }
        ownChanged();
    }

    private static ILookup<string, string> NodesBy(IReadOnlyList<KnownMember> members, Func<NodeProfile, IReadOnlyList<string>> names) =>
        members.SelectMany(member => member.Profile is { } profile ? names(profile).Select(name => (profile.Node, Name: name)) : []).Distinct().OrderBy(each => each.Node, StringComparer.Ordinal).ToLookup(each => each.Name, each => each.Node);

    private static SingletonStatus Status(string name, IReadOnlyList<(KnownMember Member, SingletonCandidate Candidate)> candidates, SingletonHolder? holder, bool isInTouch)
    {
        var member = candidates.FirstOrDefault(each => each.Candidate.Number == holder?.Candidate).Member;
        return new SingletonStatus(name, member?.Profile!.Node, [.. candidates.Select(each => each.Member.Profile!.Node).Distinct().Order(StringComparer.Ordinal)])
        {
            State = member?.Line switch
            {
                null => null,
                { IsSelf: true } => isInTouch ? SingletonStatus.Reads : SingletonStatus.Closed,
                { IsReachable: true } => SingletonStatus.Reads,
                _ => SingletonStatus.Away,
            },
            Epoch = holder is null ? null : AgreementEpoch.Text(holder.Epoch),
        };
    }
}
