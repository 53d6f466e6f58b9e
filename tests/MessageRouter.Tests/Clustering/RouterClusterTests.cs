using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Transport.DotNetty;
using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;
using MessageRouter.TestKit;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Clustering;

/// <summary>A node's part in its cluster, with the actor systems that it has one after the other.</summary>
public sealed class RouterClusterTests : IDisposable
{
    private static readonly AsyncLocal<Action<ActorSystem>> Making = new();

    private readonly ConcurrentQueue<ActorSystem> _systems = new();
    private readonly CertificateFiles _files = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly RecordingLog _log = new();
    private readonly ILoggerFactory _loggers;

    public RouterClusterTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));

    [Fact]
    public async Task A_node_that_is_ended_while_its_next_actor_system_is_being_made_ends_that_too()
    {
        using var goOn = new ManualResetEventSlim();
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());
        var cluster = await OpenAsync(node, tls: null, _ =>
        {
            if (_systems.Count == 2) Assert.True(goOn.Wait(TestNode.Patience));
        });
        await _systems.First().Terminate();
        await Eventually.IsTrueAsync(() => _systems.Count == 2);

        var ending = cluster.DisposeAsync().AsTask();
        await Eventually.IsTrueAsync(() => cluster.Status.State == "leaving");
        goOn.Set();

        await ending.WaitAsync(TestNode.Patience);
        Assert.All(_systems, system => Assert.True(system.WhenTerminated.IsCompleted));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_that_was_agreed_on_counts_from_the_moment_on_in_which_its_actor_system_begins_to_end(bool shutOut)
    {
        var ending = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());
        await using var cluster = await OpenAsync(node, tls: null, system => CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceUnbind, "test", async () =>
        {
            ending.TrySetResult();
            await goOn.Task;
            return Done.Instance;
        }));
        var system = _systems.First();
        Assert.True(cluster.Counts);

        if (!shutOut) _ = system.Terminate();

        // Who follows that may have to be made first.
        await Eventually.IsTrueAsync(() =>
        {
            if (shutOut) system.EventStream.Publish(new ThisActorSystemQuarantinedEvent(new Address("akka.tcp", "here"), new Address("akka.tcp", "there")));
            return ending.Task.IsCompleted;
        });
        Assert.False(cluster.Counts || system.WhenTerminated.IsCompleted);
        goOn.SetResult();
    }

    [Fact]
    public async Task A_start_that_fails_when_its_actor_system_is_made_already_ends_that()
    {
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());

        var exception = await Assert.ThrowsAsync<ClusterStartException>(() => OpenAsync(node, tls: null, TakeTheDoor));

        Assert.Contains("door", exception.Problem, StringComparison.Ordinal);
        Assert.True(Assert.Single(_systems).WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task So_does_a_node_that_joins_anew_and_it_tries_again()
    {
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());
        await using var cluster = await OpenAsync(node, tls: null, system =>
        {
            if (_systems.Count == 2) TakeTheDoor(system);
        });

        await _systems.First().Terminate();

        await Eventually.IsTrueAsync(() => _systems.Count == 3);
        Assert.True(_systems.ElementAt(1).WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task A_node_that_joins_anew_has_the_certificate_that_its_files_hold_by_then()
    {
        _files.Write("first", _clock.GetUtcNow().AddDays(30));
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());
        await using var cluster = await OpenAsync(node, _files.Options);
        Assert.Equal("CN=first", CertificateOf(_systems.Last()));

        _files.Write("renewed", _clock.GetUtcNow().AddDays(90));
        await _systems.First().Terminate();

        await Eventually.IsTrueAsync(() => _systems.Count == 2);
        Assert.Equal("CN=renewed", CertificateOf(_systems.Last()));
    }

    [Fact]
    public async Task Where_its_files_cannot_be_read_by_then_it_goes_on_with_what_it_has_and_says_so()
    {
        _files.Write("first", _clock.GetUtcNow().AddDays(30));
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());
        await using var cluster = await OpenAsync(node, _files.Options);

        File.Delete(_files.Options.Key);
        await _systems.First().Terminate();

        await Eventually.IsTrueAsync(() => _systems.Count == 2);
        Assert.Equal("CN=first", CertificateOf(_systems.Last()));
        Assert.Single(Warned(), line => line.StartsWith($"The files of `tls` cannot be read again, so the node goes on with the certificate that it has: there is no file `{_files.Options.Key}`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_its_certificate_ends_soon_and_that_it_is_over_is_said_once_each_and_shown_for_as_long_as_it_is_so()
    {
        _files.Write("a", _clock.GetUtcNow().AddHours(1));
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());
        await using var cluster = await OpenAsync(node, _files.Options);

        await SaysAsync("is valid until 2000-01-01 01:00 UTC only");
        Assert.Equal(("certificate-ends", _files.Options.Certificate), Assert.Single(cluster.Status.Warnings.Select(warning => (warning.Kind, warning.Subject))));

        _clock.Advance(TimeSpan.FromHours(1));
        await SaysAsync("was valid until 2000-01-01 01:00 UTC");
        Assert.Equal("certificate-over", Assert.Single(cluster.Status.Warnings).Kind);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, Warned().Count());

        Task SaysAsync(string text) => Eventually.IsTrueAsync(() => Warned().Any(line => line.Contains(text, StringComparison.Ordinal)), _clock, Wakefulness.Interval);
    }

    [Theory]
    [InlineData(Stranger.OfAnotherAuthority)]
    [InlineData(Stranger.WithoutTls)]
    [InlineData(Stranger.HangsUp)]
    public async Task Whoever_listens_where_a_node_is_looked_for_and_is_none_ends_only_the_connection_to_it(Stranger stranger)
    {
        _files.Write("first", _clock.GetUtcNow().AddDays(30));
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());
        await using var listener = new StrangeListener(stranger);
        await using var cluster = await OpenAsync(node, _files.Options, seeds: ["127.0.0.1:1", listener.Address]);

        await Eventually.IsTrueAsync(() => listener.Connections >= 3);

        Assert.False(Assert.Single(_systems).WhenTerminated.IsCompleted);
        Assert.Contains(listener.Address, cluster.Status.Problem, StringComparison.Ordinal);
        if (stranger == Stranger.OfAnotherAuthority) await Eventually.IsTrueAsync(() => cluster.Status.Problem?.Contains($"the certificate at {listener.Address} is refused: CN=stranger, issued by CN=stranger, is not one of the authorities in `tls.trust`", StringComparison.Ordinal) == true);
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _files.Dispose();
    }

    private async Task<RouterCluster> OpenAsync(TestNode node, ClusterTlsOptions? tls, Action<ActorSystem>? making = null, string[]? seeds = null)
    {
        var akka = $$"""akka { extensions = ["{{typeof(Extension).AssemblyQualifiedName}}"], remote.dot-netty.tcp { port = 0, public-port = 0 } }""";
        var definition = new ClusterDefinition(new ClusterOptions { Name = "logs", Bind = "127.0.0.1:1", SeedNodes = seeds ?? ["127.0.0.1:1"], Tls = tls });
        var cluster = new RouterCluster("a", definition, akka, () => "", () => OwnFacts.None, new OwnReload(node.Node, _clock), _loggers, _clock);

        // It goes with whatever this node starts from here on.
        Making.Value = system =>
        {
            _systems.Enqueue(system);
            making?.Invoke(system);
        };
        await cluster.OpenAsync(CancellationToken.None);
        return cluster;
    }

    /// <summary>Has something else in an actor system's place for what a node begins there with.</summary>
    private static void TakeTheDoor(ActorSystem system) => system.ActorOf(Props.Empty, Door.Name);

    private IEnumerable<string> Warned() => _log.Lines.Where(line => line.Level == LogLevel.Warning && line.Text.Contains("certificate", StringComparison.Ordinal)).Select(line => line.Text);

    private static string CertificateOf(ActorSystem system) => system.Settings.Setup.Get<DotNettySslSetup>().Value.Certificate.Subject;

    /// <summary>Is made with an actor system, on the thread that makes that.</summary>
    private sealed class Extension : ExtensionIdProvider<Extension.Made>
    {
        public override Made CreateExtension(ExtendedActorSystem system)
        {
            Making.Value?.Invoke(system);
            return new Made();
        }

        public sealed class Made : IExtension;
    }
}
