using Akka.Actor;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Pools;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster.Membership;

/// <summary>Asks who wants to join who it is, and says why where it cannot.</summary>
internal sealed class Door : ReceiveActor
{
    public const string Name = "door";

    /// <summary>By how much clocks may differ: times of members are compared.</summary>
    private static readonly TimeSpan MostApart = TimeSpan.FromSeconds(10);

    /// <summary>A name with its section before it.</summary>
    private const int LongestName = 200;

    /// <param name="self">What this node would say itself.</param>
    /// <param name="view">Who is there.</param>
    /// <param name="control">What others may have the node do.</param>
    /// <param name="reload">Has it reload.</param>
    /// <param name="agreements">Decides with the others.</param>
    /// <param name="clock">The node's clock.</param>
    /// <param name="logger">The log.</param>
    public Door(Hello self, ClusterView view, ClusterControl control, OwnReload reload, IActorRef agreements, TimeProvider clock, ILogger logger)
    {
        var throttle = new LogThrottle(clock);
        Receive<Hello>(hello =>
        {
            if (Problem(hello, self, view, clock.GetUtcNow()) is not ({ } reason, { } problem))
            {
                Sender.Tell(new Welcome(view.IsMember));
                return;
            }
            view.CountRefused(reason);
            throttle.Write(suppressed => MembershipLog.TurnedAway(logger, hello.Node, hello.Address, problem, suppressed));
            Sender.Tell(new Refused(problem));
        });
        Receive<TakenToBeGone>(gone => IsFromAnother(view) && gone.Uid == Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress.Uid, _ =>
        {
            // Whoever has said so may be gone before the others hear of it.
            MembershipLog.ToldToBeGone(logger, From);
            view.HearThatItIsGone();
            var cluster = Akka.Cluster.Cluster.Get(Context.System);
            cluster.Down(cluster.SelfAddress);
        });
        Receive<TellStatus>(_ => Sender.Tell(new StatusTold(view.Report())));
        Receive<ReadValue>(read => MayShare(view) && IsText(read.Key, IClusterState.LongestKey), agreements.Forward);
        Receive<WriteValue>(write => MayShare(view) && IsText(write.Key, IClusterState.LongestKey) && write.Value is { Length: <= IClusterState.LongestValue }, agreements.Forward);
        Receive<ResizePool>(resize => MayShare(view) && IsText(resize.Name, LongestName) && resize.Total is >= 0 and <= PlacementOptions.MostInAll, agreements.Forward);
        Receive<ReloadMember>(word =>
        {
            var (from, request) = (From, word.Request);
            var member = view.Members.FirstOrDefault(member => member.Line.Address == from && member.Line is { IsSelf: false, State: "up" })?.Line;
            var problem = member is null ? $"{self.Node} does what members of its cluster ask it, and {from} is none" : ReloadConsent.Problem(self.Node, control, request);
            MembershipLog.AskedToReload(logger, member?.Name ?? from, Said(request), problem is null ? "." : $": {problem}.");
            if (problem is not null) Sender.Tell(new ReloadTold(new MemberReload { Problem = problem, IsRefused = true }.ToJson()));
            else Task.Run(() => ReloadAsync(reload, request, member!.Name)).PipeTo(Sender);
        });
    }

    /// <summary>Where the word has come from; empty for this node itself.</summary>
    private string From => Sender.Path.Address is { Host: { } host, Port: { } port } ? new ClusterAddress(host, port).ToString() : "";

    private bool MayShare(ClusterView view) => From is var from && (from.Length == 0 || view.Members.Any(member => member.Line.Address == from));

    private bool IsFromAnother(ClusterView view) => view.Members.Any(member => member.Line.Address == From && member.Line is { IsSelf: false, State: not "down" });

    private static bool IsText(string? text, int longest) => text is { Length: > 0 } && text.Length <= longest;

    private static async Task<ReloadTold> ReloadAsync(OwnReload reload, MemberReloadRequest request, string from) => new((await reload.RunAsync(request, from, CancellationToken.None)).ToJson());

    private static string Said(MemberReloadRequest request) => request switch
    {
        { End: ReloadEnd.Undone } => "to go back to what it was, since not all nodes could reload",
        { End: not null } => "to stay as it is, since all nodes have reloaded",
        { Plan: true, Files: null } => "what a reload would do",
        { Plan: true } => "what a reload with files that it brings would do",
        { Files: null } => "to reload",
        _ => "to reload with files that it brings",
    };

    /// <summary>Where a node of a cluster is, for Akka.</summary>
    public static Address AddressOf(ActorSystem system, ClusterAddress at) => new(Akka.Cluster.Cluster.Get(system).SelfAddress.Protocol, AkkaSettings.SystemName, at.Host, at.Port);

    /// <summary>Says something at another node's door to which there is no answer.</summary>
    public static void Tell(ActorSystem system, ClusterAddress at, IWord word, IActorRef from) => Of(system, at).Tell(word, from);

    /// <summary>Says something at another node's door.</summary>
    /// <returns>The answer; null where none comes in time.</returns>
    public static async Task<T?> AskAsync<T>(ActorSystem system, ClusterAddress at, IWord word, TimeSpan patience, CancellationToken cancellation)
        where T : class, IWord
    {
        try
        {
            return await Of(system, at).Ask<T>(word, patience, cancellation);
        }
        catch (Exception exception) when (exception is AskTimeoutException or OperationCanceledException)
        {
            return null;
        }
    }

    private static ActorSelection Of(ActorSystem system, ClusterAddress at) => system.ActorSelection(new RootActorPath(AddressOf(system, at)) / "user" / Name);

    private static (string Reason, string Text)? Problem(Hello hello, Hello self, ClusterView view, DateTimeOffset now)
    {
        if (hello.Speaks != self.Speaks) return (JoinRefusals.Version, $"{self.Node} speaks version {self.Speaks} of the cluster's words, and {hello.Node} version {hello.Speaks}: let both be of one version of the router");
        if (hello.Cluster != self.Cluster) return (JoinRefusals.Cluster, $"{self.Node} is a node of the cluster {self.Cluster}, and {hello.Node} one of {hello.Cluster}: they look for each other, by `seed-nodes` or `discovery`, and have two names");
        if ((hello.Time - now).Duration() is var apart && apart > MostApart)
            return (JoinRefusals.Clock, $"the clock of {hello.Node} is {apart.TotalSeconds:0} s {(hello.Time > now ? "ahead of" : "behind")} that of {self.Node}: set them right");
        if (hello.Node == self.Node && hello.Address != self.Address) return SameName(hello.Node, self.Address);
        return view.AddressOf(hello.Node) is { } address && address != hello.Address ? SameName(hello.Node, address) : null;
    }

    private static (string Reason, string Text) SameName(string node, string address) => (JoinRefusals.Name, $"there is a node {node} already, at {address}: give each node a `name` of its own");
}
