using MessageRouter.Ledger;
using MessageRouter.Testing.Conditions;
using MessageRouter.Testing.Expectations;

namespace MessageRouter.Testing.Running;

/// <summary>What of a test's outcome is not as it should be.</summary>
internal static class Verdict
{
    private const int MostErrorsShown = 3;

    public static IReadOnlyList<Failure> Of(NodeTest test, Outcome outcome)
    {
        if (outcome.HungOn is { } reason) return [new Failure($"the test hangs: {reason}", test.Place, Table(outcome))];
        List<Failure> failures = [.. test.Expectations.Select(expectation => expectation.Check(outcome)).OfType<Failure>()];
        var errors = outcome.Arrivals["errors"];
        if (!test.ExpectsErrors && errors.Count > 0) failures.Add(new Failure($"the test has {Shown.Count(errors.Count, "error")} that it does not expect", test.Place, Lines(errors)));
        if (!outcome.Ledger.Balanced) failures.Add(new Failure("the ledger does not balance", test.Place, Table(outcome)));
        return failures;
    }

    private static IReadOnlyList<string> Lines(IReadOnlyList<Arrival> errors)
    {
        List<string> lines = [.. errors.Take(MostErrorsShown).Select(error =>
            $"+ {(string?)error.Body["component"]} {(string?)error.Body["kind"]}: {Shown.Cut((string?)error.Body["error"] ?? "")}; the message: {Shown.Cut((string?)error.Body["payload"] ?? "")}")];
        if (errors.Count > MostErrorsShown) lines.Add(FormattableString.Invariant($"… and {errors.Count - MostErrorsShown} more"));
        return lines;
    }

    private static IReadOnlyList<string> Table(Outcome outcome) => LedgerTable.Print(outcome.Ledger).TrimEnd().Split('\n');
}
