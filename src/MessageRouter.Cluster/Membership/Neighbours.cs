using Akka.Actor;
using MessageRouter.Clustering;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Looks now and then whether there are nodes of another cluster where this one's are looked for, once it is one of its own: nobody would join them any more, and each cluster would take itself for the only one.
/// </summary>
/// <param name="system">The node's part in the cluster.</param>
/// <param name="options">What the configuration says of the cluster.</param>
/// <param name="hello">Says who this node is.</param>
/// <param name="view">What is known of the others.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="logger">The log.</param>
internal sealed class Neighbours(ActorSystem system, ClusterOptions options, Func<Hello> hello, ClusterView view, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);

    /// <summary>Where all nodes ask one API server for as long as they run.</summary>
    private static readonly TimeSpan ShortestPauseOfApiServer = TimeSpan.FromSeconds(30);

    private readonly SeedNodes _seeds = SeedNodes.Of(options, clock);
    private readonly Dictionary<ClusterAddress, string> _refused = [];
    private readonly HashSet<string> _said = [];
    private HashSet<ClusterAddress> _members = [];

    /// <summary>Goes on until it is cancelled; it does not fail.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var shortest = options.Discovery is { Method: DiscoveryMethod.Kubernetes } ? ShortestPauseOfApiServer : ShortestPause;
        var pause = options.SplitBrain.StableAfter > shortest ? options.SplitBrain.StableAfter : shortest;
        while (true)
        {
            await Task.Delay(pause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested)
            {
                view.Apart = [];
                return;
            }
            if (view.IsMember) await LookAsync(cancellation);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var known = view.Members.Select(member => member.Line.Address).ToHashSet();
        var nodes = (await _seeds.FindAsync(cancellation)).Nodes;
        view.Untrusted.Keep(nodes);
        var strangers = nodes.Where(seed => !known.Contains(seed.ToString())).ToList();
        foreach (var gone in _refused.Keys.Except(strangers).ToList()) _refused.Remove(gone);
        view.Strangers = strangers.Select(stranger => stranger.ToString()).ToHashSet();
        var answers = await Task.WhenAll(strangers.Where(stranger => !_refused.ContainsKey(stranger)).Select(async stranger => (Stranger: stranger, Word: await Door.AskAsync<IWord>(system, stranger, hello(), Patience, cancellation))));
        foreach (var (stranger, word) in answers)
        {
            if (word is Refused { Reason: var reason }) _refused[stranger] = reason;
        }

        // Who has just joined, or left, may be a member there and not known here yet: he is asked twice.
        var members = answers.Where(answer => answer.Word is Welcome { IsMember: true }).Select(answer => answer.Stranger).ToHashSet();
        var apart = members.Intersect(_members).ToList();
        _members = members;
        Tell(
        [
            .. apart.Select(each => new ClusterWarning(
                "apart", each.ToString(), $"The node at {each} is in another cluster {options.Name}: the two have begun apart, and no stream leads from one to the other; stop the nodes of one of them, and start these again")),
            .. _refused.Select(each => new ClusterWarning("apart", each.Key.ToString(), $"The node at {each.Key}, where nodes of the cluster {options.Name} are looked for, is none of them: {each.Value}")),
            .. strangers.Select(each => (Address: each, Problem: view.Untrusted[each])).Where(each => each.Problem is not null)
                .Select(each => new ClusterWarning("apart", each.Address.ToString(), $"Who listens at {each.Address}, where nodes of the cluster {options.Name} are looked for, is none of them: the certificate there is refused: {each.Problem}")),
        ]);
    }

    private void Tell(IReadOnlyList<ClusterWarning> warnings)
    {
        view.Apart = warnings;
        _said.IntersectWith(warnings.Select(warning => warning.Subject));
        foreach (var warning in warnings.Where(warning => _said.Add(warning.Subject))) MembershipLog.Warns(logger, warning.Text);
    }
}
