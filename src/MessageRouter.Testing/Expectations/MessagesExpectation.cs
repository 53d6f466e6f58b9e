using MessageRouter.Configuration;
using MessageRouter.Testing.Conditions;
using MessageRouter.Testing.Running;

namespace MessageRouter.Testing.Expectations;

/// <summary>Which messages an output gets.</summary>
internal sealed record MessagesExpectation(string Component, SourceSpan Place, IReadOnlyList<Pattern> Patterns, Part Part, bool InOrder) : Expectation(Component, Place)
{
    /// <summary>Where each of them is written.</summary>
    public IReadOnlyList<SourceSpan> Places { get; init; } = [];

    public override Failure? Check(Outcome outcome)
    {
        var all = outcome.Arrivals[Component];
        IReadOnlyList<Arrival> arrivals = Part switch
        {
            Part.First => [.. all.Take(Patterns.Count)],
            Part.Last => [.. all.TakeLast(Patterns.Count)],
            _ => all,
        };
        var comparison = InOrder ? Comparison.InOrder(Patterns, arrivals, Part == Part.Contains) : Comparison.InAnyOrder(Patterns, arrivals, Part == Part.Contains);
        if (comparison.IsEqual) return null;
        var number = Shown.Count(all.Count, "message");
        return new Failure(Part switch
        {
            Part.First => $"{Component} begins with other messages than expected",
            Part.Last => $"{Component} ends with other messages than expected",
            Part.Contains => $"{Component} has not got all that is expected among its {number}",
            _ when Patterns.Count == 0 => $"{Component} has got {number}, expected none",
            _ when all.Count == 0 => $"{Component} has got no message, expected {Patterns.Count}",
            _ when all.Count == Patterns.Count => $"{Component} has got other messages than expected",
            _ => FormattableString.Invariant($"{Component} has got other messages than expected: {number}, expected {Patterns.Count}"),
        }, comparison.FirstMissing is { } missing && missing < Places.Count ? Places[missing] : Place, comparison.Lines());
    }
}
