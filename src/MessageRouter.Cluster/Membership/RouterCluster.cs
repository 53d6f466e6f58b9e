using System.Net.Sockets;
using Akka;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Remote;
using Akka.Serialization;
using MessageRouter.Cluster.Pools;
using MessageRouter.Cluster.State;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Monitoring;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster.Membership;

/// <summary>
/// A node's part in its cluster. It has an actor system of its own, beside the node's: nobody who reaches its port reaches components, and a system that the others have
/// taken to be gone, which can never join again, is followed by another one while the node goes on.
/// </summary>
internal sealed class RouterCluster : ICluster, IStreamDirectory
{
    /// <summary>Between two systems, where one ends by itself.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long it takes, beside <c>stable-after</c>, that the next node decides where the one that does is gone.</summary>
    private static readonly TimeSpan TimeToNotice = TimeSpan.FromSeconds(10);

    /// <summary>How long a node may take to tell its status.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How long one may take to say what a reload would do: as long as it reads its files, and compiles what is in them.</summary>
    private static readonly TimeSpan PatienceWithPlans = TimeSpan.FromMinutes(1);

    /// <summary>How long one may take to reload: as long as it drains what it replaces.</summary>
    private static readonly TimeSpan PatienceWithReloads = TimeSpan.FromMinutes(30);

    /// <summary>And one that is out of reach for the cluster: who looks at all of them is not to wait for it each time.</summary>
    private static readonly TimeSpan PatienceWithTheLost = TimeSpan.FromMilliseconds(500);

    /// <summary>How long nobody may answer where somebody listens, before the node's part in the cluster is started anew; twice as long each time, up to <see cref="MostSilence"/>.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan MostSilence = TimeSpan.FromMinutes(10);

    private readonly string _node;
    private readonly ClusterDefinition _definition;
    private readonly string _akka;
    private readonly OwnReload _reload;
    private readonly Func<OwnFacts> _facts;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly ClusterView _view;
    private readonly Wakefulness _wakefulness;
    private readonly Standing _standing;
    private readonly CancellationTokenSource _leaving = new();
    private volatile ClusterCertificates? _certificates;
    private volatile ActorSystem? _system;
    private volatile IActorRef _members = ActorRefs.Nobody;
    private volatile Joining? _joining;
    private volatile bool _hasLeft;
    private bool _isDisposed;
    private bool _joinsAnew;
    private TimeSpan _silence = Silence;
    private ITimer? _waking;
    private OwnFacts _told = OwnFacts.None;
    private string? _toldOfCertificate;
    private long _stood;
    private Task _living = Task.CompletedTask;

    /// <param name="node">The node's name.</param>
    /// <param name="definition">What the configuration says of the cluster.</param>
    /// <param name="akka">The configuration's <c>akka</c> block.</param>
    /// <param name="report">Gives the node's status as JSON, for the others.</param>
    /// <param name="facts">What it tells the others of its components.</param>
    /// <param name="reload">Has the node read its own files again.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="clock">The node's clock.</param>
    public RouterCluster(string node, ClusterDefinition definition, string akka, Func<string> report, Func<OwnFacts> facts, OwnReload reload, ILoggerFactory loggers, TimeProvider clock)
    {
        (_node, _definition, _akka, _facts, _reload, _clock) = (node, definition, akka, facts, reload, clock);
        _logger = loggers.CreateLogger("cluster");
        _certificates = ClusterCertificates.Of(definition);
        _wakefulness = new Wakefulness(clock);
        _standing = new Standing(() => _wakefulness.Period, clock);
        _view = new ClusterView { Standing = _standing };
        (_view.OwnChanged, _view.Report, _view.Certificate) = (Publish, report, CertificateWarning);
        var decider = new Decider(() => _system, _view, definition.Options.SplitBrain.StableAfter + TimeToNotice);
        (State, Placements) = (new ClusterState(decider), new Placements(_view.Pools, decider));
        (_view.Pools.Node, _view.Pools.Roles) = (node, definition.Options.Roles);
        (_view.Singletons.Awake, _view.Singletons.IsInTouch, _view.Singletons.Roles) = (() => _wakefulness.Period, () => _standing.IsInTouch, definition.Options.Roles);
    }

    public IStreamDirectory Streams => this;

    public ISingletons Singletons => _view.Singletons;

    public IClusterState State { get; }

    public IPlacements Placements { get; }

    public string Node => _node;

    /// <summary>Whether what was agreed on counts for this node.</summary>
    public bool Counts => _standing.Period >= 0;

    public string Host => Options.Address.Host;

    public string BindHost => Options.BindEndPoint.Address.ToString();

    public ClusterStatus Status => new(Options.Name, Options.Address.ToString(), OwnState)
    {
        Problem = _view.IsMember ? null : _joining?.Problem,
        Leader = _view.Leader,
        Members = [.. _view.Members.Select(member => member.Line)],
        Streams = _view.Streams(),
        Singletons = _view.Singletons.Statuses(_view.Members),
        Placed = _view.Pools.Statuses(_view.Members),
        Warnings = _view.Warnings(),
        Gone = _view.Gone,
        JoinedAnew = _view.JoinedAnew,
        Refused = _view.Refused,
    };

    private ClusterOptions Options => _definition.Options;

    private string OwnState => _hasLeft ? "left" : _leaving.IsCancellationRequested ? "leaving" : _view.IsMember ? "up" : _joining?.IsRefused == true ? "refused" : "joining";

    public async Task OpenAsync(CancellationToken cancellation)
    {
        ActorSystem system;
        try
        {
            system = await StartAsync();
        }
        catch (Exception exception) when (exception.GetBaseException() is RemoteTransportException or SocketException)
        {
            throw new ClusterStartException($"{Options.Bind} cannot be listened at: it is taken, or no address of this machine", _definition.PlaceOf("bind") ?? _definition.Origin, "let `bind` be a free address of this machine", exception);
        }
        catch (Exception exception)
        {
            throw new ClusterStartException($"its part in the cluster cannot be started: {exception.GetBaseException().Message}", _definition.Origin, "where the file has an `akka` block, it is over what the cluster sets itself", exception);
        }
        _waking = _clock.CreateTimer(_ => Wake(), null, Wakefulness.Interval, Wakefulness.Interval);
        _living = LiveAsync(system);
    }

    public IStreamOffering Offer(string stream, string input, string endpoint, DeliveryMode delivery, int weight, Action<SlotTable> table) =>
        _view.Offer(new StreamOffer(stream, _node, endpoint, delivery) { Input = input, Weight = weight }, table);

    public Task WhenNotFedHere(string stream) => _view.WhenNotFedHere(stream);

    public IStreamFollowing Follow(StreamFeeding feeding, Action<IReadOnlyList<StreamOffer>> changed, Action<SlotTable?> table) => _view.Follow(feeding, changed, table);

    public long Awake => _wakefulness.Period;

    public long Standing => _standing.Period;

    public async Task<IReadOnlyList<(ClusterMember Member, string? Status)>> AskAllAsync(CancellationToken cancellation)
    {
        var self = new ClusterMember(_node, Options.Address.ToString(), OwnState, IsReachable: true) { Roles = Options.Roles, Version = StatusReader.Version, IsSelf = true };
        IEnumerable<ClusterMember> members = _view.Members.Any(member => member.Line.IsSelf) ? _view.Members.Select(member => member.Line) : [self];
        return await Task.WhenAll(members.Select(async member => (member, member.IsSelf ? _view.Report() : await AskAsync(member, cancellation))));
    }

    private async Task<string?> AskAsync(ClusterMember member, CancellationToken cancellation) => _system is { } system && ClusterAddress.TryParse(member.Address, ClusterOptions.DefaultPort, out var at)
        ? (await Door.AskAsync<StatusTold>(system, at, new TellStatus(), member.IsReachable ? Patience : PatienceWithTheLost, cancellation))?.Json
        : null;

    public async Task<MemberReload?> ReloadAsync(string address, MemberReloadRequest request, CancellationToken cancellation)
    {
        if (address == Options.Address.ToString())
        {
            // Its own files it reads for whoever may ask it; others only where it is said so.
            var problem = request.Files is null ? null : ReloadConsent.Problem(_node, Options.Control, request);
            return problem is null ? await _reload.RunAsync(request, _node, cancellation) : new MemberReload { Problem = problem, IsRefused = true };
        }
        if (_system is not { } system || !ClusterAddress.TryParse(address, ClusterOptions.DefaultPort, out var at)) return null;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asking = Door.AskAsync<ReloadTold>(system, at, new ReloadMember(request), request.Plan || request.End == ReloadEnd.Kept ? PatienceWithPlans : PatienceWithReloads, gone.Token);

        // Who is asked may die of it.
        while (!asking.IsCompleted)
        {
            await Task.WhenAny(asking, Task.Delay(Pause, cancellation));
            if (!_view.Members.Any(member => member.Line.Address == address && member.Line.IsReachable)) await gone.CancelAsync();
        }
        return await asking is { } told ? MemberReload.FromJson(told.Json) : null;
    }

    public async Task LeaveAsync(TimeSpan limit)
    {
        if (_hasLeft || _system is not { } system) return;
        await _leaving.CancelAsync();
        var heard = true;
        if (_view.Members.Any(member => !member.Line.IsSelf))
        {
            using var time = new CancellationTokenSource(limit);
            try
            {
                await Akka.Cluster.Cluster.Get(system).LeaveAsync(time.Token);
            }
            catch (OperationCanceledException)
            {
                heard = false;
            }
        }
        if (heard) MembershipLog.HasLeft(_logger, Options.Name);
        else MembershipLog.LeftUnheard(_logger);
        _hasLeft = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        await _leaving.CancelAsync();
        if (_waking is { } waking) await waking.DisposeAsync();
        if (_system is { } system) await system.Terminate();
        await _living;
        _leaving.Dispose();
    }

    private void Publish() => _members.Tell(new MembersActor.Publish(Profile));

    private NodeProfile Profile()
    {
        var facts = _facts();
        return new NodeProfile(_node, StatusReader.Version, _view.Offers, _view.Feeds) { Singletons = _view.Singletons.Candidates, Pools = _view.Pools.Candidates, Flows = facts.Flows, Failing = facts.Failing, GivenUp = facts.GivenUp, Lacking = _view.Lacking };
    }

    private void Wake()
    {
        // A reload changes them, and nobody tells.
        if (_facts() is var facts && !facts.IsSameAs(_told))
        {
            _told = facts;
            Publish();
        }

        // Nobody tells that time has passed either.
        if (CertificateWarning()?.Kind is var warning && warning != _toldOfCertificate)
        {
            _toldOfCertificate = warning;
            _members.Tell(MembersActor.LookAtWarnings.Instance);
        }
        if (_wakefulness.Run()) _view.Singletons.Look();
        if (_standing.Period is var standing && standing == _stood) return;
        _stood = standing;
        _view.TellTables();
    }

    private ClusterWarning? CertificateWarning() => _certificates?.Warning(_clock.GetUtcNow());

    /// <summary>They may have been renewed. Where they cannot be read now the node goes on with what it has.</summary>
    private void ReadCertificatesAgain()
    {
        try
        {
            _certificates = ClusterCertificates.Of(_definition);
        }
        catch (ClusterStartException exception)
        {
            MembershipLog.CertificatesKept(_logger, exception.Problem);
        }
    }

    private async Task<ActorSystem> StartAsync()
    {
        var throttle = new LogThrottle(_clock);
        var serializers = SerializationSetup.Create(system => [SerializerDetails.Create("router", new WordSerializer(system), [typeof(IWord)])]);
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(AkkaSettings.Of(Options, _akka)), serializers, new AkkaLog.Target(_logger));
        if (_certificates is { } certificates)
        {
            setup = setup.And(certificates.Setup((peer, problem) =>
            {
                _view.Untrusted.Set(peer, problem);
                if (problem is null) return;
                _view.CountRefused(JoinRefusals.Certificate);
                throttle.Write(suppressed => MembershipLog.CertificateRefused(_logger, problem, suppressed));
            }));
        }
        var system = ActorSystem.Create(AkkaSettings.SystemName, setup);
        try
        {
            BeginIn(system);
            return system;
        }
        catch
        {
            // The next one needs its port.
            await system.Terminate();
            throw;
        }
    }

    private void BeginIn(ActorSystem system)
    {
        // The configuration's `akka` block is over what the cluster says.
        var fences = Fences.Of(system.Settings.Config);
        (_standing.Patience, _standing.Watched, _wakefulness.Limit) = (fences.Patience, fences.Watched, fences.Pause);
        var members = system.ActorOf(Props.Create(() => new MembersActor(_view, () => _leaving.IsCancellationRequested, _clock, _logger)), "members");
        var joining = new Joining(system, Options, _node, _view, !_joinsAnew ? Beginning.AsFirst : fences.FewMayGoOn ? Beginning.WithAll : Beginning.WithMoreThanHalf, _silence, _clock, _logger);
        var agreements = system.ActorOf(Props.Create(() => new AgreementsActor(_view, () => _wakefulness.Period, _logger)), "agreements");
        system.ActorOf(Props.Create(() => new Door(joining.Hello, _view, Options.Control, _reload, agreements, _clock, _logger)), Door.Name);
        (_system, _members, _joining) = (system, members, joining);

        // A system takes seconds to end, and where the others have shut it out they go on without it at once.
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "standing", () =>
        {
            _view.HearThatItIsGone();
            return Task.FromResult(Done.Instance);
        });
        Publish();
    }

    private async Task JoinAsync(ActorSystem system, Joining joining, CancellationToken cancellation)
    {
        await joining.RunAsync(cancellation);
        if (joining.IsUnanswered) return;
        await new Neighbours(system, Options, () => joining.Hello, _view, _clock, _logger).RunAsync(cancellation);
    }

    /// <summary>Has the node join, and join again where its system has ended.</summary>
    private async Task LiveAsync(ActorSystem system)
    {
        while (true)
        {
            using (var ended = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token))
            {
                var joining = JoinAsync(system, _joining!, ended.Token);
                await system.WhenTerminated;
                await ended.CancelAsync();
                await joining;
            }
            _view.Forget();
            if (_leaving.IsCancellationRequested) return;
            if (_joining!.IsUnanswered)
            {
                _silence = _silence * 2 < MostSilence ? _silence * 2 : MostSilence;
            }
            else
            {
                MembershipLog.Downed(_logger);
                _view.CountJoinedAnew();
                (_joinsAnew, _silence) = (true, Silence);
            }
            while (true)
            {
                await Task.Delay(Pause, _leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_leaving.IsCancellationRequested) return;
                try
                {
                    ReadCertificatesAgain();
                    system = await StartAsync();
                    break;
                }
                catch (Exception exception)
                {
                    MembershipLog.Failed(_logger, exception);
                }
            }

            // Whoever has ended the node meanwhile may have found the last system only.
            if (_leaving.IsCancellationRequested) await system.Terminate();
        }
    }
}
