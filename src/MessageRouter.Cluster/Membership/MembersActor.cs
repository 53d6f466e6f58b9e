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
    private static readonly LWWDictionaryKey<string, string> Profiles = new("nodes");

    /// <summary>The others learn it at once, where they answer; who does not is told by gossip.</summary>
    private static readonly WriteAll ToAll = new(TimeSpan.FromSeconds(1));

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly ClusterView _view;
    private readonly ILogger _logger;
    private readonly LogThrottle _unconnected;
    private IReadOnlyDictionary<string, NodeProfile?> _profiles = new Dictionary<string, NodeProfile?>();
    private readonly Dictionary<UniqueAddress, string> _came = [];
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
            _own = publish.Json;
            Write();
        });
        Receive<Changed>(changed =>
        {
            _profiles = changed.Get(Profiles).Entries.ToDictionary(entry => entry.Key, entry => NodeProfile.FromJson(entry.Value));
            Look();
        });
        Receive<ClusterEvent.MemberUp>(up =>
        {
            if (up.Member.UniqueAddress.Equals(_cluster.SelfUniqueAddress)) Write();
            Look();
        });
        Receive<ClusterEvent.MemberRemoved>(removed =>
        {
            if (_came.Remove(removed.Member.UniqueAddress, out var name) && !_isLeaving())
            {
                if (removed.PreviousStatus == MemberStatus.Down) MembershipLog.Gone(_logger, name);
                else MembershipLog.Left(_logger, name);
            }
            Forget(removed.Member);
            Look();
        });
        Receive<ClusterEvent.UnreachableMember>(unreachable =>
        {
            MembershipLog.Unreachable(_logger, NameOf(unreachable.Member));
            Look();
        });
        Receive<ClusterEvent.ReachableMember>(reachable =>
        {
            MembershipLog.Reachable(_logger, NameOf(reachable.Member));
            Look();
        });
        Receive<ClusterEvent.IClusterDomainEvent>(_ => Look());
        Receive<AssociationErrorEvent>(failed =>
        {
            // That nobody listens yet is told by who waits for it.
            var address = Text(failed.RemoteAddress);
            if (view.IsMember || !IsRefusal(failed.Cause)) _unconnected.Write(suppressed => MembershipLog.Unconnected(_logger, address, Innermost(failed.Cause), suppressed));
        });
        Receive<ThisActorSystemQuarantinedEvent>(_ =>
        {
            Context.System.Terminate();
        });
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
        if (_cluster.State.Leader is not { } leader || !leader.Equals(_cluster.SelfAddress)) return;
        var (self, key) = (_cluster.SelfUniqueAddress, KeyOf(member.UniqueAddress));
        _replicator.Tell(Dsl.Update(Profiles, LWWDictionary<string, string>.Empty, WriteLocal.Instance, profiles => profiles.Remove(self, key)));
    }

    private void Look()
    {
        var state = _cluster.State;

        // Said when it has told its name.
        foreach (var member in state.Members.Where(member => member.Status == MemberStatus.Up && !member.UniqueAddress.Equals(_cluster.SelfUniqueAddress) && _profiles.ContainsKey(KeyOf(member.UniqueAddress))))
        {
            if (_came.TryAdd(member.UniqueAddress, NameOf(member))) MembershipLog.Came(_logger, NameOf(member));
        }
        _view.Leader = state.Leader is { } leader ? Text(leader) : null;
        _view.Set([.. state.Members.OrderBy(member => member.Address, Member.AddressOrdering).Select(member =>
        {
            var profile = _profiles.GetValueOrDefault(KeyOf(member.UniqueAddress));
            return new KnownMember(
                new ClusterMember(profile?.Node ?? "", Text(member.Address), member.Status == MemberStatus.WeaklyUp ? "weakly-up" : member.Status.ToString().ToLowerInvariant(), !state.Unreachable.Contains(member))
                {
                    Roles = [.. member.Roles.Order(StringComparer.Ordinal)],
                    Version = profile?.Version,
                    IsSelf = member.UniqueAddress.Equals(_cluster.SelfUniqueAddress),
                },
                profile);
        })]);
    }

    private string NameOf(Member member) =>
        _profiles.GetValueOrDefault(KeyOf(member.UniqueAddress)) is { } profile ? $"{profile.Node} ({Text(member.Address)})" : Text(member.Address);

    private static string KeyOf(UniqueAddress address) => string.Create(CultureInfo.InvariantCulture, $"{Text(address.Address)}#{address.Uid}");

    private static string Text(Address address) => new ClusterAddress(address.Host, address.Port ?? 0).ToString();

    private static bool IsRefusal(Exception exception) => exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused } || exception.ToString().Contains("Connection refused", StringComparison.Ordinal);

    private static string Innermost(Exception exception) => exception.GetBaseException().Message.TrimEnd('.');

    /// <summary>What this node tells of itself from now on.</summary>
    public sealed record Publish(string Json);
}
