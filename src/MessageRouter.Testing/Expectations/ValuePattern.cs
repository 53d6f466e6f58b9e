using Newtonsoft.Json.Linq;

namespace MessageRouter.Testing.Expectations;

/// <summary>One value; of numbers it does not matter how they are written.</summary>
internal sealed class ValuePattern(JToken expected) : Pattern
{
    public override bool Matches(JToken? value) =>
        IsNumber(expected) && IsNumber(value) ? (double)expected == (double)value! : JToken.DeepEquals(expected, value);

    public override string ToString() => Shown.Of(expected);

    private static bool IsNumber(JToken? value) => value?.Type is JTokenType.Integer or JTokenType.Float;
}
