using MessageRouter.Configuration;
using MessageRouter.Testing.Running;

namespace MessageRouter.Testing.Expectations;

/// <summary>A number that is known of a component: of its messages, or of its line in the ledger.</summary>
internal sealed record NumberExpectation(string Component, SourceSpan Place, string Key, Amount Amount, Func<Outcome, long> Number) : Expectation(Component, Place)
{
    public override Failure? Check(Outcome outcome) =>
        Number(outcome) is var number && Amount.Has(number)
            ? null
            : new Failure(FormattableString.Invariant($"{Component}: `{Key}` is {number}, expected {Amount}"), Place);
}
