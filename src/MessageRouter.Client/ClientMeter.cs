using System.Diagnostics.Metrics;

namespace MessageRouter.Client;

/// <summary>The meter <c>MessageRouter.Client</c>: what all clients of the process have sent and dropped, and what waits.</summary>
internal static class ClientMeter
{
    private static readonly Meter Meter = new("MessageRouter.Client");
    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<MessageClient>> Clients = [];

    static ClientMeter()
    {
        Meter.CreateObservableCounter("messagerouter.client.sent", () => Each(statistics => statistics.Sent), "{message}", "Messages that have left.");
        Meter.CreateObservableGauge("messagerouter.client.waiting", () => Each(statistics => statistics.Waiting), "{message}", "Messages that wait to be sent.");
        Meter.CreateObservableCounter("messagerouter.client.dropped", Dropped, "{message}", "Messages that were not sent and will not be.");
    }

    public static void Add(MessageClient client)
    {
        lock (Gate) Clients.Add(new WeakReference<MessageClient>(client));
    }

    private static IEnumerable<Measurement<long>> Each(Func<MessageClientStatistics, long> figure) =>
        Living().Select(client => new Measurement<long>(figure(client.Statistics), Endpoint(client)));

    private static IEnumerable<Measurement<long>> Dropped() =>
        Living().SelectMany(client => Enum.GetValues<DropReason>().Select(reason =>
            new Measurement<long>(client.Statistics.DroppedBecause(reason), Endpoint(client), new("reason", reason.ToString()))));

    private static KeyValuePair<string, object?> Endpoint(MessageClient client) => new("endpoint", client.Endpoint);

    private static List<MessageClient> Living()
    {
        lock (Gate)
        {
            var living = new List<MessageClient>();
            Clients.RemoveAll(reference => !reference.TryGetTarget(out _));
            foreach (var reference in Clients)
            {
                if (reference.TryGetTarget(out var client)) living.Add(client);
            }
            return living;
        }
    }
}
