using MessageRouter.Configuration;
using MessageRouter.Testing.Running;

namespace MessageRouter.Testing.Expectations;

/// <summary>When an output's messages come, counted from the test's begin: the first of them no earlier, or the last of them no later.</summary>
internal sealed record TimeExpectation(string Component, SourceSpan Place, TimeSpan Time, bool IsWithin) : Expectation(Component, Place)
{
    public override Failure? Check(Outcome outcome)
    {
        var arrivals = outcome.Arrivals[Component];
        if (arrivals.Count == 0) return new Failure($"{Component} has got no message", Place);
        var wrong = arrivals.Where(arrival => IsWithin ? arrival.At > Time : arrival.At < Time).ToList();
        return wrong.Count == 0 ? null : new Failure(
            $"{Component} has got {Shown.Count(wrong.Count, "message")} {(IsWithin ? "later" : "earlier")} than {Shown.Time(Time)} after the begin", Place,
            $"the {(IsWithin ? "last" : "first")} after {Shown.Time((IsWithin ? wrong[^1] : wrong[0]).At)}: {Shown.Cut((IsWithin ? wrong[^1] : wrong[0]).Text)}");
    }
}
