using System.Globalization;
using Akka.Configuration;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Membership;

/// <summary>What the cluster's actor system is set to.</summary>
internal static class AkkaSettings
{
    /// <summary>The same on all nodes, since it is part of their addresses; which cluster a node belongs to is asked at its door.</summary>
    public const string SystemName = "message-router";

    /// <param name="options">What the configuration says of the cluster.</param>
    /// <param name="akka">The configuration's <c>akka</c> block, which is over all of it.</param>
    public static Config Of(ClusterOptions options, string akka)
    {
        var bind = options.BindEndPoint;
        var address = options.Address;
        return ConfigurationFactory.ParseString(akka)
            .WithFallback(ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
                akka {
                  loglevel = WARNING
                  loggers = ["{{typeof(AkkaLog).AssemblyQualifiedName}}"]
                  stdout-loglevel = OFF
                  log-dead-letters = off
                  log-dead-letters-during-shutdown = off

                  # Nothing here is to happen more punctually, and each tick wakes two threads.
                  scheduler.tick-duration = 50ms
                  coordinated-shutdown {
                    run-by-clr-shutdown-hook = off
                    exit-clr = off
                  }
                  actor {
                    provider = cluster

                    # What is not Akka's own, or a word of the router's, is nothing that a node says: no types are made of what comes, and no actors.
                    serializers {
                      json = "{{typeof(NoObjects).AssemblyQualifiedName}}"
                      daemon-create = "{{typeof(NoActors).AssemblyQualifiedName}}"
                    }
                  }
                  remote {
                    log-remote-lifecycle-events = off

                    # A node that comes back is spoken to again soon.
                    retry-gate-closed-for = 1s

                    # Each end writes to a connection of its own. Where two connect to each other at one moment and one of them gives up, the other's would be written to by one end,
                    # and not be read by the other, as long as both live.
                    use-passive-connections = off

                    # A connection of which the other end knows nothing is given up, and another one made. Akka's own 120 s would keep a node outside for as long.
                    transport-failure-detector.acceptable-heartbeat-pause = 15s
                    dot-netty.tcp {
                      transport-class = "{{(options.Tls is null ? "Akka.Remote.Transport.DotNetty.TcpTransport,Akka.Remote" : typeof(TlsTransport).AssemblyQualifiedName)}}"
                      hostname = "{{bind.Address}}"
                      port = {{bind.Port}}
                      public-hostname = "{{address.Host}}"
                      public-port = {{address.Port}}
                      enable-ssl = {{(options.Tls is null ? "false" : "true")}}
                      dns-use-ipv6 = {{(bind.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "true" : "false")}}
                      maximum-frame-size = 4MiB
                      send-buffer-size = 8MiB
                      receive-buffer-size = 8MiB
                      connection-timeout = 5s

                      # .NET would let two processes share the port.
                      tcp-reuse-addr = off
                    }
                  }
                  cluster {
                    roles = [{{string.Join(", ", options.Roles.Select(role => $"\"{role}\""))}}]
                    log-info = off
                    allow-weakly-up-members = 3s
                    gossip-interval = 500ms
                    leader-actions-interval = 500ms
                    periodic-tasks-initial-delay = 200ms

                    # Who is gone is missed after 3 to 4 s: five beats and what the detector allows them to vary.
                    failure-detector {
                      heartbeat-interval = 500ms
                      acceptable-heartbeat-pause = 2500ms
                      monitored-by-nr-of-members = 9
                    }
                    unreachable-nodes-reaper-interval = 250ms

                    # Messages that make all threads busy must not make this node look dead.
                    use-dispatcher = message-router-cluster
                    split-brain-resolver {
                      active-strategy = {{Strategy(options.SplitBrain.Strategy)}}
                      stable-after = {{LooksFrom(options.SplitBrain.StableAfter).TotalMilliseconds}}ms
                      static-quorum.quorum-size = {{Math.Max(1, options.SplitBrain.Quorum)}}
                    }
                    distributed-data {
                      gossip-interval = 1s
                      notify-subscribers-interval = 50ms
                    }
                  }
                }
                message-router-cluster {
                  type = ForkJoinDispatcher
                  dedicated-thread-pool {
                    thread-count = 2
                    threadtype = background
                  }
                }
                """)));
    }

    /// <summary>Akka looks once a second whether the time has come: this much earlier, so that it is decided by then.</summary>
    private static TimeSpan LooksFrom(TimeSpan stableAfter) => stableAfter - TimeSpan.FromMilliseconds(Math.Min(1000, Math.Floor(stableAfter.TotalMilliseconds / 5)));

    private static string Strategy(SplitBrainStrategy strategy) => strategy switch
    {
        SplitBrainStrategy.KeepOldest => "keep-oldest",
        SplitBrainStrategy.StaticQuorum => "static-quorum",
        SplitBrainStrategy.DownAll => "down-all",
        _ => "keep-majority",
    };
}
