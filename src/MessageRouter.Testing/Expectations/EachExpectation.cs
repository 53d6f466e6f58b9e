using MessageRouter.Configuration;
using MessageRouter.Testing.Running;

namespace MessageRouter.Testing.Expectations;

/// <summary>That every message of an output is like something, or none is.</summary>
internal sealed record EachExpectation(string Component, SourceSpan Place, Pattern Pattern, bool IsNone) : Expectation(Component, Place)
{
    private const int MostShown = 5;

    public override Failure? Check(Outcome outcome)
    {
        var wrong = outcome.Arrivals[Component].Select((arrival, i) => (arrival, Number: i + 1)).Where(message => Pattern.Matches(message.arrival.Body) == IsNone).ToList();
        if (wrong.Count == 0) return null;
        List<string> details = [.. wrong.Take(MostShown).SelectMany(message => (IEnumerable<string>)
        [
            FormattableString.Invariant($"+ {message.Number}: {Shown.Cut(message.arrival.Text)}"),
            .. IsNone ? [] : Pattern.Differences("", message.arrival.Body).Select(line => $"    {line}"),
        ])];
        if (wrong.Count > MostShown) details.Add(FormattableString.Invariant($"… and {wrong.Count - MostShown} more"));
        return new Failure(
            IsNone ? $"{Component} has got {Shown.Count(wrong.Count, "message")} that nobody expects" : $"{Component} has got {Shown.Count(wrong.Count, "message")} unlike {Pattern}",
            Place, details);
    }
}
