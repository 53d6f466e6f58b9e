using Newtonsoft.Json.Linq;

namespace MessageRouter.Testing.Expectations;

/// <summary>What a test of a value's own says of it, such as a regular expression.</summary>
/// <param name="words">It in words, after "expected".</param>
/// <param name="test">The test; it gets null for what is not there.</param>
internal sealed class TestPattern(string words, Func<JToken?, bool> test) : Pattern
{
    public override bool Matches(JToken? value) => test(value);

    public override string ToString() => words;
}
