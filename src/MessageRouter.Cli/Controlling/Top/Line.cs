using System.Text;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>One line of the screen: pieces of text with their ink, never wider than it may be.</summary>
/// <param name="width">Columns that it has.</param>
internal sealed class Line(int width)
{
    private readonly List<(string Text, Ink Ink)> _pieces = [];

    public IReadOnlyList<(string Text, Ink Ink)> Pieces => _pieces;

    /// <summary>Columns that it has left.</summary>
    public int Left { get; private set; } = Math.Max(0, width);

    /// <summary>Appends as much of a text as there is room for.</summary>
    public Line Add(string text, Ink ink = Ink.Plain)
    {
        if (text.Length == 0 || Left == 0) return this;
        var fitting = Cut(text, Left);
        Left -= TextTable.Columns(fitting);
        if (_pieces.Count > 0 && _pieces[^1].Ink == ink) _pieces[^1] = (_pieces[^1].Text + fitting, ink);
        else _pieces.Add((fitting, ink));
        return this;
    }

    /// <summary>Appends a text in so many columns.</summary>
    public Line AddCell(string text, int columns, bool isNumber, Ink ink = Ink.Plain)
    {
        var cut = Cut(text, columns);
        var pad = new string(' ', Math.Max(0, columns - TextTable.Columns(cut)));
        return isNumber ? Add(pad).Add(cut, ink) : Add(cut, ink).Add(pad);
    }

    /// <summary>Puts a text at the right edge, where there is room for it.</summary>
    public Line AddRight(string text, Ink ink = Ink.Plain)
    {
        var columns = TextTable.Columns(text);
        return columns >= Left ? this : Add(new string(' ', Left - columns)).Add(text, ink);
    }

    /// <summary>The whole line in one ink, to its right edge.</summary>
    public Line Inked(Ink ink)
    {
        var line = new Line(width);
        return line.Add(ToString(), ink).Add(new string(' ', line.Left), ink);
    }

    /// <summary>What is not plain made so.</summary>
    public Line Faded()
    {
        var line = new Line(width);
        foreach (var (text, _) in _pieces) line.Add(text, Ink.Dim);
        return line;
    }

    public override string ToString() => string.Concat(_pieces.Select(piece => piece.Text));

    /// <summary>A text on as many lines as it needs, broken between words where that goes, the later ones set in.</summary>
    public static IEnumerable<string> Wrap(string text, int columns)
    {
        const string SetIn = "  ";
        var rest = SafeText.Of(text);
        for (var first = true; rest.Length > 0; first = false)
        {
            var room = Math.Max(8, columns - (first ? 0 : SetIn.Length));
            var end = rest.Length;
            if (TextTable.Columns(rest) > room)
            {
                end = 0;
                for (var used = 0; end < rest.Length;)
                {
                    var next = SafeText.Next(rest.AsSpan(end), out _, out var wide);
                    if (used + wide > room) break;
                    used += wide;
                    end += next;
                }
                if (rest.LastIndexOf(' ', end - 1) is var space && space > end / 2) end = space + 1;
            }
            yield return (first ? "" : SetIn) + rest[..end].TrimEnd();
            rest = rest[end..];
        }
    }

    /// <summary>A text made safe, and so short that it has room; what is left out is marked.</summary>
    public static string Cut(string text, int columns)
    {
        if (System.Text.Ascii.IsValid(text) && text.Length <= columns && !text.Any(char.IsControl)) return text;
        var safe = SafeText.Of(text);
        if (TextTable.Columns(safe) <= columns) return safe;
        if (columns <= 0) return "";
        var cut = new StringBuilder();
        var used = 0;
        for (var at = 0; at < safe.Length;)
        {
            at += SafeText.Next(safe.AsSpan(at), out var shown, out var wide);
            if (used + wide > columns - 1) break;
            cut.Append(shown);
            used += wide;
        }
        return cut.Append('…').ToString();
    }
}
