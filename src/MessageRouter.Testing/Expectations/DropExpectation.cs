using MessageRouter.Configuration;
using MessageRouter.Testing.Running;

namespace MessageRouter.Testing.Expectations;

/// <summary>What a component drops, by reason: so many of each that is named, and of no other.</summary>
internal sealed record DropExpectation(string Component, SourceSpan Place, IReadOnlyDictionary<string, Amount> Reasons) : Expectation(Component, Place)
{
    public override Failure? Check(Outcome outcome)
    {
        var dropped = outcome.Line(Component).Dropped;
        var wrong = Reasons.Keys.Concat(dropped.Keys).Distinct().Where(reason => !IsAsExpected(reason)).ToList();
        return wrong.Count == 0 ? null : new Failure($"{Component} has dropped other messages than expected", Place,
            [.. wrong.Select(reason => FormattableString.Invariant($"{reason}: expected {(Reasons.TryGetValue(reason, out var amount) ? amount : "none")}, got {dropped.GetValueOrDefault(reason)}"))]);

        bool IsAsExpected(string reason) =>
            Reasons.TryGetValue(reason, out var amount) ? amount.Has(dropped.GetValueOrDefault(reason)) : dropped[reason] == 0;
    }
}
