namespace MessageRouter.Monitoring.Metrics;

/// <summary>
/// Has all instruments of one collection read the same look at the node, so that they fit each other and it is taken once. Who reads again gets
/// a new one.
/// </summary>
internal sealed class SharedLook<T>(Func<T> look)
    where T : class
{
    /// <summary>How long a collection may take.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _readers = [];
    private long _takenAt;
    private T? _last;

    public T For(string reader)
    {
        lock (_lock)
        {
            if (_last is { } last && TimeProvider.System.GetElapsedTime(_takenAt) < Freshness && _readers.Add(reader)) return last;
            _readers.Clear();
            _readers.Add(reader);
            _last = look();
            _takenAt = TimeProvider.System.GetTimestamp();
            return _last;
        }
    }
}
