namespace MessageRouter.Ledger;

/// <summary>What a component has found in the sequences that applications write, over all their sources.</summary>
internal sealed class GapCounts
{
    public Counter Lost { get; } = new();

    /// <summary>Goes down when they come, and when they are lost.</summary>
    public Counter Missing { get; } = new();

    public Counter Duplicates { get; } = new();

    public Counter Reordered { get; } = new();

    public Counter Restarts { get; } = new();

    public Counter Unnumbered { get; } = new();

    /// <summary>Goes down when one is forgotten.</summary>
    public Counter Sources { get; } = new();

    public Counter Forgotten { get; } = new();

    /// <summary>Adds what another one has counted, which counts no more.</summary>
    public void Add(GapCounts other)
    {
        foreach (var (own, others) in All.Zip(other.All)) own.Add(others.Value);
    }

    private IEnumerable<Counter> All => [Lost, Missing, Duplicates, Reordered, Restarts, Unnumbered, Sources, Forgotten];
}
