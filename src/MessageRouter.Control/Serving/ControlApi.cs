using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MessageRouter.Clustering;
using MessageRouter.Control.Graphs;
using MessageRouter.Control.Listening;
using MessageRouter.Control.Metrics;
using MessageRouter.Monitoring;
using MessageRouter.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Control.Serving;

/// <summary>The API of version 1; <c>openapi.json</c> describes it.</summary>
internal sealed class ControlApi(RouterNode node, StatusCache statuses, EventStream streams)
{
    /// <summary>The places of components change with the configuration only.</summary>
    private volatile LaidOut? _graph;

    /// <summary>Load balancers ask with HEAD.</summary>
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder endpoints, IServiceProvider services)
    {
        var node = services.GetRequiredService<RouterNode>();
        var statuses = new StatusCache(node);
        var clock = services.GetRequiredService<TimeProvider>();
        var streams = new EventStream(services.GetService<Watchers>() ?? new Watchers([]), clock);
        var api = new ControlApi(node, statuses, streams);
        var health = new HealthApi(node, statuses);
        endpoints.MapMethods("/v1/status", Reading, api.Status);
        endpoints.MapGet("/v1/status/stream", api.StatusStream);
        endpoints.MapMethods("/v1/cluster", Reading, api.Cluster);
        endpoints.MapPost(ClusterReloadApi.Path, new ClusterReloadApi(node).Reload);
        endpoints.MapMethods("/v1/components/{name}", Reading, new ComponentApi(node, statuses).Component);
        endpoints.MapGet("/v1/tap", new TapApi(node, streams, clock, services.GetService<ILogger>() ?? services.GetRequiredService<ILoggerFactory>().CreateLogger("MessageRouter.Control")).Tap);
        endpoints.MapMethods("/v1/health", Reading, health.Health);
        endpoints.MapMethods("/livez", Reading, health.Live);
        endpoints.MapMethods("/readyz", Reading, health.Ready);
        endpoints.MapMethods("/v1/openapi.json", Reading, () => Results.Text(OpenApi.Text, "application/json"));
        endpoints.MapMethods("/v1/config", Reading, new ConfigApi(node).Config);
        endpoints.MapMethods("/v1/graph", Reading, api.Graph);
        endpoints.MapMethods("/metrics", Reading, new PrometheusText(node, services).AnswerAsync);
        endpoints.MapPost("/v1/stop", api.Stop);
        endpoints.MapPost("/v1/reload", new ReloadApi(node).Reload);
        endpoints.MapPost("/v1/explain", new ExplainApi(node).Explain);
        endpoints.MapPost("/v1/pools/{name}", api.Resize);
        PageAssets.Map(endpoints);
    }

    private IResult Graph()
    {
        var definition = node.Definition;
        if (_graph is not { } graph || graph.Definition != definition) _graph = graph = new LaidOut(definition, ControlJson.Write(GraphDocument.Of(GraphLayout.Of(NodeGraph.Of(definition)))));
        return Results.Text(graph.Json, "application/json");
    }

    private IResult Status() => Results.Text(statuses.Json, "application/json");

    private async Task<IResult> Cluster(CancellationToken cancellation)
    {
        if (node.Cluster is not { } cluster) return Problem.Of(StatusCodes.Status404NotFound, "The node is in no cluster: its configuration has no router.cluster.");
        var nodes = await cluster.AskAllAsync(cancellation);
        return Results.Text(ClusterReport.Of(cluster.Status, [.. nodes.Select(each => new NodeOfCluster(each.Member, each.Status is { } json ? NodeStatus.FromJson(json) : null))]).ToJson(), "application/json");
    }

    /// <summary>The status after each look at the counters, once a second.</summary>
    private IResult StatusStream(HttpContext context) => streams.Of(context, StatusEvents(context.RequestAborted));

    private async IAsyncEnumerable<SseItem<string>> StatusEvents([EnumeratorCancellation] CancellationToken cancellation)
    {
        // Who reads slowly gets the newest.
        var looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        void Looked() => looks.Writer.TryWrite(true);
        node.History.Sampled += Looked;
        try
        {
            Looked();
            await foreach (var _ in looks.Reader.ReadAllAsync(cancellation))
            {
                var isLast = node.History.IsOver;
                yield return new SseItem<string>(statuses.Json, "status");
                if (isLast) yield break;
            }
        }
        finally
        {
            node.History.Sampled -= Looked;
        }
    }

    private IResult Stop(HttpContext context)
    {
        if (!ControlAccess.IsGranted(context)) return Forbidden();
        node.StopHost?.Invoke();
        return Results.Text(ControlJson.Write(new StopAnswer(true)), "application/json", statusCode: StatusCodes.Status202Accepted);
    }

    private async Task<IResult> Resize(string name, int instances, HttpContext context, CancellationToken cancellation)
    {
        if (!ControlAccess.IsGranted(context)) return Forbidden();
        try
        {
            await node.ResizeAsync(name, instances, cancellation);
            return Results.Text(ControlJson.Write(new PoolSize(name, instances) { OfCluster = node.IsPlaced(name) }), "application/json");
        }
        catch (ArgumentOutOfRangeException exception)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, exception.Message.Split(" (Parameter")[0]);
        }
        catch (ArgumentException exception)
        {
            return Problem.Of(StatusCodes.Status404NotFound, exception.Message.Split(" (Parameter")[0]);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ComponentStartException)
        {
            return Problem.Of(StatusCodes.Status409Conflict, exception.Message);
        }
    }

    private sealed record LaidOut(NodeDefinition Definition, string Json);

    private static IResult Forbidden() => Problem.Of(StatusCodes.Status403Forbidden, "What changes the node needs the token of `control.http.token-file`.");
}
