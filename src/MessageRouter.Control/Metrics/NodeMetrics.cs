using MessageRouter.Monitoring.Metrics;
using OpenTelemetry.Metrics;

namespace MessageRouter.Control.Metrics;

/// <summary>What an exporter collects of a node.</summary>
internal static class NodeMetrics
{
    /// <summary>Series that reloads may add, beside a quarter of what there is; what is more is summed up.</summary>
    private const int RoomForMore = 100;

    /// <summary>
    /// The instruments of this node and no other: an exporter hears of all meters of that name in the process. Each gets room for as many series as it can
    /// have, and few more, since that much memory is taken at once.
    /// </summary>
    public static MeterProviderBuilder AddNode(this MeterProviderBuilder builder, NodeMeter node) => builder
        .AddMeter(NodeMeter.Name)
        .AddView(instrument => ReferenceEquals(instrument.Meter, node.Meter) ? new MetricStreamConfiguration { CardinalityLimit = (node.MostSeries(instrument.Name) * 5 / 4) + RoomForMore } : MetricStreamConfiguration.Drop);
}
