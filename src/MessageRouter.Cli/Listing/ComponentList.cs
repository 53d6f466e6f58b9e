using System.Text;
using MessageRouter.Components;

namespace MessageRouter.Cli.Listing;

/// <summary>All components, by role.</summary>
internal static class ComponentList
{
    public static string Print(IReadOnlyList<ComponentType> types)
    {
        var width = types.Max(type => type.Name.Length);
        var text = new StringBuilder();
        foreach (var role in types.GroupBy(type => type.Role))
        {
            text.Append(role.Key.Section()).Append(":\n");
            foreach (var type in role) text.Append($"  {type.Name.PadRight(width)}  {type.Summary}".TrimEnd()).Append('\n');
            text.Append('\n');
        }
        return text.Append("`message-router components NAME` shows the keys of one.\n").ToString();
    }
}
