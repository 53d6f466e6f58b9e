namespace MessageRouter.Cli.Controlling.Top;

/// <summary>What every screen has: lines of a header, one table, what is wrong or the row that is looked at, and the keys.</summary>
internal sealed class TopFrame(TopState state, int width, int height)
{
    /// <summary>Lines from which on there is room for more than the table.</summary>
    private const int Small = 15;

    private const int MostDetails = 6;

    /// <summary>Where all findings are told.</summary>
    public required string FindingsAre { get; init; }

    /// <summary>Words of the tables, for the help.</summary>
    public required IReadOnlyList<(string Word, string Meaning)> Words { get; init; }

    /// <param name="title">The first line.</param>
    /// <param name="figures">Lines below it, where there is room.</param>
    /// <param name="table">The table.</param>
    /// <param name="nothing">What is said where it has no row.</param>
    /// <param name="findings">What is wrong.</param>
    /// <param name="isOld">Whether the figures are not those of now.</param>
    public IReadOnlyList<Line> Draw(Line title, IEnumerable<Line> figures, TopTable table, string nothing, List<(string Text, Ink Ink)> findings, bool isOld)
    {
        var lines = new List<Line>(height) { title };
        if (height >= Small) lines.AddRange(figures);
        lines.Add(Views());
        var footer = Keys();
        if (state.ShowsHelp) lines.AddRange(TopHelp.Draw(width, state.Views, Words).Take(Math.Max(0, height - lines.Count - 1)));
        else Table(lines, table, nothing, findings, isOld);
        while (lines.Count < height - 1) lines.Add(new Line(width));
        lines.Add(footer);
        return lines.Count <= height ? lines : [.. lines.Take(height - 1), footer];
    }

    /// <summary>A number with its name.</summary>
    public static void Figure(Line line, string name, string value, Ink ink = Ink.Strong)
    {
        if (name.Length + value.Length + 3 > line.Left) return;
        if (line.Pieces.Count > 0) line.Add("  ");
        line.Add(name + " ", Ink.Dim).Add(value, ink);
    }

    private void Table(List<Line> lines, TopTable table, string nothing, List<(string Text, Ink Ink)> findings, bool isOld)
    {
        var rows = table.Arranged(state.Filter, state.SortedBy, state.IsReversed);
        var gap = width >= 100 ? 2 : 1;
        var widths = table.Widths(width, gap);
        var selected = rows.FindIndex(row => row.Key == state.Selected);
        var free = height - lines.Count - 3 - rows.Count;
        var below = height < Small ? [] : selected >= 0 ? Wrapped(rows[selected].Details).Take(Math.Max(free, MostDetails)).ToList() : Below(findings, free, Math.Clamp(height / 5, 3, MostDetails));
        var room = Math.Max(1, height - lines.Count - 2 - (below.Count > 0 ? below.Count + 1 : 0));
        state.Shown = ([.. rows.Select(row => row.Key)], room, [.. table.Columns.Where((_, column) => widths[column] > 0).Select(column => column.Heading)]);
        if (selected >= 0 && selected < state.Scrolled) state.Scrolled = selected;
        if (selected >= state.Scrolled + room) state.Scrolled = selected - room + 1;
        state.Scrolled = Math.Clamp(state.Scrolled, 0, Math.Max(0, rows.Count - room));

        lines.Add(table.Heading(width, widths, gap, state.SortedBy, state.IsReversed));
        if (rows.Count == 0) lines.Add(new Line(width).Add(state.Filter.Length > 0 ? $"Nothing has `{state.Filter}` in it; Esc shows all." : nothing, Ink.Dim));
        foreach (var row in rows.Skip(state.Scrolled).Take(room))
        {
            var line = table.Row(row, width, widths, gap, row.Key == state.Selected);
            lines.Add(isOld ? line.Faded() : line);
        }
        while (lines.Count < height - 1 - (below.Count > 0 ? below.Count + 1 : 0)) lines.Add(new Line(width));
        if (below.Count == 0) return;
        var more = rows.Count - state.Scrolled - room;
        lines.Add(new Line(width).Add(more > 0 || state.Scrolled > 0 ? $"{state.Scrolled + 1}–{Math.Min(rows.Count, state.Scrolled + room)} of {rows.Count}" : "", Ink.Dim));
        foreach (var (text, ink) in below) lines.Add(new Line(width).Add(text, ink));
    }

    private Line Views()
    {
        var line = new Line(width);
        var right = $"rates {state.Window}" + (state.SortedBy is { } heading ? $"  by {heading}" : "") + (state.Filter.Length > 0 && !state.IsTyping ? $"  /{state.Filter}" : "");
        var all = state.Views.Select((name, at) => $"{at + 1} {name}").ToList();
        if (all.Sum(name => name.Length + 2) + right.Length > width)
        {
            line.Add(all[state.View], Ink.Accent).Add($" of {all.Count}", Ink.Dim);
            return line.AddRight(right, Ink.Dim);
        }
        for (var view = 0; view < all.Count; view++)
        {
            if (view > 0) line.Add("  ");
            line.Add(all[view], view == state.View ? Ink.Accent : Ink.Dim);
        }
        return line.AddRight(right, Ink.Dim);
    }

    private Line Keys()
    {
        var line = new Line(width);
        if (state.IsTyping) return line.Add("/", Ink.Accent).Add(state.Filter, Ink.Strong).Add("_", Ink.Accent).Add("  Enter keeps it, Esc drops it", Ink.Dim);
        if (state.ShowsHelp) return line.Add("any key goes back", Ink.Dim);
        (string Key, string What)[] keys =
            [("q", "quit"), ("?", "help"), ($"1-{state.Views.Count}", "view"), ("↑↓", "details"), ("s", "sort"), ("w", "1s 10s 60s"), ("/", "filter"), ("p", state.IsPaused ? "go on" : "pause")];
        foreach (var (key, what) in keys)
        {
            if (line.Left < key.Length + what.Length + 3) break;
            if (line.Pieces.Count > 0) line.Add("  ");
            line.Add(key, Ink.Accent).Add(" " + what, Ink.Dim);
        }
        return line;
    }

    /// <summary>All of it where the rows leave room for that; else one line each, and no more than are given.</summary>
    private List<(string Text, Ink Ink)> Below(List<(string Text, Ink Ink)> findings, int free, int most)
    {
        if (Wrapped(findings).ToList() is var all && all.Count <= Math.Max(free, most)) return all;
        return findings.Count <= most ? findings : [.. findings.Take(most - 1), ($"and {findings.Count - most + 1} more: {FindingsAre}", Ink.Dim)];
    }

    private IEnumerable<(string Text, Ink Ink)> Wrapped(IEnumerable<(string Text, Ink Ink)> texts) =>
        texts.SelectMany(text => Line.Wrap(text.Text, width).Select(part => (part, text.Ink)));
}
