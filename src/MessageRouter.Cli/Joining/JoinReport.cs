using System.Text;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Ledger;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Joining;

/// <summary>Joined ledgers for people: a row for each link, then what contradicts, what is unknown, and the sum.</summary>
internal static class JoinReport
{
    private static readonly (string Heading, bool IsNumber)[] Columns =
    [
        ("from", false), ("to", false), ("sent", true), ("received", true), ("lost in transit", true), ("lost at the end", true), ("went to others", true), ("under way", true), ("queued", true), ("dropped by the sender", false), ("before subscribing", true),
    ];

    /// <summary>Those are shown only where a row has something in them.</summary>
    private static readonly string[] Seldom = ["went to others", "under way", "queued", "dropped by the sender", "before subscribing"];

    /// <param name="join">The ledgers.</param>
    /// <param name="away">Nodes that have not answered.</param>
    public static string Print(LedgerJoin join, IReadOnlyList<string>? away = null)
    {
        var text = new StringBuilder();
        if (join.Links.Count > 0)
        {
            var rows = join.Links.Select(Cells).ToList();
            var shown = Enumerable.Range(0, Columns.Length).Where(column => !Seldom.Contains(Columns[column].Heading) || rows.Exists(row => row[column] is not ("" or "0"))).ToList();
            text.Append(TextTable.Print([.. shown.Select(column => Columns[column])], rows.Select(row => shown.Select(column => row[column]).ToArray()))).Append('\n');
        }
        foreach (var node in away ?? []) Line(text, $"away: {node}: it does not answer; what it counts is not in this");
        foreach (var link in join.Links.Where(link => link.Unknown is not null)) Line(text, $"unknown: {link.From} to {link.To}: {link.Unknown}");
        foreach (var (ledger, problem) in join.NodeProblems) Line(text, $"DOES NOT ADD UP: {NameOf(ledger)}: {problem}");
        foreach (var (link, problem) in join.Links.SelectMany(link => link.Problems.Select(problem => (link, problem)))) Line(text, $"DOES NOT ADD UP: {link.From} to {link.To}: {problem}");
        return text.Append(Sum(join)).Append('\n').ToString();
    }

    private static string Sum(LedgerJoin join)
    {
        var known = join.Links.Where(link => link is { Sender: not null, Received: not null }).ToList();
        var scope = $"{Number(join.Ledgers.Count, "ledger")}, {Number(known.Count, "link")} with both ends";
        return join.AddsUp ? $"{scope}: {Equation(join)}{(join.IsComplete ? "" : "; what is unknown is named above")}" : $"{scope}: this does not add up";
    }

    /// <summary>What became of all that was sent over links of which both ends are known.</summary>
    public static string Equation(LedgerJoin join)
    {
        var known = join.Links.Where(link => link is { Sender: not null, Received: not null }).ToList();
        var (sent, received, lost) = (known.Sum(link => link.Sent), known.Sum(link => link.Received ?? 0), known.Sum(link => link.LostInTransit + (link.LostAtTheEnd ?? 0)));
        var (others, underWay) = (known.Sum(link => link.WentToOthers ?? 0), known.Sum(link => link.UnderWay ?? 0));
        return $"{Amount.Exactly(sent)} sent = {Amount.Exactly(received)} received + {Amount.Exactly(lost)} lost{Part(others, "went to others")}{Part(underWay, "under way")}";
    }

    private static string Part(long count, string what) => count <= 0 ? "" : $" + {Amount.Exactly(count)} {what}";

    private static string[] Cells(JoinedLink link) =>
    [
        link.From.ToString(), link.To.ToString(), link.Sender is null ? $"{Amount.Exactly(link.Sent)} or more" : Amount.Exactly(link.Sent), link.Received is { } received ? Amount.Exactly(received) : "?",
        link.Received is null ? "?" : Amount.Exactly(link.LostInTransit), link.LostAtTheEnd is { } end ? Amount.Exactly(end) : "?",
        link.WentToOthers is { } others and > 0 ? Amount.Exactly(others) : "", link.UnderWay is { } underWay and > 0 ? Amount.Exactly(underWay) : "",
        link.Sender is { Queued: > 0 } sender ? Amount.Exactly(sender.Queued) : "",
        LinkRows.Text(link.Dropped.Select(pair => (pair.Value, pair.Key))), link.BeforeSubscribe == 0 ? "" : Amount.Exactly(link.BeforeSubscribe),
    ];

    private static string NameOf(LedgerSnapshot ledger) => ledger.Epoch.Length >= 8 ? $"{ledger.Node} ({ledger.Epoch[..8]})" : ledger.Node;

    private static string Number(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static void Line(StringBuilder text, string line) => text.Append(SafeText.Of(line)).Append('\n');
}
