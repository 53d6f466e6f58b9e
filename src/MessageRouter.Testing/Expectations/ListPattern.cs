using Newtonsoft.Json.Linq;

namespace MessageRouter.Testing.Expectations;

/// <summary>A list with these elements and no others.</summary>
internal sealed class ListPattern(IReadOnlyList<Pattern> items) : Pattern
{
    public override bool Matches(JToken? value) =>
        value is JArray found && found.Count == items.Count && items.Zip(found).All(pair => pair.First.Matches(pair.Second));

    public override IEnumerable<string> Differences(string path, JToken? value) =>
        value is JArray found && found.Count == items.Count
            ? items.SelectMany((item, i) => item.Differences(FormattableString.Invariant($"{path}[{i}]"), found[i]))
            : base.Differences(path, value);

    public override string ToString() => $"[{string.Join(", ", items)}]";
}
