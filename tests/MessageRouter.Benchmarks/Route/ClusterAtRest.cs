using MessageRouter.Benchmarks.Wire;
using MessageRouter.Hosting;
using MessageRouter.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Benchmarks.Route;

/// <summary>Nodes of a cluster in this process that have nothing to do. They have patience with each other, since all of them share what processors there are.</summary>
internal sealed class ClusterAtRest : IAsyncDisposable
{
    private const string Alone = """
        inputs.in { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:*", to = nothing }
        outputs.nothing { type = null }
        """;

    /// <summary>How many streams there are, so that what their links keep is more than what else varies.</summary>
    public const int Streams = 10;

    /// <summary>Each of them feeds each stream, and each of them takes it.</summary>
    private static readonly string Linked = $$"""
        inputs.in { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:*", to = [{{string.Join(", ", Enumerable.Range(1, Streams).Select(stream => $"link-{stream}"))}}] }
        outputs.nothing { type = null }
        {{string.Concat(Enumerable.Range(1, Streams).Select(stream => $$"""
            inputs.work-{{stream}} { type = cluster, stream = link-{{stream}}, to = nothing }
            outputs.link-{{stream}} { type = cluster, stream = link-{{stream}} }

            """))}}
        """;

    private static readonly TimeSpan Joining = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly List<IHost> _hosts = [];

    /// <param name="count">How many nodes.</param>
    /// <param name="linked">Whether each has links to each.</param>
    /// <returns>When all know of all.</returns>
    public static async Task<ClusterAtRest> StartAsync(int count, bool linked)
    {
        var nodes = new ClusterAtRest();
        var ports = Enumerable.Range(0, count).Select(_ => Ports.Free()).ToArray();
        for (var node = 0; node < count; node++)
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Logging.ClearProviders();
            var text = $$"""
                akka.cluster.failure-detector.acceptable-heartbeat-pause = 30s
                router {
                name = node-{{node}}, control = off
                cluster { name = benchmark, bind = "127.0.0.1:{{ports[node]}}", seed-nodes = ["127.0.0.1:{{ports[0]}}"] }
                {{(linked ? Linked : Alone)}}
                }
                """;
            builder.Services.AddMessageRouter((RouterBuilder router) => router.FromText(text));
            nodes._hosts.Add(builder.Build());
            await nodes._hosts[^1].StartAsync();

            // One after the other: all at once are busy with each other's starts for as long as they have patience.
            await nodes.AreThereAsync(linked);
        }
        return nodes;
    }

    private async Task AreThereAsync(bool linked)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!_hosts.All(host => IsThere(host.Services.GetRequiredService<RouterNode>().Status(), _hosts.Count, linked)))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Joining) throw new TimeoutException($"{_hosts.Count} nodes have not become one cluster.");
            await Task.Delay(Beat);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_hosts.Select(host => host.StopAsync()));
        foreach (var host in _hosts) host.Dispose();
    }

    private static bool IsThere(Monitoring.NodeStatus status, int count, bool linked) =>
        status.Cluster?.Members.Count(member => member is { State: "up", IsReachable: true }) == count
        && (!linked || status.Components.Where(component => component.Name.StartsWith("outputs.link", StringComparison.Ordinal)).All(link => link.Workers!.Count(worker => worker.State == "connected") == count));
}
