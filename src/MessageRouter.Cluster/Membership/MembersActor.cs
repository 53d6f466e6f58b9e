using System.Globalization;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Akka.Remote;
using MessageRouter.Clustering;
using MessageRouter.Components;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster.Membership;

/// <summary>Follows who comes and goes and what nodes tell of themselves, and tells the others what this one does.</summary>
internal sealed class MembersActor : ReceiveActor
{
    /// <summary>What all nodes tell of themselves.</summary>
    public static readonly LWWDictionaryKey<string, string> Profiles = new("nodes");

    /// <summary>The others learn it at once, where they answer; who does not is told by gossip.</summary>
    private static readonly WriteAll ToAll = new(TimeSpan.FromSeconds(1));

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly ClusterView _view;
    private readonly ILogger _logger;
    private readonly LogThrottle _unconnected;
    private IReadOnlyDictionary<string, NodeProfile?> _profiles = new Dictionary<string, NodeProfile?>();
    private readonly Dictionary<UniqueAddress, string> _came = [];

    // By events alone: what Akka's cluster says of its state may be behind them, and no other would follow.
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private Address? _leader;

    /// <summary>What was said last of each stream that is fed in several ways.</summary>
    private readonly Dictionary<string, string> _problems = [];

    /// <summary>What was said already, as long as it is so.</summary>
    private readonly HashSet<(string Kind, string Subject)> _warned = [];

    private readonly Func<bool> _isLeaving;
    private string? _own;

    /// <param name="view">Where it is kept.</param>
    /// <param name="isLeaving">Whether this node is about to leave: then it is no news who else goes.</param>
    /// <param name="clock">The node's clock.</param>
    /// <param name="logger">The log.</param>
    public MembersActor(ClusterView view, Func<bool> isLeaving, TimeProvider clock, ILogger logger)
    {
        (_view, _isLeaving) = (view, isLeaving);
        _logger = logger;
        _unconnected = new LogThrottle(clock);
        Receive<Publish>(publish =>
        {
            _own = publish.Profile().ToJson();
            Write();
        });
        Receive<LookAtWarnings>(_ => Warn());
        Receive<Changed>(changed =>
        {
            _profiles = changed.Get(Profiles).Entries.ToDictionary(entry => entry.Key, entry => NodeProfile.FromJson(entry.Value));
            Look();
        });
        Receive<ClusterEvent.MemberRemoved>(removed =>
        {
            _members.Remove(removed.Member.UniqueAddress);
            _unreachable.Remove(removed.Member.UniqueAddress);
            if (removed.PreviousStatus == MemberStatus.Down) _view.CountGone();
            if (_came.Remove(removed.Member.UniqueAddress, out var name) && !_isLeaving())
            {
                if (removed.PreviousStatus == MemberStatus.Down) MembershipLog.Gone(_logger, name);
                else MembershipLog.Left(_logger, name);
            }
            Forget(removed.Member);
            Look();
        });
        Receive<ClusterEvent.IMemberEvent>(changed =>
        {
            _members[changed.Member.UniqueAddress] = changed.Member;
            if (changed is ClusterEvent.MemberDowned && !changed.Member.UniqueAddress.Equals(_cluster.SelfUniqueAddress))
            {
                Door.Tell(Context.System, new ClusterAddress(changed.Member.Address.Host, changed.Member.Address.Port ?? 0), new TakenToBeGone(changed.Member.UniqueAddress.Uid), Self);
            }
            if (changed is ClusterEvent.MemberUp && changed.Member.UniqueAddress.Equals(_cluster.SelfUniqueAddress)) Write();
            Look();
        });
        Receive<ClusterEvent.UnreachableMember>(unreachable =>
        {
            _unreachable.Add(unreachable.Member.UniqueAddress);
            MembershipLog.Unreachable(_logger, NameOf(unreachable.Member));
            Look();
        });
        Receive<ClusterEvent.ReachableMember>(reachable =>
        {
            _unreachable.Remove(reachable.Member.UniqueAddress);
            MembershipLog.Reachable(_logger, NameOf(reachable.Member));
            Look();
        });
        Receive<ClusterEvent.LeaderChanged>(changed =>
        {
            _leader = changed.Leader;
            Look();
        });
        Receive<AssociationErrorEvent>(failed =>
        {
            // That nobody listens yet is told by who waits for it, and that he is no more by who has missed him.
            var address = Text(failed.RemoteAddress);
            if (view.Strangers.Contains(address) ? !IsSilence(failed.Cause) : view.IsMember || !IsRefusal(failed.Cause)) _unconnected.Write(suppressed => MembershipLog.Unconnected(_logger, address, Innermost(failed.Cause), suppressed));
        });
        Receive<ThisActorSystemQuarantinedEvent>(_ => Context.System.Terminate());
        Receive<IUpdateResponse>(_ => { });
    }

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            [typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent), typeof(ClusterEvent.LeaderChanged)]);
        _replicator.Tell(Dsl.Subscribe(Profiles, Self));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Write()
    {
        if (_own is not { } own) return;
        var (self, key) = (_cluster.SelfUniqueAddress, KeyOf(_cluster.SelfUniqueAddress));
        _replicator.Tell(Dsl.Update(Profiles, LWWDictionary<string, string>.Empty, ToAll, profiles => profiles.SetItem(self, key, own)));
    }

    /// <summary>What a node has told is taken back for it when it is no more; one of those that are left does it.</summary>
    private void Forget(Member member)
    {
        if (_leader?.Equals(_cluster.SelfAddress) != true) return;
        var (self, key) = (_cluster.SelfUniqueAddress, KeyOf(member.UniqueAddress));
        _replicator.Tell(Dsl.Update(Profiles, LWWDictionary<string, string>.Empty, WriteLocal.Instance, profiles => profiles.Remove(self, key)));
    }

    private void Look()
    {
        // Said when it has told its name.
        foreach (var member in _members.Values.Where(member => member.Status == MemberStatus.Up && !member.UniqueAddress.Equals(_cluster.SelfUniqueAddress) && _profiles.ContainsKey(KeyOf(member.UniqueAddress))))
        {
            if (_came.TryAdd(member.UniqueAddress, NameOf(member))) MembershipLog.Came(_logger, NameOf(member));
        }
        _view.Leader = _leader is { } leader ? Text(leader) : null;
        _view.Set([.. _members.Values.OrderBy(member => member.Address, Member.AddressOrdering).Select(member =>
        {
            var profile = _profiles.GetValueOrDefault(KeyOf(member.UniqueAddress));
            return new KnownMember(
                new ClusterMember(profile?.Node ?? "", Text(member.Address), member.Status == MemberStatus.WeaklyUp ? "weakly-up" : member.Status.ToString().ToLowerInvariant(), !_unreachable.Contains(member.UniqueAddress))
                {
                    Roles = [.. member.Roles.Order(StringComparer.Ordinal)],
                    Version = profile?.Version,
                    IsSelf = member.UniqueAddress.Equals(_cluster.SelfUniqueAddress),
                },
                profile);
        })]);
        foreach (var stream in _view.Streams().Where(stream => stream.Problem != _problems.GetValueOrDefault(stream.Name)))
        {
            if (stream.Problem is null)
            {
                _problems.Remove(stream.Name);
                continue;
            }
            _problems[stream.Name] = stream.Problem;
            MembershipLog.FedInSeveralWays(_logger, stream.Name, stream.Problem);
        }
        Warn();
    }

    private void Warn()
    {
        var warnings = _view.Warnings();
        _warned.IntersectWith(warnings.Select(warning => (warning.Kind, warning.Subject)));
        foreach (var warning in warnings.Where(warning => _warned.Add((warning.Kind, warning.Subject)))) MembershipLog.Warns(_logger, warning.Text);
    }

    private string NameOf(Member member) =>
        _profiles.GetValueOrDefault(KeyOf(member.UniqueAddress)) is { } profile ? $"{profile.Node} ({Text(member.Address)})" : Text(member.Address);

    /// <summary>Under which a node tells it.</summary>
    public static string KeyOf(UniqueAddress address) => string.Create(CultureInfo.InvariantCulture, $"{Text(address.Address)}#{address.Uid}");

    private static string Text(Address address) => new ClusterAddress(address.Host, address.Port ?? 0).ToString();

    private static bool IsRefusal(Exception exception) => exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused } || exception.ToString().Contains("Connection refused", StringComparison.Ordinal);

    private static bool IsSilence(Exception exception) => IsRefusal(exception) || exception.GetBaseException() is SocketException or TimeoutException;

    private static string Innermost(Exception exception) => exception.GetBaseException().Message.TrimEnd('.');

    /// <summary>What this node tells of itself has changed; it is asked for when that is written, since changes overtake each other.</summary>
    public sealed record Publish(Func<NodeProfile> Profile);

    /// <summary>What may not be as it was meant has changed without a word of any node.</summary>
    public sealed class LookAtWarnings
    {
        public static readonly LookAtWarnings Instance = new();
    }
}
