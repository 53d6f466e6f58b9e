namespace MessageRouter.Monitoring.Metrics;

/// <summary>A sum that never falls, of counts that come and go: what was counted stays in it when who has counted it is no more.</summary>
internal sealed class GrowingSum<TKey>
    where TKey : notnull
{
    private Dictionary<TKey, long> _last = [];

    public long Value { get; private set; }

    /// <summary>Takes the counts of those that are there now. One that has fallen is another one's of the same name.</summary>
    public long Add(IEnumerable<(TKey Key, long Count)> counts)
    {
        var now = new Dictionary<TKey, long>();
        foreach (var (key, count) in counts)
        {
            Value += _last.TryGetValue(key, out var before) && before <= count ? count - before : count;
            now[key] = count;
        }
        _last = now;
        return Value;
    }
}
