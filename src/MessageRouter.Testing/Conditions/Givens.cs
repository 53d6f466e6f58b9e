namespace MessageRouter.Testing.Conditions;

/// <summary>What is given in a test, by the components' full names and the groups' names.</summary>
internal sealed record Givens
{
    public IReadOnlyDictionary<string, IReadOnlyList<OutputCondition>> Outputs { get; init; } = new Dictionary<string, IReadOnlyList<OutputCondition>>();

    public IReadOnlyDictionary<string, IReadOnlyList<FailureCondition>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<FailureCondition>>();

    public IReadOnlyDictionary<string, DeathCondition> Workers { get; init; } = new Dictionary<string, DeathCondition>();
}
