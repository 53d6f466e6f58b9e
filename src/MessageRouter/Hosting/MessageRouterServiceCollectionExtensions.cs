using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using MessageRouter.Clustering;
using MessageRouter.Configuration;
using MessageRouter.Control;
using MessageRouter.Hosting;
using MessageRouter.Mailboxes;
using MessageRouter.Outputs;
using MessageRouter.Plugins;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Security;
using MessageRouter.Workers;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Where .NET has what is called on a host's services, so that it is found without a `using`.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Runs a router node inside any .NET host.</summary>
public static class MessageRouterServiceCollectionExtensions
{
    private const string Defaults = """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    /// <summary>
    /// Adds a node, which starts and stops with the host. The <see cref="RouterNode"/> is a service, for its ledger.
    /// A host that stops drains the node first, within <c>shutdown.drain-timeout</c> and the host's own limit.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="describe">Describes the node. Its files are read and checked at once: a mistake is known before the host is built.</param>
    /// <exception cref="ConfigurationException">Something is wrong with the description; the exception, as text, is the whole report and nothing else.</exception>
    /// <exception cref="InvalidOperationException">The host has a node already.</exception>
    public static IServiceCollection AddMessageRouter(this IServiceCollection services, Action<RouterBuilder> describe)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(describe);
        var builder = new RouterBuilder();
        describe(builder);
        return services.AddMessageRouter(builder.Build(), builder.ReadAgain);
    }

    internal static IServiceCollection AddMessageRouter(this IServiceCollection services, NodeDefinition definition, NodeReadings? readAgain = null)
    {
        if (services.Any(service => service.ServiceType == typeof(RouterNode)))
            throw new InvalidOperationException("The host has a router node already; one node takes as many inputs, filters and outputs as it needs.");
        services.AddComponentServices().AddSingleton(new FirstDefinition(definition));
        services.AddSingleton(provider => new RouterNode(
            provider.GetRequiredService<FirstDefinition>().Take(), provider, NodeLoggers.Of(provider), provider.GetRequiredService<TimeProvider>()) { ReadAgain = readAgain });
        services.AddAkka("message-router", (akka, provider) => akka
            .AddHocon(Settings(provider.GetRequiredService<FirstDefinition>()), HoconAddMode.Prepend)
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory(NodeLoggers.Of(provider));
            }));

        // Before the node starts, and until it has stopped.
        services.AddHostedService(provider => new Watchdog(
            provider.GetRequiredService<ActorSystem>(), provider.GetRequiredService<TimeProvider>(),
            NodeLoggers.Of(provider).CreateLogger("router"), Environment.GetEnvironmentVariable));
        services.AddSingleton(provider => new ControlService(provider.GetRequiredService<RouterNode>(), NodeLoggers.Of(provider), provider.GetRequiredService<TimeProvider>()))
            .AddHostedService(provider => provider.GetRequiredService<ControlService>());
        services.AddSingleton(provider => new ClusterService(provider.GetRequiredService<RouterNode>(), NodeLoggers.Of(provider), provider.GetRequiredService<TimeProvider>()))
            .AddHostedService(provider => provider.GetRequiredService<ClusterService>());
        return services.AddHostedService<RouterService>();
    }

    /// <summary>What components ask for, where the host has nothing of its own in its place.</summary>
    internal static IServiceCollection AddComponentServices(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RecordedMessages>();
        services.TryAddSingleton<IPeerEngine>(provider => PeerSockets.Engine(
            NodeLoggers.Of(provider), provider.GetRequiredService<TimeProvider>(), provider.GetService<FirstDefinition>()?.MemoryLimit ?? 0));
        services.TryAddSingleton<IZeroMqEngine>(provider =>
            new ZeroMqEngine(() => NetMq(NodeLoggers.Of(provider)), provider.GetRequiredService<IPeerEngine>()));
        services.TryAddSingleton(provider => new NodeSecurity(provider, NodeLoggers.Of(provider), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => provider.GetRequiredService<ClusterService>().Streams);
        services.TryAddSingleton(provider => provider.GetRequiredService<ClusterService>().Singletons);
        services.TryAddSingleton(provider => provider.GetRequiredService<ClusterService>().Placements);
        services.TryAddSingleton<IClusterState>(provider => provider.GetService<ClusterService>() is { } cluster ? new LateState(() => cluster.State) : new OwnState());
        services.TryAddSingleton<IWorkerProcesses>(provider => new OperatingSystemProcesses(NodeLoggers.Of(provider)));
        return services;
    }

    /// <remarks>That the package is there is checked with the configuration.</remarks>
    private static IZeroMqEngine NetMq(ILoggerFactory loggers) =>
        ((IBringsEngine?)ExtensionPackage.NetMq.Plugin ?? throw new InvalidOperationException($"The engine {ExtensionPackage.NetMq.Absence}; {ExtensionPackage.NetMq.Cure}.")).Engine(loggers);

    private static Config Settings(FirstDefinition node) =>
        ConfigurationFactory.ParseString(node.AkkaHocon)
            .WithFallback(ConfigurationFactory.ParseString(Defaults + "\n" + ComponentMailboxType.Hocon));

    private sealed class RouterService(IServiceProvider services, RouterNode node) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            node.StopHost ??= services.GetRequiredService<IHostApplicationLifetime>().StopApplication;
            return node.StartAsync(services.GetRequiredService<ActorSystem>(), cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => node.StopAsync(cancellationToken);
    }
}
