namespace MessageRouter.Cli.Controlling.Top;

/// <summary>What the keys do.</summary>
internal static class TopHelp
{
    private static readonly (string Keys, string What)[] All =
    [
        ("", ""),
        ("1 2 3 4 5, Tab, ← →", "components, edges, connections, pools, processes"),
        ("↑ ↓, j k, PgUp PgDn", "look at a row: what is in it is told below"),
        ("Esc", "look at none; then show all rows again"),
        ("s S", "sort by the next column, the one before; the largest first"),
        ("r", "the other way round"),
        ("/", "show only rows that have a text"),
        ("w", "rates over one second, ten seconds, a minute"),
        ("p, Space", "pause: the screen stands still, the node goes on"),
        ("q, Ctrl-C", "quit"),
        ("", ""),
        ("fill", "how full the mailbox is, in messages or in bytes"),
        ("drops/s", "what is lost, and why; `tap NAME --side dropped` shows it"),
        ("state", "and who holds it up: the one at the end of the chain"),
    ];

    public static IEnumerable<Line> Draw(int width)
    {
        var keys = width >= 60 ? All.Max(line => line.Keys.Length) + 2 : 12;
        foreach (var (key, what) in All) yield return new Line(width).AddCell(key, keys, isNumber: false, Ink.Accent).Add(what);
    }
}
