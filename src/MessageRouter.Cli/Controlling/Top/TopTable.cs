using MessageRouter.Cli.Controlling.Reports;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>A column of a table on the screen.</summary>
/// <param name="Heading">What stands above it.</param>
/// <param name="Rank">The columns of low rank have room first.</param>
/// <param name="Least">Columns of the terminal that it needs.</param>
/// <param name="Most">And that it takes where there is room and something to show.</param>
/// <param name="IsNumber">Whether it stands right, and its largest come first when sorted.</param>
/// <param name="From">Columns that the screen has at least for it to be there.</param>
/// <param name="Share">What part of the screen it needs, in percent, where that is more.</param>
internal sealed record TopColumn(string Heading, int Rank, int Least, int Most, bool IsNumber = true, int From = 0, int Share = 0)
{
    /// <summary>What it needs on a screen of a width.</summary>
    public int LeastOf(int width) => Math.Max(Least, Math.Min(Most, width * Share / 100));
}

/// <summary>What a row has in a column.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="Order">What it is sorted by; null for the text.</param>
/// <param name="Ink">In which ink.</param>
/// <param name="Bar">What part of it a bar before the text fills; null for no bar.</param>
internal readonly record struct TopCell(string Text, double? Order = null, Ink Ink = Ink.Plain, double? Bar = null)
{
    public static TopCell Count(long number, Ink ink = Ink.Plain) => new(Amount.Short(number), number, number == 0 ? Ink.Dim : ink);

    public static TopCell Rate(double rate, Ink ink = Ink.Plain) => new(Amount.Short(rate), rate, rate == 0 ? Ink.Dim : ink);

    public static TopCell Seconds(double? seconds, Ink ink = Ink.Plain) => seconds is { } some ? new(Amount.Time(some), some, ink) : new("", -1);
}

/// <summary>A row of a table on the screen.</summary>
/// <param name="Key">What it is known by while numbers change.</param>
/// <param name="Cells">One a column.</param>
/// <param name="Details">What is told of it when it is looked at, a line each.</param>
internal sealed record TopRow(string Key, TopCell[] Cells, IReadOnlyList<(string Text, Ink Ink)> Details);

/// <summary>A table on the screen: the columns that have room, and rows, sorted and filtered.</summary>
internal sealed class TopTable(IReadOnlyList<TopColumn> columns, IReadOnlyList<TopRow> rows)
{
    private const char Full = '█', Empty = '░';

    public IReadOnlyList<TopColumn> Columns => columns;

    public IReadOnlyList<TopRow> Rows => rows;

    /// <summary>Those that have a text somewhere, in the order of a column; null for the order that they have.</summary>
    public List<TopRow> Arranged(string filter, string? sortedBy, bool isReversed)
    {
        var shown = rows.Where(row => filter.Length == 0 || row.Cells.Any(cell => cell.Text.Contains(filter, StringComparison.OrdinalIgnoreCase)) || row.Key.Contains(filter, StringComparison.OrdinalIgnoreCase));
        var column = sortedBy is null ? -1 : columns.TakeWhile(column => column.Heading != sortedBy).Count();
        if (column < 0 || column >= columns.Count) return isReversed ? [.. shown.Reverse()] : [.. shown];
        var isDescending = columns[column].IsNumber != isReversed;
        var comparer = Comparer<TopCell>.Create((one, other) => one.Order is { } number && other.Order is { } another ? number.CompareTo(another) : string.CompareOrdinal(one.Text, other.Text));
        return [.. isDescending ? shown.OrderByDescending(row => row.Cells[column], comparer) : shown.OrderBy(row => row.Cells[column], comparer)];
    }

    /// <summary>How wide each column is on a screen; 0 for those that have no room.</summary>
    public int[] Widths(int width, int gap)
    {
        var widths = new int[columns.Count];
        var left = width + gap;
        var byRank = Enumerable.Range(0, columns.Count).Where(column => columns[column].From <= width).OrderBy(column => columns[column].Rank).ToList();
        foreach (var column in byRank)
        {
            // As soon as one has no room, those that matter less have none either: what is there does not jump about.
            var least = columns[column].LeastOf(width);
            if (least + gap > left && left < width + gap) break;
            widths[column] = Math.Min(least, Math.Max(1, left - gap));
            left -= widths[column] + gap;
        }
        foreach (var column in byRank.Where(column => widths[column] > 0))
        {
            var wanted = rows.Any(row => row.Cells[column].Bar is not null) ? columns[column].Most : Math.Min(columns[column].Most, rows.Select(row => TextTable.Columns(row.Cells[column].Text)).Append(columns[column].Heading.Length + 1).Max());
            var more = Math.Clamp(wanted - widths[column], 0, Math.Max(0, left));
            widths[column] += more;
            left -= more;
        }
        return widths;
    }

    public Line Heading(int width, int[] widths, int gap, string? sortedBy, bool isReversed)
    {
        var line = new Line(width);
        Each(line, widths, gap, column =>
        {
            var mark = columns[column].Heading != sortedBy ? "" : columns[column].IsNumber != isReversed ? "▼" : "▲";
            line.AddCell(columns[column].Heading + mark, widths[column], columns[column].IsNumber);
        });
        return line.Inked(Ink.Heading);
    }

    public Line Row(TopRow row, int width, int[] widths, int gap, bool isSelected)
    {
        var line = new Line(width);
        Each(line, widths, gap, column =>
        {
            var cell = row.Cells[column];
            if (cell.Bar is not { } part) line.AddCell(cell.Text, widths[column], columns[column].IsNumber, cell.Ink);
            else Bar(line, cell, part, widths[column]);
        });
        return isSelected ? line.Inked(Ink.Selected) : line;
    }

    private static void Bar(Line line, TopCell cell, double part, int width)
    {
        var text = cell.Text.PadLeft(4);
        var columns = width - text.Length - 1;
        if (columns < 3)
        {
            line.AddCell(cell.Text, width, isNumber: true, cell.Ink);
            return;
        }
        var full = part <= 0 ? 0 : Math.Clamp((int)Math.Round(part * columns), 1, part < 1 ? columns - 1 : columns);
        line.Add(new string(Full, full), cell.Ink == Ink.Dim ? Ink.Good : cell.Ink).Add(new string(Empty, columns - full), Ink.Dim).Add(" ").Add(text, cell.Ink);
    }

    private static void Each(Line line, int[] widths, int gap, Action<int> add)
    {
        var isFirst = true;
        for (var column = 0; column < widths.Length; column++)
        {
            if (widths[column] == 0) continue;
            if (!isFirst) line.Add(new string(' ', gap));
            isFirst = false;
            add(column);
        }
    }
}
