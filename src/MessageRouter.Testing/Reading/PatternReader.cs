using System.Text.RegularExpressions;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Testing.Conditions;
using MessageRouter.Testing.Expectations;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Testing.Reading;

/// <summary>Reads what messages are to look like.</summary>
/// <param name="binder">Takes what is wrong.</param>
/// <param name="exact">Whether objects may have no other fields.</param>
internal sealed class PatternReader(OptionsBinder binder, bool exact)
{
    /// <summary>The keys that say something of a value, rather than name a field of it.</summary>
    public static readonly IReadOnlyList<string> Tests = ["regex", "absent", "present", "above", "below", "at-least", "at-most", "one-of", "not", "exactly"];

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    /// <summary>A whole message: a text is compared as JSON where it is some.</summary>
    /// <returns>Null where something is wrong, which is reported.</returns>
    public Pattern? ReadMessage(HoconValue value) =>
        value is HoconScalar { Kind: HoconScalarKind.String } text ? Pattern.Of(Arrival.BodyOf(Message.FromText(text.Text)), exact) : Read(value);

    /// <summary>A part of a message.</summary>
    /// <returns>Null where something is wrong, which is reported.</returns>
    public Pattern? Read(HoconValue value)
    {
        switch (value)
        {
            case HoconObject block when block.Fields.Count > 0 && block.Fields.All(field => Tests.Contains(field.Key)):
                var tests = block.Fields.Select(ReadTest).ToList();
                return tests.Contains(null) ? null : tests.Count == 1 ? tests[0] : new TestPattern(string.Join(" and ", tests), part => tests.TrueForAll(test => test!.Matches(part)));
            case HoconObject block:
                var fields = block.Fields.Select(field => (field.Key, Pattern: Read(field.Value))).ToList();
                return fields.Exists(field => field.Pattern is null) ? null : new ObjectPattern([.. fields.Select(field => (field.Key, field.Pattern!))], exact);
            case HoconArray array:
                var items = array.Items.Select(Read).ToList();
                return items.Contains(null) ? null : new ListPattern([.. items.Select(item => item!)]);
            default:
                return Json(value) is { } json ? new ValuePattern(json) : null;
        }
    }

    private Pattern? ReadTest(HoconField field) => field.Key switch
    {
        "regex" => ReadRegex(field.Value),
        "absent" => ReadPresence(field, isAbsent: true),
        "present" => ReadPresence(field, isAbsent: false),
        "one-of" => ReadOneOf(field.Value),
        "not" => Read(field.Value) is { } pattern ? new TestPattern($"not {pattern}", part => !pattern.Matches(part)) : null,
        "exactly" => Json(field.Value) is { } json ? Pattern.Of(json, exact: true) : null,
        _ => ReadComparison(field),
    };

    private TestPattern? ReadRegex(HoconValue value)
    {
        if (!HoconConvert.TryString(value, out var text, out var problem)) return Wrong(value, $"`regex`: {problem}");
        try
        {
            var regex = new Regex(text, RegexOptions.CultureInvariant, LongestMatch);
            return new TestPattern($"/{text}/", part => part is not null && IsMatch(regex, part.Type == JTokenType.String ? (string)part! : part.ToString(Formatting.None)));
        }
        catch (ArgumentException exception)
        {
            return Wrong(value, $"`regex` is no regular expression: {exception.Message.TrimEnd('.')}");
        }
    }

    private static bool IsMatch(Regex regex, string text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private TestPattern? ReadPresence(HoconField field, bool isAbsent)
    {
        if (!HoconConvert.TryBoolean(field.Value, out var flag, out var problem)) return Wrong(field.Value, $"`{field.Key}`: {problem}");
        return flag == isAbsent ? new TestPattern("nothing", part => part is null) : new TestPattern("anything", part => part is not null);
    }

    private TestPattern? ReadOneOf(HoconValue value)
    {
        if (!HoconConvert.TryArray(value, out var items, out var problem)) return Wrong(value, $"`one-of`: {problem}");
        var patterns = items.Select(Read).ToList();
        return patterns.Contains(null) ? null : new TestPattern($"one of {string.Join(", ", patterns)}", part => patterns.Exists(pattern => pattern!.Matches(part)));
    }

    private TestPattern? ReadComparison(HoconField field)
    {
        if (!HoconConvert.TryDouble(field.Value, out var number, out var problem)) return Wrong(field.Value, $"`{field.Key}`: {problem}");
        var words = FormattableString.Invariant($"{field.Key} {number}").Replace('-', ' ');
        return field.Key switch
        {
            "above" => Compared(found => found > number),
            "below" => Compared(found => found < number),
            "at-least" => Compared(found => found >= number),
            _ => Compared(found => found <= number),
        };

        TestPattern Compared(Func<double, bool> test) => new(words, part => part?.Type is JTokenType.Integer or JTokenType.Float && test((double)part));
    }

    /// <summary>A value as JSON; null where something is wrong, which is reported.</summary>
    public JToken? Json(HoconValue value) =>
        ValueConverter.TryConvert(value, typeof(JToken), false, out var json, (part, problem) => binder.Error(problem, part.Span)) ? (JToken?)json : null;

    private TestPattern? Wrong(HoconValue value, string problem)
    {
        binder.Error(problem, value.Span);
        return null;
    }
}
