using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Components;
using MessageRouter.Configuration.Checks;
using MessageRouter.Routing;

namespace MessageRouter.Cli;

/// <summary>What a valid node promises, and to whom it is open: what is no mistake, and good to know before it runs.</summary>
internal static class PromiseTable
{
    /// <summary>Lines of the table.</summary>
    private const int Most = 50;

    public static string Print(NodeDefinition node) => Table(node) + OpenTo(node) + Control(node);

    private static string Table(NodeDefinition node)
    {
        if (PathPromises.All(new Flow(node.Components)) is not { } paths) return "\nThere are too many ways through the node to say what each promises.\n";
        var rows = paths.Take(Most).Select(path => new[] { path.From.Name, path.To.Name, path.Weakest.Promise.Word(), Because(path) });
        var more = paths.Count > Most ? FormattableString.Invariant($"… and {paths.Count - Most} more\n") : "";
        return paths.Count == 0 ? "" : $"\n{TextTable.Print([("from", false), ("to", false), ("promise", false), ("because", false)], rows)}{more}";
    }

    private static string Because(PathPromise path)
    {
        var link = path.Weakest;
        if (link.Because.Length == 0) return "";
        var place = link.At.Origin is { } origin ? FormattableString.Invariant($" ({origin.Source.Name}:{origin.Line})") : "";
        return $"{link.At.Name}: {link.Because}{place}";
    }

    private static string Control(NodeDefinition node) => node.Control?.Options?.Http is { IsLoopback: false, Tls: null } http
        ? $"\nUnencrypted, token included: the control endpoint http://{http.Bind}; `tls` in `control.http` encrypts it\n"
        : "";

    private static string OpenTo(NodeDefinition node)
    {
        var open = OpenAddresses.Of(node.Components.Append(node.Errors)).ToList();
        return open.Count == 0 ? "" : $"\nOpen to whoever reaches this machine: {string.Join(", ", open)}\n";
    }
}
