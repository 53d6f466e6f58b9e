using System.Globalization;
using System.Text;

namespace MessageRouter.Benchmarks.Route;

/// <summary>The table that is printed at the end, in Markdown.</summary>
internal static class TextReport
{
    private static readonly string[] Heads =
        ["case", "who", "messages/s", "to NetMQ", "CPU s/M", "user", "system", "CPU to NetMQ", "peak MB", "lost", "p50 ms", "p99 ms"];

    public static string Of(RouteReport report)
    {
        var rows = new List<string[]> { Heads };
        rows.AddRange(report.Lines.Select(Row));
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.Machine}; medians of {report.Times.Rounds} runs of {report.Times.Measure.TotalSeconds:0.#} s.").AppendLine();
        if (report.Lines.Count > 0) Append(text, rows);
        if (report.Figures.Count > 0)
        {
            if (report.Lines.Count > 0) text.AppendLine();
            Append(text, [["figure", "value"], .. report.Figures.Select(figure => new[] { figure.Name, $"{figure.Value:#,0.##} {figure.Unit}".Trim() })]);
        }
        if (report.Targets.Count > 0)
        {
            text.AppendLine();
            Append(text, [["target", "wanted", "measured", "met"], .. report.Targets.Select(target =>
                new[] { target.Name, $"{(target.IsLeast ? "≥" : "≤")} {target.Wanted:#,0.##}", $"{target.Measured:#,0.##}", target.IsMet ? "yes" : "NO" })]);
        }
        foreach (var failure in report.Failures) text.AppendLine().Append("FAILED: ").Append(failure);
        return text.ToString();
    }

    private static string[] Row(RouteLine line) =>
    [
        line.Case, line.Contestant, $"{line.Result.Rate:#,0}", Number(line.Ratio),
        $"{line.Result.Processor:0.00}", $"{line.Result.User:0.00}", $"{line.Result.System:0.00}", Number(line.ProcessorRatio),
        $"{line.Result.PeakMemory / 1e6:0}", $"{line.Result.Lost:#,0}", Milliseconds(line.Result.HalfIn), Milliseconds(line.Result.MostIn),
    ];

    private static string Number(double? value) => value is { } number ? $"{number:0.00}" : "";

    private static string Milliseconds(double? microseconds) => microseconds is { } value ? $"{value / 1000:0.00}" : "";

    private static void Append(StringBuilder text, List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            text.AppendLine("| " + string.Join(" | ", rows[i].Select((cell, column) => IsWord(column) ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))) + " |");
            if (i == 0) text.AppendLine("|" + string.Join("|", widths.Select((width, column) => IsWord(column) ? new string('-', width + 2) : new string('-', width + 1) + ":")) + "|");
        }

        bool IsWord(int column) => column == 0 || (rows[0].Length == Heads.Length && column == 1);
    }
}
