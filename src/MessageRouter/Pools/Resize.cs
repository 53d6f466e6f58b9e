namespace MessageRouter.Pools;

/// <summary>Asks for another number of workers; answered with <see cref="Done"/> when there are so many, or with a failure.</summary>
/// <param name="Instances">How many; null for as many as there are to be now.</param>
internal sealed record Resize(int? Instances)
{
    /// <summary>Whether copies are started again that had been stopped.</summary>
    public bool StartsAgain { get; init; }

    internal sealed record Done
    {
        public static readonly Done Instance = new();
    }
}
