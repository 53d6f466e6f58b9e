namespace MessageRouter.Pools;

/// <summary>Asks for another number of workers; answered with <see cref="Done"/> when there are so many, or with a failure.</summary>
internal sealed record Resize(int Instances)
{
    internal sealed record Done
    {
        public static readonly Done Instance = new();
    }
}
