using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>What the screen shows: a header, one table, what is wrong or the row that is looked at, and the keys. Text with inks, and nothing of a terminal.</summary>
internal static class TopScreen
{
    /// <summary>The tables, as in <see cref="TopView"/>.</summary>
    public static IReadOnlyList<string> Views { get; } = ["components", "edges", "connections", "pools", "processes"];

    private static readonly (string Word, string Meaning)[] Words =
    [
        ("fill", "how full the mailbox is, in messages or in bytes"),
        ("drops/s", "what is lost, and why; `tap NAME --side dropped` shows it"),
        ("state", "and who holds it up: the one at the end of the chain"),
    ];

    public static IReadOnlyList<Line> Draw(TopSnapshot snapshot, TopState state, int width, int height)
    {
        var frame = new TopFrame(state, width, height) { FindingsAre = "message-router health", Words = Words };
        return frame.Draw(
            Title(snapshot, state, width), [Traffic(snapshot.Status, state, width), Machine(snapshot.Status, width)],
            TopTables.Of(snapshot, state), TopTables.Nothing((TopView)state.View), Findings(snapshot), isOld: snapshot.SilentSeconds is not null);
    }

    private static Line Title(TopSnapshot snapshot, TopState state, int width)
    {
        var status = snapshot.Status;
        var line = new Line(width).Add(status.Node, Ink.Strong).Add("  ");
        if (snapshot.SilentSeconds is { } silent) return line.Add($"waiting for the node… {Amount.Time(Math.Floor(silent))}", Ink.Bad).AddRight(state.IsPaused ? "PAUSED" : "", Ink.Warning);
        line.Add(status.State, status.State == "running" ? Ink.Good : Ink.Warning).Add($" {Amount.Time(Math.Floor(status.UptimeSeconds))}");
        if (snapshot.Health is { } health) line.Add("  ").Add($"● {health.Status}", health.Status switch { "healthy" => Ink.Good, "degraded" => Ink.Warning, _ => Ink.Bad });
        if (status.DrainsWaitingFor is { } rest) line.Add($"  waits for {rest}", Ink.Warning);
        if (state.IsPaused) line.Add("  PAUSED", Ink.Warning);
        return line.AddRight($"{status.Version}  pid {Amount.Exactly(status.Process.Pid)}", Ink.Dim);
    }

    private static Line Traffic(NodeStatus status, TopState state, int width)
    {
        var line = new Line(width);
        var components = status.Components.Where(component => component.Name != "errors").ToList();
        TopFrame.Figure(line, "in", Sum(component => component.Role == "input" ? state.Rate(component.InRate) : 0) + "/s");
        TopFrame.Figure(line, "out", Sum(component => component.Role == "output" ? state.Rate(component.OutRate) : 0) + "/s");
        var dropped = status.Components.Sum(component => component.DroppedRate.Values.Sum(state.Rate));
        TopFrame.Figure(line, "dropped", Amount.Short(dropped) + "/s", dropped > 0 ? Ink.Bad : Ink.Strong);
        var failed = components.Sum(component => state.Rate(component.FailedRate));
        TopFrame.Figure(line, "failed", Amount.Short(failed) + "/s", failed > 0 ? Ink.Bad : Ink.Strong);
        TopFrame.Figure(line, "waiting", $"{Amount.Short(status.Components.Sum(component => component.Queued))}, {SizeText.Of(status.Memory.Bytes)}", status.Memory.IsFull ? Ink.Bad : Ink.Strong);
        if (status.Memory.Limit > 0 && $" of {SizeText.Of(status.Memory.Limit)}" is var limit && limit.Length <= line.Left) line.Add(limit, Ink.Dim);
        return status.Memory.IsFull ? line.Add("  FULL", Ink.Bad) : line;

        string Sum(Func<ComponentStatus, double> rate) => Amount.Short(components.Sum(rate));
    }

    private static Line Machine(NodeStatus status, int width)
    {
        var (process, line) = (status.Process, new Line(width));
        TopFrame.Figure(line, "cpu", FormattableString.Invariant($"{process.Cpu:0.00}"));
        TopFrame.Figure(line, "memory", SizeText.Of(process.MemoryBytes));
        TopFrame.Figure(line, "heap", SizeText.Of(process.HeapBytes));
        TopFrame.Figure(line, "gc", FormattableString.Invariant($"{process.LastCollectionPauseSeconds * 1000:0.#} ms"));
        TopFrame.Figure(line, "threads", Amount.Exactly(process.Threads));
        if (process.OpenFiles is { } files) TopFrame.Figure(line, "files", Amount.Exactly(files));
        return line;
    }

    /// <summary>What is wrong with the node; what it does not say itself is seen from the counts.</summary>
    private static List<(string Text, Ink Ink)> Findings(TopSnapshot snapshot) => snapshot.Health is { } health
        ? [.. health.Findings.Select(finding => ($"{finding.Component}: {finding.Symptom}{(finding.Action is { Length: > 0 } action ? $" → {action}" : "")}", finding.Severity == "unhealthy" ? Ink.Bad : Ink.Warning))]
        : [.. StatusReport.Waiting(snapshot.Status).Select(waits => (waits, Ink.Warning))];
}
