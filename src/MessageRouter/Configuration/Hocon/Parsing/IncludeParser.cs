using MessageRouter.Configuration.Hocon.Resolution;

namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>Reads include statements, and puts what they name in their place.</summary>
internal sealed class IncludeParser(ParseContext context, TextParser texts, Recovery recovery, SourceLoader loader)
{
    private const string Keyword = "include";
    private const string Syntax = "write `include \"file.conf\"`, `include file(\"file.conf\")` or `include required(file(\"file.conf\"))`";
    private readonly Cursor _cursor = context.Cursor;

    /// <summary>Whether there was an include statement here, right or wrong.</summary>
    public bool TryParse(ObjectDefinition target)
    {
        var start = _cursor.Position;
        if (!_cursor.At(Keyword) || texts.ReadUnquoted() != Keyword)
        {
            _cursor.Position = start;
            return false;
        }

        _cursor.SkipAll();
        var required = TryOpen("required");
        var kind = TryOpen("url") ? "url" : TryOpen("classpath") ? "classpath" : TryOpen("file") ? "file" : null;
        if (_cursor.Current != '"')
        {
            ReportSyntax(start);
            return true;
        }

        var nameStart = _cursor.Position;
        var name = texts.ReadQuoted();
        var nameSpan = _cursor.SpanFrom(nameStart);
        for (var open = (required ? 1 : 0) + (kind is null ? 0 : 1); open > 0; open--)
        {
            _cursor.SkipAll();
            if (_cursor.Current != ')')
            {
                context.Diagnostics.Error(_cursor.SpanFrom(start), "this include lacks a `)`", Syntax);
                return true;
            }

            _cursor.Position++;
        }

        if (kind is "url" or "classpath" || IsUrl(name))
        {
            var what = kind == "classpath" ? "from a class path" : "from a URL";
            context.Diagnostics.Error(nameSpan, $"nothing can be included {what}", "only files can be included");
            return true;
        }

        var statement = _cursor.SpanFrom(start);
        var scope = context.Place.ToScope(context.Scope);
        if (loader.Include(name, nameSpan, statement, context, scope) is { } included)
        {
            target.Merge(included);
        }

        return true;
    }

    private static bool IsUrl(string name)
    {
        var scheme = name.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && name.AsSpan(0, scheme).IndexOfAnyExceptInRange('a', 'z') < 0;
    }

    private bool TryOpen(string function)
    {
        var start = _cursor.Position;
        if (_cursor.At(function))
        {
            _cursor.Position += function.Length;
            _cursor.SkipAll();
            if (_cursor.Current == '(')
            {
                _cursor.Position++;
                _cursor.SkipAll();
                return true;
            }
        }

        _cursor.Position = start;
        return false;
    }

    private void ReportSyntax(int start)
    {
        context.Diagnostics.Error(
            _cursor.Span(start, Keyword.Length), "`include` must be followed by a file name in quotes", Syntax + "; a key of this name needs quotes");
        _cursor.Position = start + Keyword.Length;
        recovery.SkipToEnd();
    }
}
