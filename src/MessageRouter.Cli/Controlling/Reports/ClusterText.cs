using System.Text;
using MessageRouter.Clustering;
using MessageRouter.Ledger;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling.Reports;

/// <summary>A cluster for people.</summary>
internal static class ClusterText
{
    private static readonly (string Heading, bool IsNumber)[] MemberColumns = [("node", false), ("address", false), ("state", false), ("answers", false), ("roles", false), ("version", false)];

    private static readonly (string Heading, bool IsNumber)[] StreamColumns = [("stream", false), ("fed by", false), ("taken by", false)];

    private static readonly (string Heading, bool IsNumber)[] KeyColumns = [("stream", false), ("key", false), ("epoch", true), ("slots of", false), ("moving", true), ("waits for", false)];

    private static readonly (string Heading, bool IsNumber)[] SingletonColumns = [("one at a time", false), ("reads on", false), ("epoch", true), ("can be on", false)];

    private static readonly (string Heading, bool IsNumber)[] PlacedColumns = [("placed", false), ("total", true), ("running", true), ("on", false)];

    private static readonly (string Heading, bool IsNumber)[] NodeColumns =
        [("node", false), ("state", false), ("in/s", true), ("out/s", true), ("in", true), ("out", true), ("failed", true), ("dropped", false), ("queued", true), ("balanced", false)];

    private static readonly (string Heading, bool IsNumber)[] LinkColumns =
        [("output", false), ("from", false), ("to", false), ("state", false), ("given", true), ("delivered", true), ("unknown", true), ("missed", true), ("redelivered", true), ("queued", true)];

    /// <summary>What one node knows of its cluster.</summary>
    public static string Print(ClusterStatus cluster)
    {
        var text = new StringBuilder().Append(Head(cluster)).Append('\n').Append(TextTable.Print(MemberColumns, cluster.Members.Select(member => Cells(member, cluster))));
        if (cluster.Streams.Count > 0) text.Append('\n').Append(TextTable.Print(StreamColumns, cluster.Streams.Select(stream => (string[])[stream.Name, Counted(stream.FedBy), TakenBy(stream)])));
        if (cluster.Streams.Any(stream => stream.Keys is not null)) text.Append('\n').Append(TextTable.Print(KeyColumns, cluster.Streams.Where(stream => stream.Keys is not null).Select(stream => Cells(stream.Name, stream.Keys!))));
        if (cluster.Singletons.Count > 0)
            text.Append('\n').Append(TextTable.Print(SingletonColumns, cluster.Singletons.Select(singleton => (string[])[singleton.Name, ReadsOn(singleton), singleton.Epoch ?? "", Counted(singleton.Candidates)])));
        if (cluster.Placed.Count > 0)
            text.Append('\n').Append(TextTable.Print(PlacedColumns, cluster.Placed.Select(placed => (string[])[placed.Name, placed.Total is { } total ? Amount.Exactly(total) : "", Running(placed), On(placed)])));
        StatusReport.Section(text, "problems", cluster.Streams.Select(stream => (stream.Name, stream.Problem)).Concat(cluster.Placed.Select(placed => (placed.Name, placed.Problem))).Where(each => each.Problem is not null).Select(each => $"{each.Name}: {each.Problem}"));
        StatusReport.Section(text, "warnings", cluster.Warnings.Select(warning => warning.Text));
        return text.ToString();
    }

    /// <summary>All nodes, their sums, and the streams between them.</summary>
    public static string Print(ClusterReport report)
    {
        var text = new StringBuilder(Print(report.Cluster)).Append('\n').Append(TextTable.Print(NodeColumns, report.Nodes.Select(Cells)));
        var links = report.Nodes.SelectMany(Links).ToList();
        if (links.Count > 0) text.Append('\n').Append(TextTable.Print(LinkColumns, links));
        StatusReport.Section(text, "away", report.Nodes.Where(node => node.Status is null).Select(node => $"{node.Member.Name}: it does not answer; what it counts is not in these tables"));
        return text.ToString();
    }

    /// <summary>How many of what is placed each node has, and is to have where that is not the same.</summary>
    public static string On(PlacedStatus placed) =>
        string.Join(", ", placed.Nodes.Select(node => $"{node.Node} {Amount.Exactly(node.Running)}{(node.Running == node.Share ? "" : $" of {Amount.Exactly(node.Share)}")}{(node.IsAway ? " (away)" : "")}"));

    /// <summary>How many of what is placed run, and how many did on nodes that are away.</summary>
    public static string Running(PlacedStatus placed) => $"{Amount.Exactly(placed.Running)}{(placed.RunningAway > 0 ? $" + {Amount.Exactly(placed.RunningAway)} away" : "")}";

    /// <summary>Where a singleton reads, as far as that is known.</summary>
    public static string ReadsOn(SingletonStatus singleton) => singleton.State switch
    {
        _ when singleton.Node is null => "none now",
        SingletonStatus.Away => $"{singleton.Node}, away",
        SingletonStatus.Closed => $"none now: closed on {singleton.Node}, out of touch",
        _ => singleton.Node,
    };

    /// <summary>Names, with how often where that is more than once.</summary>
    public static string Counted(IReadOnlyList<string> nodes) => Counted(nodes, _ => "");

    /// <summary>Who takes a stream, with how much of it beside others where that is not what the number of inputs says.</summary>
    public static string TakenBy(StreamStatus stream) =>
        Counted(stream.OfferedBy, node => stream.Weights.TryGetValue(node.Key, out var weight) && weight != node.Count() ? FormattableString.Invariant($" (weight {weight})") : "");

    private static string Counted(IReadOnlyList<string> nodes, Func<IGrouping<string, string>, string> more) =>
        nodes.Count == 0 ? "nobody" : string.Join(", ", nodes.GroupBy(node => node).OrderBy(node => node.Key, StringComparer.Ordinal).Select(node => $"{node.Key}{(node.Count() == 1 ? "" : FormattableString.Invariant($" ×{node.Count()}"))}{more(node)}"));

    private static string Head(ClusterStatus cluster) =>
        $"cluster {SafeText.Of(cluster.Name)}: {cluster.State}, {FormattableString.Invariant($"{cluster.Members.Count} nodes")}{(cluster.Problem is { } problem ? $"; {SafeText.Of(problem)}" : "")}\n";

    private static string[] Cells(ClusterMember member, ClusterStatus cluster) =>
    [
        member.Name + (member.IsSelf ? " (this)" : ""), member.Address, member.State + (member.Address == cluster.Leader ? ", leads" : ""), member.IsReachable ? "yes" : "NO", string.Join(", ", member.Roles), member.Version ?? "",
    ];

    private static string[] Cells(string stream, StreamKeys keys) =>
        [stream, keys.Key, keys.Epoch, string.Join(", ", keys.Shares.Select(share => $"{share.Node} {Amount.Exactly(share.Slots)}")), Amount.Exactly(keys.Moving), string.Join(", ", keys.WaitsFor)];

    private static string[] Cells(NodeOfCluster node)
    {
        if (node.Status is not { } status) return [node.Member.Name, "away", "", "", "", "", "", "", "", ""];
        var (inputs, outputs) = (status.Components.Where(component => component.Role == "input").ToList(), status.Components.Where(component => component.Role == "output" && component.Name != "errors").ToList());
        var dropped = status.Components.SelectMany(component => component.Dropped).GroupBy(reason => reason.Key).Select(reason => $"{Amount.Exactly(reason.Sum(each => each.Value))} {reason.Key}").ToList();
        return
        [
            node.Member.Name, status.State, Amount.Short(inputs.Sum(component => component.InRate.TenSeconds)), Amount.Short(outputs.Sum(component => component.OutRate.TenSeconds)),
            Amount.Exactly(inputs.Sum(component => component.In)), Amount.Exactly(outputs.Sum(component => component.Out)), Amount.Exactly(status.Components.Sum(component => component.Failed)),
            dropped.Count == 0 ? "0" : string.Join(", ", dropped), Amount.Exactly(status.Components.Sum(component => component.Queued)), status.Balanced ? "yes" : "just now not",
        ];
    }

    private static IEnumerable<string[]> Links(NodeOfCluster node) =>
        from component in node.Status?.Components ?? []
        where component is { Role: "output", Type: "cluster", Workers: not null }
        from worker in component.Workers!
        select Cells(component.Name, node.Member.Name, worker);

    private static string[] Cells(string component, string node, WorkerLine worker) =>
        [component, node, worker.Name, worker.State, Amount.Exactly(worker.In), Amount.Exactly(worker.Out), Number(worker.Unknown), Number(worker.Missed), Number(worker.Redelivered), Amount.Exactly(worker.Queued)];

    private static string Number(long? number) => number is { } known ? Amount.Exactly(known) : "";
}
