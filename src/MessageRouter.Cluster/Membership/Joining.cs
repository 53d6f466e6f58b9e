using Akka.Actor;
using MessageRouter.Clustering;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Has a node join: asks at the doors of the seed nodes, joins at the first that is a member, and goes on until it is one itself. The first seed node begins a
/// cluster where nobody answers for a while.
/// </summary>
internal sealed class Joining
{
    /// <summary>How long a door may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Between two tries of a node that was refused.</summary>
    private static readonly TimeSpan PauseOfRefused = TimeSpan.FromSeconds(5);

    /// <summary>How often the first seed node asks the others before it begins a cluster: two that are started together must not both.</summary>
    private const int TriesOfFirst = 2;

    /// <summary>How long it may take to be a member of those that it was let in by.</summary>
    private static readonly TimeSpan PatienceInside = TimeSpan.FromSeconds(10);

    private readonly Akka.Cluster.Cluster _cluster;
    private readonly ActorSystem _system;
    private readonly ClusterOptions _options;
    private readonly ClusterView _view;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _node;
    private readonly ClusterAddress _self;
    private string? _lastProblem;

    public Joining(ActorSystem system, ClusterOptions options, string node, ClusterView view, TimeProvider clock, ILogger logger)
    {
        (_system, _options, _node, _view, _clock, _logger) = (system, options, node, view, clock, logger);
        _cluster = Akka.Cluster.Cluster.Get(system);
        _self = options.Address;
    }

    /// <summary>Why it is not a member yet; null where that is not known.</summary>
    public string? Problem { get; private set; }

    public bool IsRefused { get; private set; }

    /// <summary>What this node says at a door.</summary>
    public Hello Hello => new(Membership.Hello.Version, _options.Name, _node, _self.ToString(), _clock.GetUtcNow());

    /// <summary>Ends when the node is a member; it does not fail.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var others = _options.Seeds.Where(seed => seed != _self).ToList();
        var isFirst = _options.Seeds[0] == _self;
        for (var tries = 0; !cancellation.IsCancellationRequested; tries++)
        {
            var answers = await Task.WhenAll(others.Select(seed => AskAsync(seed, cancellation)));
            if (answers.FirstOrDefault(answer => answer.Word is Refused) is { Word: Refused refused } refusal)
            {
                IsRefused = true;
                Say(refused.Reason, () => MembershipLog.Refused(_logger, refusal.Seed.ToString(), refused.Reason));
                await Wait(PauseOfRefused, cancellation);
                continue;
            }
            IsRefused = false;
            var inside = answers.FirstOrDefault(answer => answer.Word is Welcome { IsMember: true });
            if (inside.Seed is { } seed)
            {
                _cluster.Join(Door.AddressOf(_system, seed));
            }
            else if (isFirst && (others.Count == 0 || tries + 1 >= TriesOfFirst))
            {
                if (others.Count > 0) MembershipLog.Begins(_logger, _options.Name);
                _cluster.Join(Door.AddressOf(_system, _self));
            }
            else
            {
                var seeds = string.Join(", ", others);
                Say($"nobody of the cluster answers at {seeds}", () => MembershipLog.Waits(_logger, _options.Name, seeds));
                await Wait(Pause, cancellation);
                continue;
            }
            if (!await IsInsideAsync(cancellation)) continue;
            Problem = null;
            MembershipLog.Joined(_logger, _options.Name, _self.ToString(), _view.Members.Count(member => !member.Line.IsSelf));
            return;
        }
    }

    private void Say(string problem, Action write)
    {
        Problem = problem;
        if (_lastProblem != problem) write();
        _lastProblem = problem;
    }

    private async Task<bool> IsInsideAsync(CancellationToken cancellation)
    {
        var begun = System.Diagnostics.Stopwatch.StartNew();
        while (!_view.IsMember && begun.Elapsed < PatienceInside && !cancellation.IsCancellationRequested) await Wait(TimeSpan.FromMilliseconds(50), cancellation);
        return _view.IsMember;
    }

    private async Task<(ClusterAddress Seed, IWord? Word)> AskAsync(ClusterAddress seed, CancellationToken cancellation) =>
        (seed, await Door.AskAsync<IWord>(_system, seed, Hello, Patience, cancellation));

    private static async Task Wait(TimeSpan time, CancellationToken cancellation) => await Task.Delay(time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
