using System.Text;
using MessageRouter.Zmtp;

namespace MessageRouter.Configuration;

/// <summary>The line a span begins in as it is shown, and the carets that stand under the span.</summary>
internal sealed record SourceExcerpt(string Line, string Carets)
{
    private const int TabStop = 4;
    private const int WidestLine = 120;
    private const int ShownBefore = 60;
    private const string Cut = "...";

    public static SourceExcerpt Of(SourceSpan span)
    {
        var line = span.Source.Lines.Line(span.Line);
        var start = Math.Clamp(span.Column - 1, 0, line.Length);
        var end = Math.Clamp((long)start + Math.Max(span.Length, 1), start, line.Length);

        // Only what can be visible is laid out: a line may have millions of characters.
        var from = Math.Max(0, start - (WidestLine * 2));
        var to = Math.Min(line.Length, start + (WidestLine * 2));
        if (from > 0 && char.IsLowSurrogate(line[from]))
        {
            from--;
        }

        var cells = new List<Cell>();
        for (int at = from, column = 0; at < to;)
        {
            var length = SafeText.Next(line[at..], out var shown, out var columns);
            if (line[at] == '\t')
            {
                columns = TabStop - (column % TabStop);
                shown = new string(' ', columns);
            }

            cells.Add(new Cell(shown, columns, at >= start && at < end));
            at += length;
            column += columns;
        }

        // A span at the end of the line, where something is missing, has no character of its own.
        if (!cells.Exists(cell => cell.Marked))
        {
            var index = 0;
            for (var at = from; at < start && index < cells.Count; index++)
            {
                at += SafeText.Next(line[at..], out _, out _);
            }

            cells.Insert(index, new Cell(index == cells.Count ? "" : " ", 1, true));
        }

        return Layout(cells, cutBefore: from > 0, cutAfter: to < line.Length);
    }

    private static SourceExcerpt Layout(List<Cell> cells, bool cutBefore, bool cutAfter)
    {
        var first = 0;
        var last = cells.Count;
        if (cutBefore || cutAfter || cells.Sum(cell => cell.Columns) > WidestLine)
        {
            var marked = cells.FindIndex(cell => cell.Marked);
            var before = 0;
            for (first = marked; first > 0 && before < ShownBefore; first--)
            {
                before += cells[first - 1].Columns;
            }

            for (last = marked + 1; last < cells.Count && before < WidestLine; last++)
            {
                before += cells[last].Columns;
            }

            cutBefore |= first > 0;
            cutAfter |= last < cells.Count;
        }

        var line = new StringBuilder(cutBefore ? Cut : "");
        var carets = new StringBuilder(cutBefore ? new string(' ', Cut.Length) : "");
        for (var index = first; index < last; index++)
        {
            line.Append(cells[index].Shown);
            carets.Append(cells[index].Marked ? '^' : ' ', cells[index].Columns);
        }

        if (cutAfter)
        {
            line.Append(Cut);
        }

        var under = carets.ToString().TrimEnd(' ');
        return new SourceExcerpt(line.ToString(), under.Length == 0 ? "^" : under);
    }

    private readonly record struct Cell(string Shown, int Columns, bool Marked);
}
