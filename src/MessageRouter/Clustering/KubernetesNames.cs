using System.Text.RegularExpressions;

namespace MessageRouter.Clustering;

/// <summary>What Kubernetes takes as a name, and as what chooses objects by their labels.</summary>
internal static partial class KubernetesNames
{
    private const string Value = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
    private const string Key = $"(?:[a-z0-9](?:[-a-z0-9.]{{0,251}}[a-z0-9])?/)?{Value}";
    private const string Values = $@"\(\s*(?:{Value})?\s*(?:,\s*(?:{Value})?\s*)*\)";
    private const string Requirement = $@"(?:!\s*{Key}|{Key}(?:\s*(?:==?|!=)\s*(?:{Value})?|\s*[<>]\s*[0-9]+|\s+(?:not)?in\s*{Values})?)";

    /// <summary>Whether it can be the name of a namespace.</summary>
    public static bool IsNamespace(string text) => Namespace().IsMatch(text);

    /// <summary>Whether it is a selector, such as <c>cluster=logs</c> or <c>app in (router, edge), !canary</c>. An empty one, which would choose everything, is none here.</summary>
    public static bool IsSelector(string text) => Selector().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex Namespace();

    [GeneratedRegex($@"\A\s*{Requirement}\s*(?:,\s*{Requirement}\s*)*\z")]
    private static partial Regex Selector();
}
