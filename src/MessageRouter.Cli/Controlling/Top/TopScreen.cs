using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>What the screen shows: a header, one table, what is wrong or the row that is looked at, and the keys. Text with inks, and nothing of a terminal.</summary>
internal static class TopScreen
{
    /// <summary>Lines from which on there is room for more than the table.</summary>
    private const int Small = 15;

    private const int MostDetails = 6;

    private static readonly string[] ViewNames = ["components", "edges", "connections", "pools", "processes"];

    public static IReadOnlyList<Line> Draw(TopSnapshot snapshot, TopState state, int width, int height)
    {
        var lines = new List<Line>(height);
        lines.Add(Title(snapshot, state, width));
        if (height >= Small)
        {
            lines.Add(Traffic(snapshot.Status, state, width));
            lines.Add(Machine(snapshot.Status, width));
        }
        lines.Add(Views(state, width));
        var footer = Keys(state, width);
        if (state.ShowsHelp) lines.AddRange(TopHelp.Draw(width).Take(Math.Max(0, height - lines.Count - 1)));
        else Table(lines, snapshot, state, width, height);
        while (lines.Count < height - 1) lines.Add(new Line(width));
        lines.Add(footer);
        return lines.Count <= height ? lines : [.. lines.Take(height - 1), footer];
    }

    private static void Table(List<Line> lines, TopSnapshot snapshot, TopState state, int width, int height)
    {
        var table = TopTables.Of(snapshot, state);
        var rows = table.Arranged(state.Filter, state.SortedBy, state.IsReversed);
        var gap = width >= 100 ? 2 : 1;
        var widths = table.Widths(width, gap);
        var selected = rows.FindIndex(row => row.Key == state.Selected);
        var free = height - lines.Count - 3 - rows.Count;
        var below = height < Small ? [] : selected >= 0 ? Wrapped(rows[selected].Details, width).Take(Math.Max(free, MostDetails)).ToList() : Below(Findings(snapshot), width, free, Math.Clamp(height / 5, 3, MostDetails));
        var room = Math.Max(1, height - lines.Count - 2 - (below.Count > 0 ? below.Count + 1 : 0));
        state.Shown = ([.. rows.Select(row => row.Key)], room, [.. table.Columns.Where((_, column) => widths[column] > 0).Select(column => column.Heading)]);
        if (selected >= 0 && selected < state.Scrolled) state.Scrolled = selected;
        if (selected >= state.Scrolled + room) state.Scrolled = selected - room + 1;
        state.Scrolled = Math.Clamp(state.Scrolled, 0, Math.Max(0, rows.Count - room));

        lines.Add(table.Heading(width, widths, gap, state.SortedBy, state.IsReversed));
        if (rows.Count == 0) lines.Add(new Line(width).Add(state.Filter.Length > 0 ? $"Nothing has `{state.Filter}` in it; Esc shows all." : TopTables.Nothing(state.View), Ink.Dim));
        foreach (var row in rows.Skip(state.Scrolled).Take(room))
        {
            var line = table.Row(row, width, widths, gap, row.Key == state.Selected);
            lines.Add(snapshot.SilentSeconds is null ? line : line.Faded());
        }
        while (lines.Count < height - 1 - (below.Count > 0 ? below.Count + 1 : 0)) lines.Add(new Line(width));
        if (below.Count == 0) return;
        var more = rows.Count - state.Scrolled - room;
        lines.Add(new Line(width).Add(more > 0 || state.Scrolled > 0 ? $"{state.Scrolled + 1}–{Math.Min(rows.Count, state.Scrolled + room)} of {rows.Count}" : "", Ink.Dim));
        foreach (var (text, ink) in below) lines.Add(new Line(width).Add(text, ink));
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
        Figure(line, "in", Sum(component => component.Role == "input" ? state.Rate(component.InRate) : 0) + "/s");
        Figure(line, "out", Sum(component => component.Role == "output" ? state.Rate(component.OutRate) : 0) + "/s");
        var dropped = status.Components.Sum(component => component.DroppedRate.Values.Sum(state.Rate));
        Figure(line, "dropped", Amount.Short(dropped) + "/s", dropped > 0 ? Ink.Bad : Ink.Strong);
        var failed = components.Sum(component => state.Rate(component.FailedRate));
        Figure(line, "failed", Amount.Short(failed) + "/s", failed > 0 ? Ink.Bad : Ink.Strong);
        Figure(line, "waiting", $"{Amount.Short(status.Components.Sum(component => component.Queued))}, {SizeText.Of(status.Memory.Bytes)}", status.Memory.IsFull ? Ink.Bad : Ink.Strong);
        if (status.Memory.Limit > 0 && $" of {SizeText.Of(status.Memory.Limit)}" is var limit && limit.Length <= line.Left) line.Add(limit, Ink.Dim);
        return status.Memory.IsFull ? line.Add("  FULL", Ink.Bad) : line;

        string Sum(Func<ComponentStatus, double> rate) => Amount.Short(components.Sum(rate));
    }

    private static Line Machine(NodeStatus status, int width)
    {
        var (process, line) = (status.Process, new Line(width));
        Figure(line, "cpu", FormattableString.Invariant($"{process.Cpu:0.00}"));
        Figure(line, "memory", SizeText.Of(process.MemoryBytes));
        Figure(line, "heap", SizeText.Of(process.HeapBytes));
        Figure(line, "gc", FormattableString.Invariant($"{process.LastCollectionPauseSeconds * 1000:0.#} ms"));
        Figure(line, "threads", Amount.Exactly(process.Threads));
        if (process.OpenFiles is { } files) Figure(line, "files", Amount.Exactly(files));
        return line;
    }

    private static void Figure(Line line, string name, string value, Ink ink = Ink.Strong)
    {
        if (name.Length + value.Length + 3 > line.Left) return;
        if (line.Pieces.Count > 0) line.Add("  ");
        line.Add(name + " ", Ink.Dim).Add(value, ink);
    }

    private static Line Views(TopState state, int width)
    {
        var line = new Line(width);
        var right = $"rates {state.Window}" + (state.SortedBy is { } heading ? $"  by {heading}" : "") + (state.Filter.Length > 0 && !state.IsTyping ? $"  /{state.Filter}" : "");
        var all = ViewNames.Select((name, at) => $"{at + 1} {name}").ToList();
        if (all.Sum(name => name.Length + 2) + right.Length > width)
        {
            line.Add(all[(int)state.View], Ink.Accent).Add(" of 5", Ink.Dim);
            return line.AddRight(right, Ink.Dim);
        }
        for (var view = 0; view < all.Count; view++)
        {
            if (view > 0) line.Add("  ");
            line.Add(all[view], view == (int)state.View ? Ink.Accent : Ink.Dim);
        }
        return line.AddRight(right, Ink.Dim);
    }

    private static Line Keys(TopState state, int width)
    {
        var line = new Line(width);
        if (state.IsTyping) return line.Add("/", Ink.Accent).Add(state.Filter, Ink.Strong).Add("_", Ink.Accent).Add("  Enter keeps it, Esc drops it", Ink.Dim);
        if (state.ShowsHelp) return line.Add("any key goes back", Ink.Dim);
        (string Key, string What)[] keys = [("q", "quit"), ("?", "help"), ("1-5", "view"), ("↑↓", "details"), ("s", "sort"), ("w", "1s 10s 60s"), ("/", "filter"), ("p", state.IsPaused ? "go on" : "pause")];
        foreach (var (key, what) in keys)
        {
            if (line.Left < key.Length + what.Length + 3) break;
            if (line.Pieces.Count > 0) line.Add("  ");
            line.Add(key, Ink.Accent).Add(" " + what, Ink.Dim);
        }
        return line;
    }

    /// <summary>What is wrong with the node; what it does not say itself is seen from the counts.</summary>
    private static List<(string Text, Ink Ink)> Findings(TopSnapshot snapshot) => snapshot.Health is { } health
        ? [.. health.Findings.Select(finding => ($"{finding.Component}: {finding.Symptom}{(finding.Action is { Length: > 0 } action ? $" → {action}" : "")}", finding.Severity == "unhealthy" ? Ink.Bad : Ink.Warning))]
        : [.. StatusReport.Waiting(snapshot.Status).Select(waits => (waits, Ink.Warning))];

    /// <summary>All of it where the rows leave room for that; else one line each, and no more than are given.</summary>
    private static List<(string Text, Ink Ink)> Below(List<(string Text, Ink Ink)> findings, int width, int free, int most)
    {
        if (Wrapped(findings, width).ToList() is var all && all.Count <= Math.Max(free, most)) return all;
        return findings.Count <= most ? findings : [.. findings.Take(most - 1), ($"and {findings.Count - most + 1} more: message-router health", Ink.Dim)];
    }

    private static IEnumerable<(string Text, Ink Ink)> Wrapped(IEnumerable<(string Text, Ink Ink)> texts, int width) =>
        texts.SelectMany(text => Line.Wrap(text.Text, width).Select(part => (part, text.Ink)));
}
