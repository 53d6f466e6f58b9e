using Newtonsoft.Json.Linq;

namespace MessageRouter.Testing.Expectations;

/// <summary>An object with these fields; whether it may have others is said.</summary>
internal sealed class ObjectPattern(IReadOnlyList<(string Name, Pattern Pattern)> fields, bool exact) : Pattern
{
    public override bool Matches(JToken? value) =>
        value is JObject found && fields.All(field => field.Pattern.Matches(found[field.Name])) && (!exact || !Others(found).Any());

    public override IEnumerable<string> Differences(string path, JToken? value)
    {
        if (value is not JObject found) return base.Differences(path, value);
        var differences = fields.SelectMany(field => field.Pattern.Differences(Path(field.Name), found[field.Name]));
        return exact ? differences.Concat(Others(found).Select(other => $"{Path(other.Name)}: not expected, got {Shown.Of(other.Value)}")) : differences;

        string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";
    }

    public override string ToString() =>
        fields.Count == 0 ? "{}" : $"{{ {string.Join(", ", fields.Select(field => $"{field.Name} = {field.Pattern}"))} }}";

    private IEnumerable<JProperty> Others(JObject found) => found.Properties().Where(property => fields.All(field => field.Name != property.Name));
}
