using System.Globalization;
using System.Security;
using System.Text;

namespace MessageRouter.Benchmarks.Route;

/// <summary>The rates as a picture: a bar for each contestant, cases one below the other.</summary>
internal static class SvgReport
{
    private const int BarHeight = 14;
    private const int CaseGap = 12;
    private const int Left = 290;
    private const int Width = 520;
    private const int Right = 270;
    private const int Top = 50;

    private static readonly Dictionary<string, string> Colours = new()
    {
        [MessageRouterContestant.Title] = "#1f6feb",
        [NothingBetween.Title] = "#1a7f37",
        [RawNetMq.Title] = "#6e7781",
        [LibZmqProxy.Title] = "#afb8c1",
        ["Perl original"] = "#bf3989",
        ["rsyslog"] = "#bc4c00",
    };

    public static string Of(RouteReport report)
    {
        var bars = new StringBuilder();

        // What stands for nothing between is many times as fast as everything else.
        var most = report.Lines.Where(line => line.Contestant != NothingBetween.Title).Select(line => line.Result.Rate).Append(1).Max();
        var y = Top;
        foreach (var group in report.Lines.GroupBy(line => line.Case))
        {
            foreach (var (line, index) in group.Select((line, index) => (line, index)))
            {
                var width = Math.Clamp(line.Result.Rate / most * Width, 1, Width);
                if (index == 0) Text(bars, 10, y + BarHeight - 3, group.Key, "600");
                Text(bars, 140, y + BarHeight - 3, line.Contestant, "400");
                bars.Append(CultureInfo.InvariantCulture, $"""<rect x="{Left}" y="{y}" width="{width:0.#}" height="{BarHeight - 2}" fill="{Colours.GetValueOrDefault(line.Contestant, "#000")}"/>""");
                Text(bars, Left + width + 6, y + BarHeight - 3, Says(line), "400");
                y += BarHeight;
            }
            y += CaseGap;
        }
        foreach (var figure in report.Figures)
        {
            Text(bars, 10, y + BarHeight - 3, $"{figure.Name}: {figure.Value.ToString("#,0.##", CultureInfo.InvariantCulture)} {figure.Unit}", "400");
            y += BarHeight;
        }
        var title = new StringBuilder();
        Text(title, 10, 20, "Messages a second, and processor seconds for each million", "600");
        Text(title, 10, 36, report.Machine, "400");
        return $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Left + Width + Right}" height="{y}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>{title}{bars}</svg>""" + "\n";
    }

    private static string Says(RouteLine line)
    {
        var ratio = line.Ratio is { } number ? $", {number:0.00} of NetMQ" : "";
        return $"{line.Result.Rate / 1000:#,0} k/s{ratio}, {line.Result.Processor:0.00} CPU s/M";
    }

    private static void Text(StringBuilder target, double x, int y, string text, string weight) =>
        target.Append(CultureInfo.InvariantCulture, $"""<text x="{x:0.#}" y="{y}" font-weight="{weight}">{SecurityElement.Escape(text)}</text>""");
}
