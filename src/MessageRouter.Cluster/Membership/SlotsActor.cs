using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Akka.Event;
using MessageRouter.Cluster.Streams;
using MessageRouter.Clustering;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Follows whose the keys of streams are, and decides it where this node is the oldest one and stays. Before it does, it reads what every node has: whatever has been agreed on is known to all who feed the stream.
/// There are no two at a time: one that leaves knows it before another one sees it go.
/// </summary>
internal sealed class SlotsActor : ReceiveActor, IWithTimers
{
    private static readonly LWWDictionaryKey<string, string> Tables = new("slots");

    private static readonly ReadAll OfAll = new(TimeSpan.FromSeconds(1));

    private static readonly WriteAll ToAll = new(TimeSpan.FromSeconds(1));

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly ClusterView _view;
    private readonly ILogger _logger;
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly Dictionary<string, SlotTable> _tables = [];
    private IReadOnlyDictionary<string, NodeProfile?> _profiles = new Dictionary<string, NodeProfile?>();

    /// <summary>What every node has is still to be read.</summary>
    private readonly HashSet<string> _unread = [];
    private readonly Func<long> _awake;
    private long? _readWhenAwake;

    /// <param name="view">Where the tables are kept.</param>
    /// <param name="awake">Which time it is that the process runs without a long pause; negative where it may not.</param>
    /// <param name="logger">The log.</param>
    public SlotsActor(ClusterView view, Func<long> awake, ILogger logger)
    {
        (_view, _awake, _logger) = (view, awake, logger);
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
            Decide();
        });
        Receive<ClusterEvent.IMemberEvent>(changed =>
        {
            _members[changed.Member.UniqueAddress] = changed.Member;
            Decide();
        });
        Receive<IUpdateResponse>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, Pause);
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, [typeof(ClusterEvent.IMemberEvent)]);
        _replicator.Tell(Dsl.Subscribe(Tables, Self));
        _replicator.Tell(Dsl.Subscribe(MembersActor.Profiles, Self));
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Read(IKey key) => _replicator.Tell(new Get(key, OfAll, _readWhenAwake));

    private void HasRead(IGetResponse response)
    {
        if (Equals(response.Request, _readWhenAwake)) _unread.Remove(response.Key.Id);
    }

    private void Take(IKey key, Func<IKey<LWWDictionary<string, string>>, LWWDictionary<string, string>> get)
    {
        if (key.Id == Tables.Id) Keep(get(Tables).Entries.Values.Select(SlotTable.FromJson).OfType<SlotTable>());
        else _profiles = get(MembersActor.Profiles).Entries.ToDictionary(entry => entry.Key, entry => NodeProfile.FromJson(entry.Value));
        Decide();
    }

    private void Keep(IEnumerable<SlotTable> tables)
    {
        foreach (var table in tables.Where(table => !_tables.TryGetValue(table.Stream, out var known) || known.Epoch < table.Epoch)) _tables[table.Stream] = table;
        _view.SetTables(_tables.Values);
    }

    private void Decide()
    {
        if (!IsOldest || _awake() is not (>= 0 and var awake))
        {
            _readWhenAwake = null;
            return;
        }
        if (_readWhenAwake != awake)
        {
            _readWhenAwake = awake;
            foreach (var key in (IKey[])[Tables, MembersActor.Profiles])
            {
                _unread.Add(key.Id);
                Read(key);
            }
        }
        if (_unread.Count > 0) return;
        var self = _cluster.SelfUniqueAddress;
        var nodes = _members.Values.Where(member => member.Status is not (MemberStatus.Joining or MemberStatus.WeaklyUp))
            .Select(member => _profiles.GetValueOrDefault(MembersActor.KeyOf(member.UniqueAddress))).OfType<NodeProfile>().ToList();
        foreach (var table in SlotCoordinator.Next(_tables.Values, nodes, self.Uid))
        {
            var (stream, epoch, json) = (table.Stream, table.Epoch, table.ToJson());
            _tables[stream] = table;
            MembershipLog.Slots(_logger, stream, epoch, table.Held);

            // The newest one counts, whoever writes it and whatever clocks show.
            _replicator.Tell(Dsl.Update(Tables, LWWDictionary<string, string>.Empty, ToAll, tables =>
                tables.TryGetValue(stream, out var known) && SlotTable.FromJson(known)?.Epoch >= epoch ? tables : tables.SetItem(self, stream, json, (_, _) => epoch)));
        }
    }

    private bool IsOldest =>
        _members.Values.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving).Order(Member.AgeOrdering).FirstOrDefault() is { Status: MemberStatus.Up } oldest
        && oldest.UniqueAddress.Equals(_cluster.SelfUniqueAddress);

    private sealed class Look : IDeadLetterSuppression
    {
        public static readonly Look Instance = new();
    }

    private sealed record ReadAgain(IKey Key) : IDeadLetterSuppression;
}
