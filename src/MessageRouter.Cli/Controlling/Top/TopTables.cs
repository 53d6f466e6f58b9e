using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Ledger;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>Makes the tables of a node: components, edges, connections, pools and worker processes.</summary>
internal static class TopTables
{
    private static readonly TopColumn[] Edges =
    [
        new("from", 0, 19, 40, IsNumber: false), new("to", 1, 19, 40, IsNumber: false), new("rate/s", 2, 6, 7), new("drops/s", 3, 7, 7), new("waiting", 4, 7, 8),
        new("dropped", 5, 12, 60, IsNumber: false), new("delivered", 6, 9, 9), new("offered", 7, 7, 7),
    ];

    private static readonly TopColumn[] Connections =
    [
        new("component", 1, 17, 40, IsNumber: false), new("peer", 0, 21, 48, IsNumber: false), new("socket", 5, 6, 7, IsNumber: false), new("since", 4, 6, 7),
        new("in/s", 2, 6, 7), new("out/s", 3, 6, 7), new("queued", 6, 6, 7), new("unconfirmed", 7, 11, 12), new("silent", 8, 6, 7), new("received", 9, 9, 10), new("sent", 10, 9, 10),
    ];

    private static readonly TopColumn[] Pools =
    [
        new("component", 1, 17, 40, IsNumber: false), new("worker", 0, 14, 40, IsNumber: false), new("rate/s", 3, 6, 7), new("queued", 4, 6, 7), new("failed", 7, 6, 7),
        new("in", 5, 6, 7), new("out", 8, 6, 7), new("restarts", 9, 8, 8), new("unanswered", 10, 10, 10), new("redelivered", 11, 11, 11), new("unknown", 12, 7, 7), new("missed", 13, 6, 7),
        new("state", 2, 10, 12, IsNumber: false), new("last error", 6, 14, 80, IsNumber: false, Share: 14),
    ];

    private static readonly TopColumn[] Processes =
    [
        new("process", 0, 16, 40, IsNumber: false), new("state", 1, 8, 10, IsNumber: false), new("pid", 2, 7, 8), new("up", 3, 6, 7), new("restarts", 4, 8, 8), new("last error", 5, 16, 100, IsNumber: false),
    ];

    public static TopTable Of(TopSnapshot snapshot, TopState state)
    {
        var status = snapshot.Status;
        return (TopView)state.View switch
        {
            TopView.Edges => new TopTable(Edges, [.. status.Edges.Where(edge => edge.To != "errors" || edge.Offered > 0).Select(edge => Row(edge, state))]),
            TopView.Connections => new TopTable(Connections, [.. status.Components.SelectMany(component => (component.Connections ?? []).Select(connection => Row(component, connection, snapshot)))]),
            TopView.Pools => new TopTable(Pools, [.. status.Components.SelectMany(component => (component.Workers ?? []).Select(worker => Row(component, worker)))]),
            TopView.Processes => new TopTable(Processes, [.. status.Processes.Select(Row)]),
            _ => ComponentTable.Of(status, state),
        };
    }

    /// <summary>What is said where a table has no row.</summary>
    public static string Nothing(TopView view) => view switch
    {
        TopView.Edges => "No component sends to another.",
        TopView.Connections => "Nobody is connected.",
        TopView.Pools => "No component divides its work.",
        TopView.Processes => "The node keeps no worker processes.",
        _ => "The node has no components.",
    };

    private static TopRow Row(EdgeStatus edge, TopState state) => new(
        $"{edge.From} {edge.To}",
        [
            new(edge.From), new(edge.To), TopCell.Rate(state.Rate(edge.Rate)), TopCell.Rate(state.Rate(edge.DroppedRate), Ink.Bad), TopCell.Count(edge.Waiting, Ink.Warning),
            new(Reasons(edge.Dropped), edge.Dropped.Values.Sum(), state.Rate(edge.DroppedRate) > 0 ? Ink.Bad : Ink.Plain), TopCell.Count(edge.Delivered), TopCell.Count(edge.Offered),
        ],
        [
            ($"{edge.From} to {edge.To}", Ink.Strong),
            ($"offered {Amount.Exactly(edge.Offered)}, delivered {Amount.Exactly(edge.Delivered)}, waiting {Amount.Exactly(edge.Waiting)}", Ink.Plain),
            (edge.Dropped.Count == 0 ? "nothing was dropped" : $"dropped {string.Join(", ", edge.Dropped.Select(reason => $"{Amount.Exactly(reason.Value)} {reason.Key}"))}", edge.Dropped.Count == 0 ? Ink.Plain : Ink.Bad),
        ]);

    private static TopRow Row(ComponentStatus component, ConnectionLine connection, TopSnapshot snapshot)
    {
        var before = snapshot.Elapsed > 0
            ? snapshot.Earlier!.Components.FirstOrDefault(earlier => earlier.Name == component.Name)?.Connections?.FirstOrDefault(earlier => earlier.Peer == connection.Peer && earlier.SinceSeconds <= connection.SinceSeconds)
            : null;
        return new TopRow(
            $"{component.Name} {connection.Peer}",
            [
                new(component.Name), new(connection.Peer), new(connection.Socket), TopCell.Seconds(connection.SinceSeconds),
                TopCell.Rate(PerSecond(connection.MessagesIn, before?.MessagesIn)), TopCell.Rate(PerSecond(connection.MessagesOut, before?.MessagesOut)),
                TopCell.Count(connection.Queued, Ink.Warning), TopCell.Count(connection.Unconfirmed), TopCell.Seconds(connection.SilentSeconds),
                new(SizeText.Of(connection.BytesIn), connection.BytesIn), new(SizeText.Of(connection.BytesOut), connection.BytesOut),
            ],
            [
                ($"{connection.Peer} {(connection.Direction == "accepted" ? "has connected to" : "is what connects")} {component.Name} ({connection.Socket}), {Amount.Time(connection.SinceSeconds)} ago", Ink.Strong),
                ($"in {Amount.Exactly(connection.MessagesIn)} messages, {SizeText.Of(connection.BytesIn)}; out {Amount.Exactly(connection.MessagesOut)}, {SizeText.Of(connection.BytesOut)}", Ink.Plain),
                ($"{Amount.Exactly(connection.Queued)} wait to be written, {Amount.Exactly(connection.Unconfirmed)} unconfirmed; silent for {Amount.Time(connection.SilentSeconds)}", Ink.Plain),
            ]);

        double PerSecond(long now, long? earlier) => earlier is { } some ? Math.Max(0, now - some) / snapshot.Elapsed : 0;
    }

    private static TopRow Row(ComponentStatus component, WorkerLine worker) => new(
        $"{component.Name} {worker.Name}",
        [
            new(component.Name), new(worker.Name), TopCell.Rate(worker.Rate), TopCell.Count(worker.Queued), Known(worker.Failed, Ink.Bad), TopCell.Count(worker.In), TopCell.Count(worker.Out),
            Known(worker.Restarts, Ink.Warning), Known(worker.Unanswered), Known(worker.Redelivered, Ink.Warning), Known(worker.Unknown, Ink.Warning), Known(worker.Missed, Ink.Bad),
            new(worker.State, Ink: StateInk(worker.State)), new(worker.LastError ?? "", Ink: Ink.Warning),
        ],
        [
            ($"{worker.Name} of {component.Name} is {worker.State}", Ink.Strong),
            ($"in {Amount.Exactly(worker.In)}, out {Amount.Exactly(worker.Out)}, queued {Amount.Exactly(worker.Queued)}{(worker.Failed is { } failed ? $", failed {Amount.Exactly(failed)}" : "")}{(worker.Restarts is { } restarts ? $", restarts {Amount.Exactly(restarts)}" : "")}", Ink.Plain),
            (worker.LastError is { } error ? $"last error: {error}" : "", Ink.Warning),
        ]);

    private static TopRow Row(ProcessLine process) => new(
        process.Name,
        [
            new(process.Name), new(process.State, Ink: StateInk(process.State)), process.Pid is { } pid ? new(Amount.Exactly(pid), pid) : new("", -1),
            TopCell.Seconds(process.Pid is null ? null : process.UptimeSeconds), TopCell.Count(process.Restarts, Ink.Warning), new(process.LastError ?? "", Ink: Ink.Warning),
        ],
        [($"{process.Name} is {process.State}", Ink.Strong), (process.LastError is { } error ? $"last error: {error}" : "", Ink.Warning)]);

    private static TopCell Known(long? number, Ink ink = Ink.Plain) => number is { } known ? TopCell.Count(known, ink) : new("", -1);

    /// <summary>What was dropped, the most of it first.</summary>
    public static string Reasons(IReadOnlyDictionary<string, long> dropped) =>
        string.Join(", ", dropped.Where(reason => reason.Value > 0).OrderByDescending(reason => reason.Value).Select(reason => $"{Amount.Short(reason.Value)} {reason.Key}"));

    public static Ink StateInk(string state) => state switch
    {
        "running" or "ready" or "idle" => Ink.Good,
        "blocked" or "paused" or "busy" or "starting" or "connecting" or "waiting" => Ink.Warning,
        "backing-off" or "set-aside" or "stopped" or "failed" => Ink.Bad,
        _ => Ink.Dim,
    };
}
