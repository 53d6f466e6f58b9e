namespace MessageRouter.Ledger;

/// <summary>A count that any thread may add to.</summary>
internal sealed class Counter
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Add(long count) => Interlocked.Add(ref _value, count);
}

/// <summary>Counts of dropped messages by reason.</summary>
internal sealed class DropCounters
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Counter> _byReason = new();

    public void Add(string reason, long count)
    {
        if (count > 0) _byReason.GetOrAdd(reason, static _ => new Counter()).Add(count);
    }

    public long this[string reason] => _byReason.TryGetValue(reason, out var counter) ? counter.Value : 0;

    public long Total
    {
        get
        {
            long total = 0;
            foreach (var (_, counter) in _byReason) total += counter.Value;
            return total;
        }
    }

    public SortedDictionary<string, long> Snapshot() => Sum([this]);

    public static SortedDictionary<string, long> Sum(IEnumerable<DropCounters> all)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (reason, counter) in all.SelectMany(counters => counters._byReason))
            sums[reason] = sums.GetValueOrDefault(reason) + counter.Value;
        return sums;
    }
}
