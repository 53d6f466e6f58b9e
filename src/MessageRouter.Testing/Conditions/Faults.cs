using MessageRouter.Testing.Time;

namespace MessageRouter.Testing.Conditions;

/// <summary>Throws in one component, during one test, what is given of it.</summary>
internal sealed class Faults(IEnumerable<FailureCondition> conditions, VirtualTime clock)
{
    private readonly List<Count> _counts = [.. conditions.Where(condition => condition.IsFailure).Select(condition => new Count(condition))];

    public bool IsAny => _counts.Count > 0;

    /// <exception cref="IOException">The component is to fail on the message.</exception>
    public void Check(Message message)
    {
        foreach (var count in _counts)
        {
            if (!count.Condition.IsAt(clock.Elapsed) || count.Condition.When is { } when && !when.Matches(Arrival.BodyOf(message))) continue;
            if (count.Seen++ < count.Condition.After || (count.Condition.Times > 0 && count.Thrown >= count.Condition.Times)) continue;
            count.Thrown++;
            throw new IOException(count.Condition.Problem);
        }
    }

    private sealed class Count(FailureCondition condition)
    {
        public FailureCondition Condition => condition;

        public long Seen { get; set; }

        public long Thrown { get; set; }
    }
}
