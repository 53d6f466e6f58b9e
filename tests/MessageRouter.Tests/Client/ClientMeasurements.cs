using System.Diagnostics.Metrics;

namespace MessageRouter.Tests.Client;

/// <summary>What the meter says of the clients that send to one endpoint.</summary>
internal static class ClientMeasurements
{
    /// <returns>The sum over all that an instrument tells of the endpoint.</returns>
    public static long Of(string endpoint, string instrumentName)
    {
        var measured = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name == instrumentName) all.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (Equals(tags[0].Value, endpoint)) measured += value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
