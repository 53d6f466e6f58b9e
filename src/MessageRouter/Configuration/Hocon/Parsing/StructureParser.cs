using System.Runtime.CompilerServices;
using MessageRouter.Configuration.Hocon.Resolution;

namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>Reads objects and arrays. It recurses once a level, which the depth limit bounds.</summary>
internal sealed class StructureParser(
    ParseContext context,
    PathParser paths,
    ValueParser values,
    IncludeParser includes,
    Recovery recovery)
{
    private readonly Cursor _cursor = context.Cursor;
    private int _suspect = -1;

    public Definition ParseObject()
    {
        var opening = _cursor.Position;
        if (context.Depth >= context.Options.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return SkipTooDeep(opening);
        }

        _cursor.Position++;
        var fields = new ObjectDefinition(_cursor.Span(opening, 1));
        context.Depth++;
        context.OpenBraces++;
        ParseFields(fields, opening);
        context.OpenBraces--;
        context.Depth--;
        fields.Close(_cursor.SpanFrom(opening));
        return fields;
    }

    public Definition ParseArray()
    {
        var opening = _cursor.Position;
        if (context.Depth >= context.Options.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return SkipTooDeep(opening);
        }

        _cursor.Position++;
        var items = new List<Pending>();
        context.Depth++;
        context.OpenBrackets++;
        ParseItems(items, opening);
        context.OpenBrackets--;
        context.Depth--;
        return new ArrayDefinition(_cursor.SpanFrom(opening), items);
    }

    /// <summary>Reads fields up to the closing brace, or to the end of the text when there is no opening one.</summary>
    public void ParseFields(ObjectDefinition target, int? opening)
    {
        var separated = true;
        var commaAllowed = false;
        while (true)
        {
            GiveUpWhenFull();
            separated |= _cursor.SkipAll();
            if (_cursor.AtEnd)
            {
                ReportUnclosed(opening, '{');
                return;
            }

            switch (_cursor.Current)
            {
                case '}' when opening is { } start:
                    SuspectIndentation(start);
                    _cursor.Position++;
                    return;
                case ']' when opening is not null && context.OpenBrackets > 0:
                    ReportUnclosed(opening, '{');
                    return;
                case '}' or ']':
                    ReportStray();
                    break;
                case ',':
                    ReadComma(ref commaAllowed);
                    separated = true;
                    break;
                default:
                    if (!context.CountValue())
                    {
                        break;
                    }

                    ReportMissingSeparator(separated, "key");
                    if (!includes.TryParse(target))
                    {
                        ParseField(target);
                    }

                    separated = false;
                    commaAllowed = true;
                    break;
            }
        }
    }

    public void ParseField(ObjectDefinition target)
    {
        var start = _cursor.Position;
        var path = paths.Read();
        var end = _cursor.Position;
        if (path is null && !paths.IsBroken)
        {
            ReportMissingKey(start);
            return;
        }

        _cursor.SkipAll();
        var append = _cursor.At("+=");
        if (append || _cursor.Current is '=' or ':')
        {
            _cursor.Position += append ? 2 : 1;
            if (LacksValue())
            {
                ReportMissingValue(path, start, end);
                if (path is not null)
                {
                    target.Add(path, new BrokenDefinition(path[^1].Span));
                }

                return;
            }
        }
        else if (_cursor.Current == '[')
        {
            context.Diagnostics.Error(_cursor.Span(_cursor.Position, 1), "expected `=` or `:` between the key and the array");
        }
        else if (_cursor.Current != '{')
        {
            // A separator was looked for behind the end of the line; the next key is there, and begins a field of its own.
            _cursor.Position = end;
            ReportMissingValue(path, start, end);
            return;
        }

        ParseValueOf(target, path, append);
    }

    private void ParseValueOf(ObjectDefinition target, List<PathElement>? path, bool append)
    {
        var start = _cursor.Position;
        var levels = path?.Count ?? 1;
        if (context.Depth + levels > context.Options.MaxDepth)
        {
            context.ReportDepth(path is null ? _cursor.Span(start, 1) : path[0].Span);
            recovery.SkipToEnd();
            return;
        }

        var outer = context.Place;
        var element = append ? new Anchor() : null;
        context.Place = element is null
            ? new Place(outer, null, path is null ? [] : [.. path.Select(step => step.Key)])
            : new Place(null, element, []);
        context.Depth += levels - 1;
        var value = values.Parse() ?? new BrokenDefinition(_cursor.Span(start, 1));
        context.Depth -= levels - 1;
        context.Place = outer;

        if (element is not null)
        {
            element.Element = Pending.Of(value);
            value = new AppendDefinition(value.Span, [element.Element]);
        }

        if (path is not null)
        {
            target.Add(path, value);
        }
    }

    private void ParseItems(List<Pending> items, int opening)
    {
        var outer = context.Place;
        var separated = true;
        var commaAllowed = false;
        var found = context.Diagnostics.Count;
        while (true)
        {
            GiveUpWhenFull();
            separated |= _cursor.SkipAll();
            if (_cursor.AtEnd)
            {
                ReportUnclosedArray(opening, found);
                break;
            }

            if (_cursor.Current == ']')
            {
                _cursor.Position++;
                break;
            }

            if (_cursor.Current == '}' && context.OpenBraces > 0)
            {
                ReportUnclosedArray(opening, found);
                break;
            }

            if (_cursor.Current == '}')
            {
                ReportStray();
            }
            else if (_cursor.Current == ',')
            {
                ReadComma(ref commaAllowed);
                separated = true;
            }
            else if (context.CountValue())
            {
                ReportMissingSeparator(separated, "element");
                var element = new Anchor();
                context.Place = new Place(null, element, []);
                if (values.Parse() is { } value)
                {
                    element.Element = Pending.Of(value);
                    items.Add(element.Element);
                }

                separated = false;
                commaAllowed = true;
            }
        }

        context.Place = outer;
    }

    /// <summary>Whether no value follows: nothing, or what is a field of its own on a later line.</summary>
    private bool LacksValue()
    {
        var start = _cursor.Position;
        var newline = _cursor.SkipAll();
        if (_cursor.AtEnd || _cursor.Current is '}' or ']' or ',')
        {
            _cursor.Position = start;
            return true;
        }

        if (newline && values.AtField())
        {
            _cursor.Position = start;
            return true;
        }

        return false;
    }

    private void ReadComma(ref bool allowed)
    {
        if (!allowed)
        {
            context.Diagnostics.Error(_cursor.Span(_cursor.Position, 1), "there is nothing before this comma", "remove it");
        }

        allowed = false;
        _cursor.Position++;
    }

    private void ReportMissingSeparator(bool separated, string what)
    {
        if (!separated)
        {
            context.Diagnostics.Error(_cursor.Span(_cursor.Position, 1), $"expected a comma or a new line before this {what}");
        }
    }

    private void ReportMissingKey(int start)
    {
        var opener = _cursor.Current is '{' or '[';
        context.Diagnostics.Error(
            _cursor.Span(start, _cursor.At("+=") ? 2 : 1),
            $"expected a key before `{(_cursor.At("+=") ? "+=" : _cursor.Current)}`");
        if (!opener)
        {
            _cursor.Position++;
        }

        recovery.SkipToEnd();
    }

    private void ReportMissingValue(List<PathElement>? path, int start, int end)
    {
        if (path is null)
        {
            return;
        }

        var name = DiagnosticBag.Shorten(_cursor.Text[start..end].Trim());
        var length = _cursor.Text.AsSpan(start, end - start).TrimEnd().Length;
        context.Diagnostics.Error(
            _cursor.Span(start, Math.Max(1, length)), $"the key `{name}` has no value", "an empty string is written `\"\"`");
    }

    private void ReportStray()
    {
        context.Diagnostics.Error(_cursor.Span(_cursor.Position, 1), $"this `{_cursor.Current}` closes nothing");
        _cursor.Position++;
    }

    private void ReportUnclosed(int? opening, char bracket)
    {
        if (opening is { } at && !context.LostTheRest)
        {
            var hint = bracket == '{' && _suspect > at ? FormattableString.Invariant(
                $"is the `{{` in line {_cursor.Source.Lines.Locate(_suspect).Line} closed where it should be?") : null;
            context.Diagnostics.Error(_cursor.Span(at, 1), $"this `{bracket}` is never closed", hint);
        }
    }

    /// <summary>A brace that closes at another indentation than it opened was perhaps meant to close another one.</summary>
    private void SuspectIndentation(int opening)
    {
        if (_suspect < 0 && _cursor.Source.Lines.Locate(opening).Line != _cursor.Source.Lines.Locate(_cursor.Position).Line
            && _cursor.Indentation(_cursor.Position) is { } closing
            && closing != _cursor.IndentationOfLine(opening))
        {
            _suspect = opening;
        }
    }

    /// <summary>What was read as elements may have been fields; complaints about their separators would mislead.</summary>
    private void ReportUnclosedArray(int opening, int found)
    {
        context.Diagnostics.Remove(found, context.Separators.Contains);
        ReportUnclosed(opening, '[');
    }

    private void GiveUpWhenFull()
    {
        if (context.Diagnostics.IsFull && !context.LostTheRest)
        {
            context.Diagnostics.Error(_cursor.Span(_cursor.Position, 1), "the rest was not read");
            context.LoseTheRest();
        }
    }

    private BrokenDefinition SkipTooDeep(int opening)
    {
        var span = _cursor.Span(opening, 1);
        context.ReportDepth(span);
        recovery.SkipBracketed();
        return new BrokenDefinition(span);
    }
}
