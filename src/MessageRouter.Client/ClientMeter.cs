using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MessageRouter.Client;

/// <summary>The meter <c>MessageRouter.Client</c>: what all clients of the process have sent and dropped, and what waits, by endpoint.</summary>
internal static class ClientMeter
{
    private static readonly Meter Meter = new("MessageRouter.Client");
    private static readonly ConcurrentDictionary<string, EndpointCounts> Endpoints = new();

    static ClientMeter()
    {
        Meter.CreateObservableCounter("messagerouter.client.sent", () => Each(counts => counts.Sent), "{message}", "Messages that have left.");
        Meter.CreateObservableGauge("messagerouter.client.waiting", () => Each(counts => counts.Waiting), "{message}", "Messages that wait to be sent.");
        Meter.CreateObservableCounter("messagerouter.client.dropped", Dropped, "{message}", "Messages that were not sent and will not be.");
        Meter.CreateObservableCounter("messagerouter.client.events_cut", () => Each(counts => counts.EventsCut), "{event}", "Log events of which something was left out.");
        Meter.CreateObservableCounter("messagerouter.client.events_with_failures", () => Each(counts => counts.EventsWithFailures), "{event}", "Log events in which something failed when it was written.");
    }

    /// <summary>Where the clients of an endpoint count.</summary>
    public static EndpointCounts Of(string endpoint) => Endpoints.GetOrAdd(endpoint, _ => new EndpointCounts());

    private static IEnumerable<Measurement<long>> Each(Func<EndpointCounts, long> figure) =>
        Endpoints.Select(endpoint => new Measurement<long>(figure(endpoint.Value), Tag(endpoint.Key)));

    private static IEnumerable<Measurement<long>> Dropped() =>
        Endpoints.SelectMany(endpoint => Enum.GetValues<DropReason>().Select(reason =>
            new Measurement<long>(endpoint.Value.DroppedBecause(reason), Tag(endpoint.Key), new("reason", reason.ToString()))));

    private static KeyValuePair<string, object?> Tag(string endpoint) => new("endpoint", endpoint);
}
