using System.Text;
using MessageRouter.Configuration.Hocon.Resolution;

namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>Reads paths: keys, and what stands in a substitution.</summary>
internal sealed class PathParser(ParseContext context, TextParser texts)
{
    private readonly Cursor _cursor = context.Cursor;
    private readonly StringBuilder _element = new();
    private readonly List<PathElement> _path = [];
    private int _elementStart;
    private int _elementEnd;
    private bool _quoted;
    private bool _broken;

    /// <summary>Whether the last path could not be read, which was reported.</summary>
    public bool IsBroken => _broken;

    /// <summary>Reads up to a separator, bracket, comma, comment or newline; null when there is no path or a broken one.</summary>
    public List<PathElement>? Read()
    {
        _path.Clear();
        _broken = false;
        var start = _cursor.Position;
        Begin();
        while (true)
        {
            var gap = _cursor.Position;
            _cursor.SkipInline();
            if (AtStop())
            {
                break;
            }

            if (gap > start)
            {
                _element.Append(_cursor.Text, gap, _cursor.Position - gap);
            }

            if (_elementEnd == _elementStart && _element.Length == 0)
            {
                _elementStart = _cursor.Position;
            }

            ReadPart();
        }

        if (_broken)
        {
            return null;
        }

        if (_path.Count == 0 && _element.Length == 0 && !_quoted)
        {
            return null;
        }

        End(_path.Count == 0 ? start : _elementStart - 1);
        return _broken ? null : [.. _path];
    }

    private bool AtStop() => _cursor.AtEnd || _cursor.AtNewline || _cursor.AtComment
        || _cursor.Current is '=' or ':' or ',' or '{' or '}' or '[' or ']' || _cursor.At("+=");

    private void ReadPart()
    {
        var at = _cursor.Position;
        if (_cursor.Current == '"')
        {
            _element.Append(texts.ReadQuoted());
            _quoted = true;
            _elementEnd = _cursor.Position;
            return;
        }

        if (_cursor.At("${"))
        {
            _broken = true;
            var close = _cursor.Text.AsSpan(at).IndexOfAny('}', '\n');
            _cursor.Position = close < 0 ? _cursor.Text.Length : at + close + (_cursor.Text[at + close] == '}' ? 1 : 0);
            context.Diagnostics.Error(_cursor.SpanFrom(at), "a path cannot contain a substitution");
            return;
        }

        var text = texts.ReadUnquoted();
        if (text.Length == 0)
        {
            _cursor.Position++;
            if (!_broken)
            {
                context.Diagnostics.Error(
                    _cursor.Span(at, 1), $"`{_cursor.Text[at]}` cannot stand in an unquoted path", "put the part that needs it in quotes");
            }

            _broken = true;
            return;
        }

        for (int from = 0, dot; from <= text.Length; from = dot + 1)
        {
            dot = text.IndexOf('.', from);
            if (dot < 0)
            {
                _element.Append(text, from, text.Length - from);
                _elementEnd = at + text.Length;
                break;
            }

            _element.Append(text, from, dot - from);
            _elementEnd = at + dot;
            End(at + dot);
            _elementStart = at + dot + 1;
        }
    }

    private void Begin()
    {
        _element.Clear();
        _quoted = false;
        _elementStart = _elementEnd = _cursor.Position;
    }

    private void End(int dot)
    {
        if (_element.Length == 0 && !_quoted && !_broken)
        {
            _broken = true;
            context.Diagnostics.Error(
                _cursor.Span(dot, 1), "this path has an empty element", "an element that is meant to be empty is written `\"\"`");
        }

        if (!_broken)
        {
            var span = _cursor.Span(_elementStart, Math.Max(1, _elementEnd - _elementStart));
            _path.Add(new PathElement(_element.ToString(), span));
        }

        Begin();
        _elementStart = _elementEnd = dot + 1;
    }
}
