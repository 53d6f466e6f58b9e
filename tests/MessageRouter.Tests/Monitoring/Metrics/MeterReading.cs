using System.Diagnostics.Metrics;
using System.Globalization;

namespace MessageRouter.Tests.Monitoring.Metrics;

/// <summary>Collects one meter as an exporter does.</summary>
internal sealed class MeterReading : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(Instrument Instrument, string Labels, double Value)> _values = [];

    public MeterReading(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != meter) return;
            Instruments.Add(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.MeasurementsCompleted = (instrument, _) => Completed.Add(instrument);
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, tags, value));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, tags, value));
        _listener.Start();
    }

    public List<Instrument> Instruments { get; } = [];

    public List<Instrument> Completed { get; } = [];

    /// <summary>All values by <c>name{label=value,…}</c>, without those labels that every series of a component has.</summary>
    public Dictionary<string, double> Values()
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        return _values.ToDictionary(value => $"{value.Instrument.Name}{{{value.Labels}}}", value => value.Value);
    }

    /// <summary>How many series each instrument has.</summary>
    public Dictionary<string, int> Series()
    {
        _ = Values();
        return _values.GroupBy(value => value.Instrument.Name).ToDictionary(values => values.Key, values => values.Count());
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags, double value) => _values.Add(
        (instrument, string.Join(',', tags.ToArray().Where(tag => tag.Key is not ("router" or "role" or "type")).Select(tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}"))), value));
}
