using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>The table of components: how fast, how full, what is lost and why, and who holds up whom.</summary>
internal static class ComponentTable
{
    /// <summary>On a smaller screen the name of the culprit is worth more.</summary>
    private const int Wide = 100;

    private static readonly TopColumn[] Columns =
    [
        new("component", 0, 16, 36, IsNumber: false), new("in/s", 2, 5, 6), new("out/s", 3, 5, 6), new("fill", 4, 8, 13), new("queued", 7, 6, 6, From: Wide), new("oldest", 8, 6, 7, From: Wide),
        new("failed/s", 9, 8, 8, From: Wide), new("in", 12, 6, 7), new("out", 13, 6, 7), new("filtered", 14, 8, 8), new("failed", 15, 6, 7), new("restarts", 11, 8, 8), new("type", 16, 9, 24, IsNumber: false),
        new("drops/s", 5, 19, 44, IsNumber: false), new("dropped", 10, 14, 44, IsNumber: false), new("state", 1, 11, 60, IsNumber: false, Share: 24),
    ];

    public static TopTable Of(NodeStatus status, TopState state) => new(Columns, [.. status.Components.Select(component => Row(component, status, state))]);

    private static TopRow Row(ComponentStatus component, NodeStatus status, TopState state)
    {
        var mailbox = component.Mailbox;
        var drops = component.DroppedRate.Select(reason => (Reason: reason.Key, Rate: state.Rate(reason.Value))).Where(reason => reason.Rate > 0).OrderByDescending(reason => reason.Rate).ToList();
        return new TopRow(
            component.Name,
            [
                new(component.Name), TopCell.Rate(state.Rate(component.InRate)), TopCell.Rate(state.Rate(component.OutRate)),
                new(Amount.Percent(mailbox.Fill), mailbox.Fill, mailbox.Fill switch { >= 0.9 => Ink.Bad, >= 0.5 => Ink.Warning, > 0 => Ink.Good, _ => Ink.Dim }, mailbox.Fill),
                TopCell.Count(component.Queued), TopCell.Seconds(mailbox.OldestSeconds), TopCell.Rate(state.Rate(component.FailedRate), Ink.Bad),
                TopCell.Count(component.In), TopCell.Count(component.Out), TopCell.Count(component.Filtered), TopCell.Count(component.Failed, Ink.Warning), TopCell.Count(component.Restarts, Ink.Warning), new(component.Type, Ink: Ink.Dim),
                new(string.Join(", ", drops.Select(reason => $"{Amount.Short(reason.Rate)} {reason.Reason}")), drops.Sum(reason => reason.Rate), Ink.Bad),
                new(TopTables.Reasons(component.Dropped), component.Dropped.Values.Sum(), Ink.Warning), State(component),
            ],
            [.. Details(component, status)]);
    }

    private static TopCell State(ComponentStatus component)
    {
        var ink = TopTables.StateInk(component.State);
        if (component.WaitingFor is { } waits) return new($"{component.State}{(waits.Component == component.Name ? $", {waits.Why}" : $" by {waits.Component}")}", Ink: ink == Ink.Good ? Ink.Warning : ink);
        return new(component.BackingOffSeconds is { } left ? $"{component.State} {Amount.Time(left)}" : component.State, Ink: ink);
    }

    private static IEnumerable<(string Text, Ink Ink)> Details(ComponentStatus component, NodeStatus status)
    {
        yield return ($"{component.Name}: {component.Type}{Part(", ", component.Place)}{Part(", ", string.Join(' ', component.Endpoints))}{Part(", to ", string.Join(", ", component.To))}", Ink.Strong);
        yield return ($"in {Amount.Exactly(component.In)}{(component.Created > 0 ? $", created {Amount.Exactly(component.Created)}" : "")}, out {Amount.Exactly(component.Out)}, filtered {Amount.Exactly(component.Filtered)}, "
            + $"failed {Amount.Exactly(component.Failed)}, queued {Amount.Exactly(component.Queued)} ({SizeText.Of(component.QueuedBytes)}) of {Amount.Exactly(component.Mailbox.Capacity)}"
            + (component.Mailbox.OldestSeconds is { } oldest ? $", oldest {Amount.Time(oldest)}" : "") + (component.Mailbox.FullSeconds is { } full ? $", full for {Amount.Time(full)}" : ""), Ink.Plain);
        if (component.Dropped.Values.Sum() > 0) yield return ($"dropped: {string.Join(", ", component.Dropped.Select(reason => $"{Amount.Exactly(reason.Value)} {reason.Key}"))}", Ink.Bad);
        if (StatusReport.Waiting(status with { Components = [component] }).FirstOrDefault() is { } waits)
            yield return (component.WaitingFor!.Component == component.Name ? waits : $"held up: {waits}", Ink.Warning);
        if (component.LastError is { } error) yield return ($"last error{(component.LastErrorAt is { } at ? $", {Amount.Time((status.StartedAt - at).TotalSeconds + status.UptimeSeconds)} ago" : "")}: {error}", Ink.Warning);
    }

    private static string Part(string before, string? text) => string.IsNullOrEmpty(text) ? "" : before + text;
}
