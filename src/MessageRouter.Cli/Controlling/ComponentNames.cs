using MessageRouter.Configuration;
using MessageRouter.Monitoring;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling;

/// <summary>Finds a node's components by what somebody types: the full name, or its last part where only one is called so.</summary>
internal static class ComponentNames
{
    /// <summary>What means all of them.</summary>
    public const string Everything = "*";

    /// <exception cref="CommandException">There is none, or there are several.</exception>
    public static List<string> Resolve(IEnumerable<string> names, NodeStatus node)
    {
        var all = node.Components.Select(component => component.Name).ToList();
        return [.. names.Select(name => Resolve(name, all)).Distinct()];
    }

    private static string Resolve(string name, List<string> all)
    {
        if (all.Contains(name) || name == Everything) return name;
        var found = all.FindAll(full => full.EndsWith("." + name, StringComparison.Ordinal));
        if (found.Count == 1) return found[0];
        if (found.Count > 1) throw CommandException.Usage($"several components are called `{SafeText.Of(name)}`: {string.Join(", ", found)}");
        var near = Suggestion.For(name, all.SelectMany(full => (string[])[full, full[(full.IndexOf('.', StringComparison.Ordinal) + 1)..]]).Distinct());
        throw CommandException.Usage($"the node has no component `{SafeText.Of(name)}`; " + (near is not null ? $"did you mean `{near}`?" : $"it has {string.Join(", ", all)}"));
    }
}
