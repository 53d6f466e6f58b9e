namespace MessageRouter.Cli.Controlling.Top;

/// <summary>What the keys do.</summary>
internal static class TopHelp
{
    private static readonly (string Keys, string What)[] All =
    [
        ("↑ ↓, j k, PgUp PgDn", "look at a row: what is in it is told below"),
        ("Esc", "look at none; then show all rows again"),
        ("s S", "sort by the next column, the one before; the largest first"),
        ("r", "the other way round"),
        ("/", "show only rows that have a text"),
        ("w", "rates over one second, ten seconds, a minute"),
        ("p, Space", "pause: the screen stands still, all else goes on"),
        ("q, Ctrl-C", "quit"),
    ];

    /// <param name="width">Columns that there are.</param>
    /// <param name="views">The tables.</param>
    /// <param name="words">Words of the tables, and what they mean.</param>
    public static IEnumerable<Line> Draw(int width, IReadOnlyList<string> views, IReadOnlyList<(string Word, string Meaning)> words)
    {
        (string Keys, string What)[] all = [("", ""), ($"{string.Join(' ', Enumerable.Range(1, views.Count))}, Tab, ← →", string.Join(", ", views)), .. All, ("", ""), .. words];
        var keys = width >= 60 ? all.Max(line => line.Keys.Length) + 2 : 12;
        foreach (var (key, what) in all) yield return new Line(width).AddCell(key, keys, isNumber: false, Ink.Accent).Add(what);
    }
}
