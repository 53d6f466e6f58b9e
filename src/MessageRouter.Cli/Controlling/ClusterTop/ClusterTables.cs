using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Cli.Controlling.Top;
using MessageRouter.Clustering;
using MessageRouter.Ledger;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.ClusterTop;

/// <summary>Makes the tables of a cluster: nodes, streams, and links between nodes.</summary>
internal static class ClusterTables
{
    private static readonly TopColumn[] NodeColumns =
    [
        new("node", 0, 10, 30, IsNumber: false), new("state", 1, 14, 24, IsNumber: false), new("in/s", 2, 6, 7), new("out/s", 3, 6, 7), new("queued", 4, 6, 7), new("in", 5, 6, 8), new("out", 6, 6, 8),
        new("failed", 8, 6, 7), new("dropped", 7, 12, 44, IsNumber: false), new("up", 10, 6, 7), new("roles", 11, 6, 20, IsNumber: false), new("address", 9, 14, 40, IsNumber: false),
    ];

    private static readonly TopColumn[] StreamColumns =
    [
        new("stream", 0, 12, 40, IsNumber: false), new("rate/s", 1, 6, 7), new("given", 4, 7, 9), new("delivered", 5, 9, 9), new("queued", 6, 6, 7), new("redelivered", 7, 11, 11), new("unknown", 8, 7, 7), new("missed", 9, 6, 7),
        new("fed by", 2, 12, 40, IsNumber: false), new("taken by", 3, 12, 40, IsNumber: false),
    ];

    private static readonly TopColumn[] LinkColumns =
    [
        new("from", 0, 18, 40, IsNumber: false), new("to", 1, 20, 48, IsNumber: false), new("stream", 6, 8, 24, IsNumber: false), new("state", 2, 9, 12, IsNumber: false), new("rate/s", 3, 6, 7), new("given", 4, 7, 9), new("delivered", 5, 9, 9),
        new("queued", 7, 6, 7), new("redelivered", 8, 11, 11), new("unknown", 9, 7, 7), new("missed", 10, 6, 7),
    ];

    /// <summary>The names of the tables.</summary>
    public static IReadOnlyList<string> Views { get; } = ["nodes", "streams", "links"];

    public static TopTable Of(ClusterSnapshot snapshot, TopState state) => state.View switch
    {
        1 => new TopTable(StreamColumns, [.. snapshot.Report.Cluster.Streams.Select(stream => Stream(stream, snapshot.Report))]),
        2 => new TopTable(LinkColumns, [.. Links(snapshot.Report).Select(Link)]),
        _ => Nodes(snapshot, state),
    };

    public static TopTable Nodes(ClusterSnapshot snapshot, TopState state) => new(NodeColumns, [.. snapshot.Nodes.Select(node => Node(node, snapshot, state))]);

    /// <summary>What is said where a table has no row.</summary>
    public static string Nothing(int view) => view switch
    {
        1 => "No node takes or feeds a stream.",
        2 => "No stream leads to a node.",
        _ => "There is no node.",
    };

    /// <summary>Messages of all nodes that answer, a second.</summary>
    public static double Rate(ClusterReport report, string role, Func<ComponentStatus, double> rate) =>
        report.Nodes.SelectMany(node => node.Status?.Components ?? []).Where(component => component.Role == role && component.Name != "errors").Sum(rate);

    private static TopRow Node(SeenNode node, ClusterSnapshot snapshot, TopState state)
    {
        var (components, isThere) = (node.Status?.Components ?? [], node.IsThere);
        var (inputs, outputs) = (components.Where(component => component.Role == "input").ToList(), components.Where(component => component.Role == "output" && component.Name != "errors").ToList());
        var dropped = components.SelectMany(component => component.Dropped).GroupBy(reason => reason.Key).ToDictionary(reason => reason.Key, reason => reason.Sum(each => each.Value));
        var word = node.AwaySince is { } away ? $"{node.State} {Amount.Time(snapshot.At - away)}" : node.State
            + (node.Member.State == "up" ? "" : $", {node.Member.State}") + (node.Member.Address == snapshot.Report.Cluster.Leader ? ", leads" : "");
        return new TopRow(
            node.Name,
            [
                new(node.Name), new(word, Ink: isThere ? TopTables.StateInk(node.State) : node.HasLeft ? Ink.Dim : Ink.Bad),
                Rate(inputs, component => component.InRate), Rate(outputs, component => component.OutRate), Count(components.Sum(component => component.Queued), Ink.Warning),
                Count(inputs.Sum(component => component.In)), Count(outputs.Sum(component => component.Out)), Count(components.Sum(component => component.Failed), Ink.Warning),
                new(TopTables.Reasons(dropped), dropped.Values.Sum(), Ink.Warning), TopCell.Seconds(isThere ? node.Status?.UptimeSeconds : null), new(string.Join(", ", node.Member.Roles)), new(node.Member.Address, Ink: Ink.Dim),
            ],
            [.. Details(node, snapshot)]);

        TopCell Rate(List<ComponentStatus> some, Func<ComponentStatus, Rates> rates) => isThere ? TopCell.Rate(some.Sum(component => state.Rate(rates(component)))) : new TopCell("", -1);

        // What it said last stays, as what it is: old.
        TopCell Count(long number, Ink ink = Ink.Plain) => node.Status is null ? new TopCell("", -1) : TopCell.Count(number, isThere ? ink : Ink.Dim);
    }

    private static IEnumerable<(string Text, Ink Ink)> Details(SeenNode node, ClusterSnapshot snapshot)
    {
        yield return ($"{node.Name}: {node.State} at {node.Member.Address}{(node.Member.Version is { } version ? $", version {version}" : "")}{(node.Status is { } status ? $", pid {Amount.Exactly(status.Process.Pid)}, run {status.Epoch[..Math.Min(8, status.Epoch.Length)]}" : "")}", Ink.Strong);
        foreach (var (_, text) in snapshot.News().Where(news => news.Node == node)) yield return (text, node.IsThere ? Ink.Good : Ink.Bad);
        if (node.Status is { Balanced: false }) yield return ("not balanced just now: counters are read one after the other while messages go on", Ink.Dim);
        foreach (var waits in node.Status is { } known && node.IsThere ? StatusReport.Waiting(known) : []) yield return ($"held up: {waits}", Ink.Warning);
        foreach (var singleton in snapshot.Report.Cluster.Singletons.Where(singleton => singleton.Node == node.Name)) yield return singleton.State is SingletonStatus.Away or SingletonStatus.Closed ? (Where(singleton), Ink.Warning) : ($"{singleton.Name} reads here, and nowhere else of {ClusterText.Counted(singleton.Candidates)}", Ink.Plain);
        foreach (var (placed, here) in from placed in snapshot.Report.Cluster.Placed from here in placed.Nodes where here.Node == node.Name select (placed, here))
            yield return ($"{placed.Name}: {Amount.Exactly(here.Running)} {(here.IsAway ? "ran here when it last answered" : "run here")}{(here.Running == here.Share ? "" : $", and {Amount.Exactly(here.Share)} are to")}, {ClusterText.Running(placed)} of {(placed.Total is { } total ? Amount.Exactly(total) : "an unknown number")} on all nodes", Ink.Plain);
        foreach (var component in node.Status?.Components.Where(component => component.Stream is not null) ?? [])
            yield return ($"{component.Name} {(component.Role == "input" ? "takes" : "feeds")} {component.Stream}: in {Amount.Exactly(component.In)}, out {Amount.Exactly(component.Out)}, queued {Amount.Exactly(component.Queued)}", Ink.Plain);
    }

    /// <summary>Where a singleton reads, as far as that is known, a sentence without its period.</summary>
    public static string Where(SingletonStatus singleton) => singleton.State switch
    {
        _ when singleton.Node is null => $"{singleton.Name} reads on no node now",
        SingletonStatus.Away => $"{singleton.Name} is {singleton.Node}'s, which is away: whether it reads is not known",
        SingletonStatus.Closed => $"{singleton.Name} reads on no node now: it is closed on {singleton.Node}, which is out of touch with the others",
        _ => $"{singleton.Name} reads on {singleton.Node}",
    };

    private static TopRow Stream(StreamStatus stream, ClusterReport report)
    {
        var links = Links(report).Where(link => link.Component.Stream == stream.Name).Select(link => link.Worker).ToList();
        return new TopRow(
            stream.Name,
            [
                new(stream.Name), TopCell.Rate(links.Sum(link => link.Rate)), TopCell.Count(links.Sum(link => link.In)), TopCell.Count(links.Sum(link => link.Out)), TopCell.Count(links.Sum(link => link.Queued), Ink.Warning),
                TopCell.Count(links.Sum(link => link.Redelivered ?? 0), Ink.Warning), TopCell.Count(links.Sum(link => link.Unknown ?? 0), Ink.Warning), TopCell.Count(links.Sum(link => link.Missed ?? 0), Ink.Bad),
                new(ClusterText.Counted(stream.FedBy)), new(ClusterText.TakenBy(stream), Ink: stream.OfferedBy.Count == 0 ? Ink.Bad : Ink.Plain),
            ],
            [($"{stream.Name}: fed by {ClusterText.Counted(stream.FedBy)}, taken by {ClusterText.TakenBy(stream)}", Ink.Strong)]);
    }

    private static TopRow Link((string Node, ComponentStatus Component, WorkerLine Worker) link)
    {
        var (node, component, worker) = link;
        return new TopRow(
            $"{node} {component.Name} {worker.Name}",
            [
                new($"{node} {component.Name}"), new(worker.Name), new(component.Stream ?? ""), new(worker.State, Ink: worker.State == "gone" ? Ink.Dim : TopTables.StateInk(worker.State)), TopCell.Rate(worker.Rate), TopCell.Count(worker.In), TopCell.Count(worker.Out),
                TopCell.Count(worker.Queued, Ink.Warning), Known(worker.Redelivered, Ink.Warning), Known(worker.Unknown, Ink.Warning), Known(worker.Missed, Ink.Bad),
            ],
            [
                ($"{component.Name} of {node} feeds {component.Stream} to {worker.Name}, which is {worker.State}", Ink.Strong),
                ($"given {Amount.Exactly(worker.In)}, delivered {Amount.Exactly(worker.Out)}, queued {Amount.Exactly(worker.Queued)}", Ink.Plain),
                (worker.LastError is { } error ? $"last error: {error}" : "", Ink.Warning),
            ]);
    }

    private static IEnumerable<(string Node, ComponentStatus Component, WorkerLine Worker)> Links(ClusterReport report) =>
        from node in report.Nodes
        from component in node.Status?.Components ?? []
        where component is { Role: "output", Stream: not null }
        from worker in component.Workers ?? []
        select (node.Member.Name, component, worker);

    private static TopCell Known(long? number, Ink ink) => number is { } known ? TopCell.Count(known, ink) : new("", -1);
}
