using Newtonsoft.Json.Linq;

namespace MessageRouter.Testing.Expectations;

/// <summary>What a message, or a part of one, is to look like.</summary>
internal abstract class Pattern
{
    /// <summary>The pattern of what stands in JSON: of objects the fields that it has, or exactly these.</summary>
    public static Pattern Of(JToken json, bool exact) => json switch
    {
        JObject fields => new ObjectPattern([.. fields.Properties().Select(field => (field.Name, Of(field.Value, exact)))], exact),
        JArray items => new ListPattern([.. items.Select(item => Of(item, exact))]),
        _ => new ValuePattern(json),
    };

    /// <param name="value">The part; null where it is not there.</param>
    public abstract bool Matches(JToken? value);

    /// <summary>What differs, a line for each part.</summary>
    /// <param name="path">The part's path; empty for the whole message.</param>
    /// <param name="value">The part; null where it is not there.</param>
    public virtual IEnumerable<string> Differences(string path, JToken? value)
    {
        if (!Matches(value)) yield return $"{(path.Length == 0 ? "" : $"{path}: ")}expected {this}, got {Shown.Of(value)}";
    }
}
