using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon.Parsing;

namespace MessageRouter.Cli.Formatting;

/// <summary>Reads a text that is known to be right as its author has laid it out, comments and blank lines included.</summary>
internal sealed class BlockReader(SourceText source)
{
    private const string Include = "include";
    private const string TripleQuote = "\"\"\"";

    private readonly Cursor _cursor = new(source);

    /// <summary>The whole file. One in braces is a file with one element.</summary>
    public Block Read()
    {
        var begin = _cursor.Position;
        _cursor.SkipAll();
        var isField = _cursor.Current != '{';
        _cursor.Position = begin;
        return Read('\0', isField);
    }

    private Block Read(char opening, bool hasFields)
    {
        var items = new List<Item>();
        var isOneLine = true;
        string? behindOpening = null;
        while (true)
        {
            var gap = SkipGap(isBehind: opening != '\0' || items.Count > 0);
            isOneLine &= gap.Lines == 0;
            if (gap.Behind is not null && items.Count == 0) behindOpening = gap.Behind;
            else if (gap.Behind is not null) items[^1] = items[^1] with { Remark = gap.Behind };
            if (_cursor.AtEnd || _cursor.Current is '}' or ']')
            {
                _cursor.Position++;
                var isEmpty = items.Count == 0 && behindOpening is null && gap.Remarks.Count == 0;
                return new Block(opening, items, behindOpening, gap.Remarks, isOneLine || isEmpty);
            }
            items.Add(ReadItem(hasFields, gap));
        }
    }

    private Item ReadItem(bool isField, Gap gap)
    {
        var remarks = gap.Remarks.ToList();
        var followsBlank = gap.EndsBlank;
        var item = isField ? ReadField() : new Item("", ReadValue());
        return item with { Before = remarks, FollowsBlank = followsBlank, BeginsLine = gap.Lines > 0 };

        Item ReadField()
        {
            if (AtInclude()) return new Item(ReadInclude(), []);
            var key = ReadKey();
            SkipWithin();
            if (_cursor.Current == '{') return new Item(key, ReadValue());
            var separator = _cursor.At("+=") ? "+=" : "=";
            _cursor.Position += separator.Length;
            SkipWithin();
            var value = ReadValue();
            return new Item(separator == "=" && value is [Block { Opening: '{' }] ? key : $"{key} {separator}", value);
        }

        // A comment between a key and its value has no place there: it is before both.
        void SkipWithin()
        {
            var within = SkipGap(isBehind: false);
            foreach (var remark in within.Remarks)
            {
                remarks.Add(new Remark(remark.Text, followsBlank));
                followsBlank = false;
            }
        }
    }

    private string ReadKey()
    {
        var start = _cursor.Position;
        var end = start;
        while (!(_cursor.AtEnd || _cursor.AtNewline || _cursor.AtComment || _cursor.Current is '=' or ':' or '{' || _cursor.At("+=")))
        {
            if (_cursor.Current == '"') _cursor.Position = EndOfQuoted();
            else if (Cursor.IsWhitespace(_cursor.Current))
            {
                _cursor.Position++;
                continue;
            }
            else _cursor.Position++;
            end = _cursor.Position;
        }
        return _cursor.Text[start..end];
    }

    private List<Part> ReadValue()
    {
        var parts = new List<Part>();
        var (start, end) = (-1, -1);
        while (true)
        {
            var gap = _cursor.Position;
            _cursor.SkipInline();
            if (_cursor.AtEndOfValue)
            {
                _cursor.Position = gap;
                AddWords();
                return parts;
            }
            if (_cursor.Current is '{' or '[')
            {
                AddWords();
                var opening = _cursor.Current;
                _cursor.Position++;
                parts.Add(Read(opening, hasFields: opening == '{'));
                continue;
            }
            if (start < 0) start = _cursor.Position;
            SkipWord();
            end = _cursor.Position;
        }

        void AddWords()
        {
            if (start >= 0) parts.Add(new Words(_cursor.Text[start..end]));
            start = -1;
        }
    }

    private void SkipWord()
    {
        if (_cursor.Current == '"')
        {
            _cursor.Position = EndOfQuoted();
            return;
        }
        if (!_cursor.At("${"))
        {
            _cursor.Position++;
            return;
        }
        while (_cursor.Current != '}') _cursor.Position = _cursor.Current == '"' ? EndOfQuoted() : _cursor.Position + 1;
        _cursor.Position++;
    }

    private int EndOfQuoted()
    {
        var isTriple = _cursor.At(TripleQuote);
        var end = new Recovery(_cursor).EndOfQuoted(_cursor.Position);

        // Of a longer run of quotes the last three close the text.
        while (isTriple && end < _cursor.Text.Length && _cursor.Text[end] == '"') end++;
        return end;
    }

    private bool AtInclude() =>
        _cursor.At(Include) && _cursor.Peek(Include.Length) is var next
        && (Cursor.IsWhitespace(next) || Cursor.IsReserved(next) || (next == '/' && _cursor.Peek(Include.Length + 1) == '/'));

    private string ReadInclude()
    {
        var start = _cursor.Position;
        _cursor.Position += Include.Length;
        var open = 0;
        while (true)
        {
            _cursor.SkipAll();
            if (_cursor.Current == '"') break;
            open += _cursor.Current == '(' ? 1 : 0;
            _cursor.Position++;
        }
        for (_cursor.Position = EndOfQuoted(); open > 0; open--)
        {
            _cursor.SkipAll();
            _cursor.Position++;
        }
        return _cursor.Text[start.._cursor.Position];
    }

    /// <summary>Skips what is between two items, commas included.</summary>
    /// <param name="isBehind">Whether a comment on this line belongs to what is before it.</param>
    private Gap SkipGap(bool isBehind)
    {
        var remarks = new List<Remark>();
        string? behind = null;
        var (lines, sinceRemark) = (0, 0);
        for (; !_cursor.AtEnd; _cursor.Position++)
        {
            if (_cursor.AtNewline) (lines, sinceRemark) = (lines + 1, sinceRemark + 1);
            else if (_cursor.AtComment)
            {
                var start = _cursor.Position;
                _cursor.SkipLine();
                var text = _cursor.Text[start.._cursor.Position].TrimEnd();
                _cursor.Position--;
                if (lines == 0 && isBehind) behind = text;
                else remarks.Add(new Remark(text, sinceRemark > 1));
                sinceRemark = 0;
            }
            else if (_cursor.Current != ',' && !Cursor.IsWhitespace(_cursor.Current)) break;
        }
        return new Gap(lines, behind, remarks, sinceRemark > 1);
    }

    /// <summary>What is between two items.</summary>
    /// <param name="Lines">How many lines end there.</param>
    /// <param name="Behind">The comment behind the first one.</param>
    /// <param name="Remarks">The comments on lines of their own.</param>
    /// <param name="EndsBlank">Whether the last of the lines is blank.</param>
    private sealed record Gap(int Lines, string? Behind, IReadOnlyList<Remark> Remarks, bool EndsBlank);
}
