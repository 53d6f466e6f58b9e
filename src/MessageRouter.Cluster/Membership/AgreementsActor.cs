using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Akka.Event;
using MessageRouter.Cluster.Pools;
using MessageRouter.Cluster.Singletons;
using MessageRouter.Cluster.State;
using MessageRouter.Cluster.Streams;
using MessageRouter.Clustering;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Follows whose the keys of streams are, who is a singleton, and how many copies each node has, and decides it where this node is the oldest one and stays. Before it does, it reads what every node has: whatever has been agreed on is known to all
/// whom it concerns. There are no two at a time: one that leaves knows it before another one sees it go.
/// </summary>
internal sealed class AgreementsActor : ReceiveActor, IWithTimers
{
    private static readonly ValueTold NotHere = new(ValueOutcome.NotHere);

    private static readonly ReadAll OfAll = new(TimeSpan.FromSeconds(1));

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly ClusterView _view;
    private readonly ILogger _logger;
    private readonly Dictionary<UniqueAddress, Member> _members = [];

    /// <summary>Those that are down, and not removed yet.</summary>
    private readonly HashSet<UniqueAddress> _downed = [];
    private readonly Agreements<SlotTable> _tables = new("slots");
    private readonly Agreements<SingletonHolder> _holders = new("singletons");
    private readonly Agreements<SharedValue> _values = new("values");
    private readonly Agreements<PoolShares> _pools = new("pools");
    private readonly ValueDesk _desk;
    private IReadOnlyDictionary<string, NodeProfile?> _profiles = new Dictionary<string, NodeProfile?>();

    /// <summary>What every node has is still to be read.</summary>
    private readonly HashSet<string> _unread = [];
    private readonly Func<long> _awake;
    private long? _readWhenAwake;

    /// <param name="view">Where it is kept what has been agreed on.</param>
    /// <param name="awake">Which time it is that the process runs without a long pause; negative where it may not.</param>
    /// <param name="logger">The log.</param>
    public AgreementsActor(ClusterView view, Func<long> awake, ILogger logger)
    {
        (_view, _awake, _logger) = (view, awake, logger);
        _desk = new ValueDesk(_values, _replicator, _cluster.SelfUniqueAddress);
        Receive<Look>(_ => Decide());
        Receive<Changed>(changed => Take(changed.Key, changed.Get));
        Receive<GetSuccess>(read =>
        {
            HasRead(read);
            Take(read.Key, read.Get);
        });
        Receive<NotFound>(read =>
        {
            HasRead(read);
            Decide();
        });
        Receive<GetFailure>(failed => Timers.StartSingleTimer(failed.Key.Id, new ReadAgain(failed.Key), Pause));
        Receive<ReadAgain>(again =>
        {
            if (_unread.Contains(again.Key.Id)) Read(again.Key);
        });
        Receive<ClusterEvent.MemberRemoved>(removed =>
        {
            _members.Remove(removed.Member.UniqueAddress);
            if (!_downed.Remove(removed.Member.UniqueAddress) && removed.PreviousStatus == MemberStatus.Down) BeginMargin();
            Decide();
        });
        Receive<Margin>(_ => Decide());
        Receive<ClusterEvent.IMemberEvent>(changed =>
        {
            _members[changed.Member.UniqueAddress] = changed.Member;
            if (changed is ClusterEvent.MemberDowned && _downed.Add(changed.Member.UniqueAddress)) BeginMargin();
            Decide();
        });
        Receive<ReadValue>(read => Answer(MayDecideValues ? _desk.Read(read, Sender) : NotHere));
        Receive<WriteValue>(write => Answer(MayDecideValues ? _desk.Write(write, Sender) : NotHere));
        Receive<ResizePool>(resize => Sender.Tell(new PoolTold(!MayDecideValues ? PoolOutcome.NotHere : Resize(resize) ? PoolOutcome.Resized : PoolOutcome.Unknown)));
        Receive<IUpdateResponse>(response => _desk.Take(response));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, Pause);
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, [typeof(ClusterEvent.IMemberEvent)]);
        foreach (var key in Keys) _replicator.Tell(Dsl.Subscribe(key, Self));
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private LWWDictionaryKey<string, string>[] Keys => [_tables.Key, _holders.Key, _values.Key, _pools.Key, MembersActor.Profiles];

    /// <param name="told">Null where the others are asked first.</param>
    private void Answer(ValueTold? told)
    {
        if (told is not null) Sender.Tell(told);
    }

    private void Read(IKey key) => _replicator.Tell(new Get(key, OfAll, _readWhenAwake));

    private void HasRead(IGetResponse response)
    {
        if (Equals(response.Request, _readWhenAwake)) _unread.Remove(response.Key.Id);
    }

    private void Take(IKey key, Func<IKey<LWWDictionary<string, string>>, LWWDictionary<string, string>> get)
    {
        var told = get((IKey<LWWDictionary<string, string>>)key);
        if (key.Id == MembersActor.Profiles.Id) _profiles = told.Entries.ToDictionary(entry => entry.Key, entry => NodeProfile.FromJson(entry.Value));
        else if (key.Id == _tables.Key.Id) _tables.Keep(told);
        else if (key.Id == _holders.Key.Id) _holders.Keep(told);
        else if (key.Id == _pools.Key.Id) _pools.Keep(told);
        else _values.Keep(told);
        Tell();
        Decide();
    }

    private void BeginMargin()
    {
        // Who is unreachable and not down may be given up in a moment.
        var unreachable = _cluster.State.Unreachable.Select(member => member.UniqueAddress).ToHashSet();
        var members = _members.Values.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving).ToList();
        var goOn = members.Count(member => !unreachable.Contains(member.UniqueAddress));
        var margin = Margin.Of(goOn, givenUp: members.Count - goOn + Math.Max(1, _downed.Count));
        Timers.StartSingleTimer(margin, margin, margin.Length);
    }

    private void Tell()
    {
        _view.SetTables(_tables.All);
        _view.Singletons.Set(_holders.All);
        _view.Pools.Set(_pools.All);
    }

    /// <returns>False where there is no such thing on any node.</returns>
    private bool Resize(ResizePool resize)
    {
        if (_pools[resize.Name] is not { } pool || !_profiles.Values.Any(profile => profile?.Pools.Any(candidate => candidate.Name == resize.Name) == true)) return false;
        var self = _cluster.SelfUniqueAddress;
        _replicator.Tell(_pools.Decide(pool with { Total = resize.Total, Epoch = AgreementEpoch.After(pool.Epoch, self.Uid) }, self));
        Decide();
        return true;
    }

    private void Decide()
    {
        _view.Oldest = Oldest is { } first ? new ClusterAddress(first.Address.Host, first.Address.Port ?? 0) : null;
        if (!IsOldest || _awake() is not (>= 0 and var awake))
        {
            _readWhenAwake = null;
            return;
        }
        if (_readWhenAwake != awake)
        {
            _readWhenAwake = awake;
            _desk.Begin();
            foreach (var key in Keys)
            {
                _unread.Add(key.Id);
                Read(key);
            }
        }
        if (!MayDecide || WaitsForTheDowned) return;
        var self = _cluster.SelfUniqueAddress;
        var nodes = _members.Values.Where(member => member.Status is not (MemberStatus.Joining or MemberStatus.WeaklyUp))
            .Select(member => _profiles.GetValueOrDefault(MembersActor.KeyOf(member.UniqueAddress))).OfType<NodeProfile>().ToList();
        foreach (var table in SlotCoordinator.Next(_tables.All, nodes, self.Uid))
        {
            MembershipLog.Slots(_logger, table.Stream, table.Epoch, table.Held);
            _replicator.Tell(_tables.Decide(table, self));
        }
        foreach (var pool in PoolCoordinator.Next(_pools.All, nodes, self.Uid))
        {
            MembershipLog.Placed(_logger, pool.Name, pool.Total, string.Join(", ", pool.Shares.Where(share => share.Value > 0).OrderBy(share => share.Key, StringComparer.Ordinal).Select(share => $"{share.Key} {share.Value}")));
            _replicator.Tell(_pools.Decide(pool, self));
        }
        foreach (var holder in SingletonCoordinator.Next(_holders.All, nodes, self.Uid)) _replicator.Tell(_holders.Decide(holder, self));
    }

    private Member? Oldest => _members.Values.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving).Order(Member.AgeOrdering).FirstOrDefault();

    private bool IsOldest => Oldest is { Status: MemberStatus.Up } oldest && oldest.UniqueAddress.Equals(_cluster.SelfUniqueAddress);

    /// <summary>Whether it is this node that decides, and knows what has been decided.</summary>
    private bool MayDecide => IsOldest && _readWhenAwake is { } read && read == _awake() && _unread.Count == 0;

    /// <summary>A former decider that is down may still answer for a moment: until then nobody else writes.</summary>
    private bool MayDecideValues => MayDecide && !WaitsForTheDowned;

    private bool WaitsForTheDowned => Timers.IsTimerActive(Margin.OfTheFew) || Timers.IsTimerActive(Margin.OfTheMany);

    private sealed class Look : IDeadLetterSuppression
    {
        public static readonly Look Instance = new();
    }

    private sealed record ReadAgain(IKey Key) : IDeadLetterSuppression;
}
