using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Routing;

namespace MessageRouter.Testing.Reading;

/// <summary>Finds what the keys of a block name: components, by their names or within their sections, the error chain's output, and groups of worker processes.</summary>
internal sealed class NodeNames(NodeDefinition node, OptionsBinder binder)
{
    private const string Workers = "workers";

    /// <summary>Something that a key names.</summary>
    /// <param name="FullName">Of a component that in the ledger, of a group such as <c>workers.mail</c>.</param>
    /// <param name="Component">Null for a group of worker processes.</param>
    /// <param name="Group">The group's own name.</param>
    public sealed record Named(string FullName, ComponentDefinition? Component, string Group = "")
    {
        public bool IsErrors => Component?.Name.Length == 0;

        /// <summary>What it is, for messages.</summary>
        public string What => Component is null ? $"worker processes `{Group}`" : IsErrors ? "`errors`" : $"{Component.Role.Word()} `{Component.Name}`";
    }

    /// <summary>Everything that a block's keys name, with the field; what they do not is reported.</summary>
    public IEnumerable<(Named Named, HoconField Field)> Resolve(HoconObject block)
    {
        foreach (var field in block.Fields)
        {
            if (Find(field.Key) is { } named) yield return (named, field);
            else if (Section(field.Key) is { } section && field.Value is HoconObject within)
            {
                foreach (var inner in within.Fields)
                {
                    if (section.FirstOrDefault(candidate => ShortName(candidate) == inner.Key) is { } found) yield return (found, inner);
                    else ReportUnknown(inner, section.Select(ShortName), $"{field.Key}.");
                }
            }
            else ReportUnknown(field, All.Select(ShortName), "");
        }
    }

    private IEnumerable<Named> Components => node.Components.Append(node.Errors).Select(component => new Named(component.FullName, component));

    private IEnumerable<Named> Groups => node.Workers.Select(group => new Named(group.Name == Workers ? Workers : $"{Workers}.{group.Name}", null, group.Name));

    private IEnumerable<Named> All => Components.Concat(Groups);

    private Named? Find(string name) =>
        Components.FirstOrDefault(named => named.Component!.Name == name && name.Length > 0)
        ?? Components.FirstOrDefault(named => named.FullName == name)
        ?? Groups.FirstOrDefault(named => named.Group == name || named.FullName == name);

    private IReadOnlyList<Named>? Section(string name) =>
        name == Workers ? [.. Groups]
        : Enum.GetValues<ComponentRole>().Where(role => role.Section() == name).Select(role => Components.Where(named => named.Component!.Role == role && !named.IsErrors).ToList()).FirstOrDefault();

    private static string ShortName(Named named) => named.Component is { Name.Length: > 0 } component ? component.Name : named.Group.Length > 0 ? named.Group : named.FullName;

    private void ReportUnknown(HoconField field, IEnumerable<string> known, string section)
    {
        var names = known.ToList();
        binder.Error(
            $"the node has no component `{section}{DiagnosticBag.Shorten(field.Key)}`", field.KeySpan,
            Suggestion.For(field.Key, names) is { } near ? $"did you mean `{near}`?" : $"it has {string.Join(", ", names)}");
    }
}
