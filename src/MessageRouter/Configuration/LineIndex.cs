namespace MessageRouter.Configuration;

/// <summary>Where the lines of a text begin. Lines end with a line feed, as HOCON has it.</summary>
internal sealed class LineIndex
{
    private readonly string _text;
    private readonly List<int> _starts = [0];

    public LineIndex(string text)
    {
        _text = text;
        for (var at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            _starts.Add(at + 1);
        }
    }

    public int Count => _starts.Count;

    /// <summary>The 1-based line and column of an offset.</summary>
    public (int Line, int Column) Locate(int offset)
    {
        var found = _starts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line + 1, offset - _starts[line] + 1);
    }

    /// <summary>The offset of a 1-based line and column.</summary>
    public int Offset(int line, int column) => _starts[line - 1] + column - 1;

    /// <summary>The text of a 1-based line without its line ending; empty when there is no such line.</summary>
    public ReadOnlySpan<char> Line(int line)
    {
        if (line < 1 || line > _starts.Count)
        {
            return [];
        }

        var start = _starts[line - 1];
        var end = line == _starts.Count ? _text.Length : _starts[line] - 1;
        return _text.AsSpan(start, end - start).TrimEnd('\r');
    }
}
