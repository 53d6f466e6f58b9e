using System.Diagnostics.Metrics;

namespace MessageRouter.Tests.Client;

/// <summary>What the meter of the clients says of an endpoint since this was made: another test of the process may have had its port before.</summary>
internal sealed class ClientMeasurements(string endpoint)
{
    private readonly Dictionary<string, long> _before = Read(endpoint);

    /// <returns>By instrument, and reason where it has one, as in <c>dropped TooLarge</c>; each series once.</returns>
    public Dictionary<string, long> Now() => Read(endpoint).ToDictionary(series => series.Key, series => series.Value - _before.GetValueOrDefault(series.Key));

    private static Dictionary<string, long> Read(string endpoint)
    {
        var measured = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Meter.Name == "MessageRouter.Client") all.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var (of, reason) = (tags[0].Value, tags.Length > 1 ? $" {tags[1].Value}" : "");
            if (Equals(of, endpoint)) measured.Add(instrument.Name["messagerouter.client.".Length..] + reason, value);
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
