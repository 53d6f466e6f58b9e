using System.Diagnostics;
using System.Net.Sockets;
using Akka.Actor;
using MessageRouter.Clustering;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Has a node join: asks at the doors of the seed nodes, joins at the first that is a member, and goes on until it is one itself. The first of them begins a
/// cluster where nobody answers for a while; where somebody listens who does not, it waits longer.
/// </summary>
internal sealed class Joining
{
    /// <summary>How long a door may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Between two tries that each ask an API server, which has more to do than that.</summary>
    private static readonly TimeSpan PauseOfApiServer = TimeSpan.FromSeconds(2);

    /// <summary>Between two tries of a node that was refused.</summary>
    private static readonly TimeSpan PauseOfRefused = TimeSpan.FromSeconds(5);

    /// <summary>How often the first seed node asks the others before it begins a cluster: two that are started together must not both.</summary>
    private const int TriesOfFirst = 2;

    /// <summary>How long it may take to connect to where somebody listens.</summary>
    private static readonly TimeSpan PatienceToConnect = TimeSpan.FromSeconds(1);

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
    private readonly SeedNodes _seeds;

    /// <summary>How long it is that each of those that were asked was heard, or asked first.</summary>
    private readonly Dictionary<ClusterAddress, Stopwatch> _heard = [];
    private string? _lastProblem;

    private readonly Beginning _beginning;
    private readonly TimeSpan _patienceWithSilence;

    /// <param name="system">The node's part in the cluster.</param>
    /// <param name="options">What the configuration says of the cluster.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="view">What is known of the others.</param>
    /// <param name="beginning">When it begins a cluster, where it is the one that may.</param>
    /// <param name="patienceWithSilence">How long nobody may answer although somebody listens; the first of the seed nodes begins a cluster then.</param>
    /// <param name="clock">The node's clock.</param>
    /// <param name="logger">The log.</param>
    public Joining(ActorSystem system, ClusterOptions options, string node, ClusterView view, Beginning beginning, TimeSpan patienceWithSilence, TimeProvider clock, ILogger logger)
    {
        (_beginning, _patienceWithSilence) = (beginning, patienceWithSilence);
        (_system, _options, _node, _view, _clock, _logger) = (system, options, node, view, clock, logger);
        _cluster = Akka.Cluster.Cluster.Get(system);
        _self = options.Address;
        _seeds = SeedNodes.Of(options, clock);
    }

    /// <summary>Why it is not a member yet; null where that is not known.</summary>
    public string? Problem { get; private set; }

    public bool IsRefused { get; private set; }

    /// <summary>Whether it was given up, with its actor system, since nobody has answered for long although somebody listens: a connection of Akka's may lead nowhere as long as both its ends live.</summary>
    public bool IsUnanswered { get; private set; }

    /// <summary>What this node says at a door.</summary>
    public Hello Hello => new(Membership.Hello.Version, _options.Name, _node, _self.ToString(), _clock.GetUtcNow());

    /// <summary>Ends when the node is a member, or <see cref="IsUnanswered"/>; it does not fail.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var silence = Stopwatch.StartNew();
        for (var tries = 0; !cancellation.IsCancellationRequested; tries++)
        {
            var found = await _seeds.FindAsync(cancellation);
            if (cancellation.IsCancellationRequested) return;
            var others = found.Nodes.Where(seed => seed != _self).ToList();
            var answers = await Task.WhenAll(others.Union(found.Names).Select(seed => AskAsync(seed, cancellation)));
            Remember(answers);
            if (answers.Any(answer => answer.Word is not null)) silence.Restart();
            if (answers.FirstOrDefault(answer => answer.Word is Refused) is { Word: Refused refused } refusal)
            {
                IsRefused = true;
                Say(refused.Reason, () => MembershipLog.Refused(_logger, refusal.Seed.ToString(), refused.Reason));
                await Wait(PauseOfRefused, cancellation);
                continue;
            }
            IsRefused = false;
            found = _seeds.Heard(found, [.. answers.Where(answer => answer.Word is Welcome).Select(answer => answer.Seed)]);
            var inside = answers.FirstOrDefault(answer => answer.Word is Welcome { IsMember: true });
            var begins = inside.Seed is null && found.MayBegin && (others.Count == 0 || tries + 1 >= TriesOfFirst);
            var missed = begins ? Missed(answers, found) : null;
            begins = begins && missed is null;

            // Who listens may be one of a cluster, and only slow.
            var slow = begins ? await ListeningAsync(Silent(answers, found), cancellation) : null;
            if (cancellation.IsCancellationRequested) return;
            if (inside.Seed is { } seed)
            {
                _cluster.Join(Door.AddressOf(_system, seed));
            }
            else if (begins && slow is null)
            {
                if (others.Count > 0) MembershipLog.Begins(_logger, _options.Name);
                _cluster.Join(Door.AddressOf(_system, _self));
            }
            else
            {
                var problem = slow is not null ? $"somebody listens at {slow}, and does not answer yet, who may be one of it" : missed ?? found.Problem ?? $"nobody of the cluster answers at {string.Join(", ", others)}, and a node answers only at what its own `advertise`, or else `bind`, says";
                foreach (var other in others)
                {
                    if (_view.Untrusted[other] is { } untrusted) problem += $"; the certificate at {other} is refused: {untrusted}";
                }
                Say(problem, () => MembershipLog.Waits(_logger, _options.Name, problem));
                if (slow is null && silence.Elapsed > _patienceWithSilence && await ListeningAsync(others, cancellation) is { } listening)
                {
                    IsUnanswered = true;
                    MembershipLog.Unanswered(_logger, listening.ToString());
                    await _system.Terminate();
                    return;
                }
                await Wait(_options.Discovery is { Method: DiscoveryMethod.Kubernetes } ? PauseOfApiServer : Pause, cancellation);
                continue;
            }
            if (!await IsInsideAsync(cancellation)) continue;
            Problem = null;
            MembershipLog.Joined(_logger, _options.Name, _self.ToString(), _view.Members.Count(member => !member.Line.IsSelf));
            return;
        }
    }

    private void Remember(IEnumerable<(ClusterAddress Seed, IWord? Word)> answers)
    {
        foreach (var (seed, word) in answers)
        {
            if (word is not null || !_heard.ContainsKey(seed)) _heard[seed] = Stopwatch.StartNew();
        }
    }

    /// <summary>Who does not answer and was heard not long ago, or never asked before. A node answers at one of the spellings of its address.</summary>
    private IEnumerable<ClusterAddress> Silent(IReadOnlyCollection<(ClusterAddress Seed, IWord? Word)> answers, SeedNodes.Found found) =>
        Unheard(answers, found).Where(seed => _heard[seed].Elapsed < _patienceWithSilence);

    private IEnumerable<ClusterAddress> Unheard(IReadOnlyCollection<(ClusterAddress Seed, IWord? Word)> answers, SeedNodes.Found found)
    {
        var heard = answers.Where(answer => answer.Word is not null).Select(answer => answer.Seed).Append(_self).ToHashSet();
        var others = found.Entries.Where(heard.Overlaps).SelectMany(entry => entry).ToHashSet();
        return answers.Select(answer => answer.Seed).Where(seed => !heard.Contains(seed) && !others.Contains(seed));
    }

    /// <returns>Why it does not begin a cluster yet, a sentence: those who go on without it may be among those that do not answer. Null where they cannot.</returns>
    private string? Missed(IReadOnlyCollection<(ClusterAddress Seed, IWord? Word)> answers, SeedNodes.Found found)
    {
        if (_beginning == Beginning.AsFirst || (_beginning == Beginning.WithMoreThanHalf && (answers.Count(answer => answer.Word is Welcome) + 1) * 2 > found.Nodes.Count)) return null;
        var unheard = Unheard(answers, found).ToList();
        if (unheard.Count == 0) return null;
        return $"it was taken to be gone, and those who go on without it may be where nobody answers, at {string.Join(", ", unheard)}; where nobody of those is there any more, start this node again";
    }

    private void Say(string problem, Action write)
    {
        Problem = problem;
        if (_lastProblem != problem) write();
        _lastProblem = problem;
    }

    private async Task<bool> IsInsideAsync(CancellationToken cancellation)
    {
        var begun = Stopwatch.StartNew();
        while (!_view.IsMember && begun.Elapsed < PatienceInside && !cancellation.IsCancellationRequested) await Wait(TimeSpan.FromMilliseconds(50), cancellation);
        return _view.IsMember;
    }

    private async Task<(ClusterAddress Seed, IWord? Word)> AskAsync(ClusterAddress seed, CancellationToken cancellation) =>
        (seed, await Door.AskAsync<IWord>(_system, seed, Hello, Patience, cancellation));

    private static async Task Wait(TimeSpan time, CancellationToken cancellation) => await Task.Delay(time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <returns>The first at which somebody listens; null where nobody does.</returns>
    private static async Task<ClusterAddress?> ListeningAsync(IEnumerable<ClusterAddress> seeds, CancellationToken cancellation)
    {
        var all = seeds.ToList();
        var listen = await Task.WhenAll(all.Select(seed => ListensAsync(seed, cancellation)));
        return all.Where((_, at) => listen[at]).FirstOrDefault();
    }

    private static async Task<bool> ListensAsync(ClusterAddress seed, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(seed.Host, seed.Port, cancellation).AsTask().WaitAsync(PatienceToConnect, cancellation);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
