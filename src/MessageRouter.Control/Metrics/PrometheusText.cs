using MessageRouter.Control.Serving;
using MessageRouter.Monitoring.Metrics;
using MessageRouter.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MessageRouter.Control.Metrics;

/// <summary>The node's metrics as Prometheus and OpenMetrics have them; the exporter is loaded by the first who asks.</summary>
internal sealed class PrometheusText(RouterNode node, IServiceProvider services)
{
    /// <summary>How old an answer may be: who asks more often gets the same one again.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private RequestDelegate? _exporter;

    public Task AnswerAsync(HttpContext context) => node.Meter is { } meter
        ? Exporter(meter)(context)
        : Problem.Of(StatusCodes.Status503ServiceUnavailable, "The node is not started yet.").ExecuteAsync(context);

    private RequestDelegate Exporter(NodeMeter meter)
    {
        lock (_lock) return _exporter ??= Create(meter);
    }

    private RequestDelegate Create(NodeMeter meter)
    {
        // What the node is called and which version it has are labels of its own; the exporter would write the meter's on every line.
        var provider = Sdk.CreateMeterProviderBuilder()
            .AddNode(meter)
            .AddPrometheusExporter(exporter => (exporter.ScopeInfoEnabled, exporter.TargetInfoEnabled, exporter.ScrapeResponseCacheDurationMilliseconds) = (false, false, (int)Freshness.TotalMilliseconds))
            .Build();
        meter.Add(provider);
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseOpenTelemetryPrometheusScrapingEndpoint(provider, _ => true, null, null, null);
        return pipeline.Build();
    }
}
