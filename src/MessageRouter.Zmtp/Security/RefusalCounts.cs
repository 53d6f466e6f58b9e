namespace MessageRouter.Zmtp.Security;

/// <summary>How often peers were refused or ended, by each of <see cref="Refusals"/>. Any thread may count.</summary>
internal sealed class RefusalCounts
{
    private static readonly IReadOnlyDictionary<string, int> Places = Refusals.All.Select((refusal, place) => (refusal, place)).ToDictionary(StringComparer.Ordinal);

    private readonly long[] _counts = new long[Refusals.All.Count];

    public long this[string refusal] => Interlocked.Read(ref _counts[Places[refusal]]);

    public long Total => Refusals.All.Sum(refusal => this[refusal]);

    public void Add(string refusal) => Interlocked.Increment(ref _counts[Places[refusal]]);

    /// <summary>Goes on with what another one has counted.</summary>
    public void Add(RefusalCounts other)
    {
        for (var i = 0; i < _counts.Length; i++) Interlocked.Add(ref _counts[i], Interlocked.Read(ref other._counts[i]));
    }

    /// <summary>Those that there were.</summary>
    public SortedDictionary<string, long> Snapshot() =>
        new(Refusals.All.Select(refusal => (refusal, count: this[refusal])).Where(pair => pair.count > 0).ToDictionary(pair => pair.refusal, pair => pair.count), StringComparer.Ordinal);
}
