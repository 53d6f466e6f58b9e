using MessageRouter.Configuration.Hocon.Resolution;

namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>Reads values: what stands on one line beside each other is put together.</summary>
internal sealed class ValueParser(ParseContext context, TextParser texts, PathParser paths, Recovery recovery)
{
    private readonly Cursor _cursor = context.Cursor;

    public StructureParser Structures { get; set; } = null!;

    /// <summary>The value that begins here or, after a separator, on a later line; null when there was none, which was reported.</summary>
    public Definition? Parse()
    {
        _cursor.SkipAll();
        var start = _cursor.Position;
        var parts = new List<Definition>();
        var unquotedFrom = -1;
        while (true)
        {
            var gap = _cursor.Position;
            _cursor.SkipInline();
            if (_cursor.AtEndOfValue)
            {
                WarnAboutGluedComment(gap, unquotedFrom);
                break;
            }

            if (_cursor.Position > gap)
            {
                unquotedFrom = -1;
                if (parts.Count > 0)
                {
                    parts.Add(new WhitespaceDefinition(_cursor.Span(gap, _cursor.Position - gap), _cursor.Text[gap.._cursor.Position]));
                }
            }

            var at = _cursor.Position;
            if (AtSeparator() && (unquotedFrom < 0 || _cursor.Current != ':'))
            {
                ReportSeparator(start);
                return new BrokenDefinition(_cursor.Span(start, Math.Max(1, at - start)));
            }

            if (_cursor.Current is '{' or '[' or '"' || _cursor.At("${"))
            {
                unquotedFrom = -1;
                parts.Add(ParsePart());
                continue;
            }

            unquotedFrom = ReadWords(unquotedFrom < 0 ? at : unquotedFrom);
            parts.Add(new LiteralDefinition(Unquoted(at)));
        }

        return Join(start, parts);
    }

    /// <summary>Whether what begins here reads as a field: a key and a separator on one line.</summary>
    public bool AtField()
    {
        var text = _cursor.Text;
        for (var at = _cursor.Position; at < text.Length && text[at] != '\n'; at++)
        {
            switch (text[at])
            {
                case '=' or ':' or '{':
                    return at > _cursor.Position;
                case '"':
                    at = recovery.EndOfQuoted(at) - 1;
                    break;
                case '+' when at + 1 < text.Length && text[at + 1] == '=':
                    return at > _cursor.Position;
                case '$' or '[' or ']' or '}' or ',' or '#':
                case '/' when at + 1 < text.Length && text[at + 1] == '/':
                    return false;
            }
        }

        return false;
    }

    private bool AtSeparator() => _cursor.Current is '=' or ':' || _cursor.At("+=");

    /// <summary>Reads unquoted words and the white space between them; says where the last word begins.</summary>
    private int ReadWords(int wordStart)
    {
        while (true)
        {
            if (texts.ReadUnquoted().Length == 0)
            {
                ReadReserved(wordStart);
            }

            var end = _cursor.Position;
            _cursor.SkipInline();
            if (_cursor.AtEndOfValue || AtSeparator() || _cursor.Current is '{' or '[' or '"' || _cursor.At("${"))
            {
                _cursor.Position = end;
                return wordStart;
            }

            wordStart = _cursor.Position > end ? _cursor.Position : wordStart;
        }
    }

    private Definition ParsePart()
    {
        var at = _cursor.Position;
        switch (_cursor.Current)
        {
            case '{':
                return Structures.ParseObject();
            case '[':
                return Structures.ParseArray();
            case '"':
                var text = texts.ReadQuoted();
                return new LiteralDefinition(new HoconScalar(_cursor.SpanFrom(at), text, HoconScalarKind.String));
            default:
                return ParseSubstitution();
        }
    }

    private Definition ParseSubstitution()
    {
        var start = _cursor.Position;
        _cursor.Position += 2;
        var optional = _cursor.Current == '?';
        _cursor.Position += optional ? 1 : 0;
        _cursor.SkipInline();
        var path = paths.Read();
        var broken = paths.IsBroken;
        if (_cursor.Current == '}')
        {
            _cursor.Position++;
            if (path is null && !broken)
            {
                context.Diagnostics.Error(_cursor.SpanFrom(start), "this substitution names nothing", "write `${path}`");
            }
        }
        else
        {
            path = null;
            if (!broken)
            {
                context.Diagnostics.Error(_cursor.Span(start, 2), "this `${` is never closed", "close it with `}` on the same line");
            }

            recovery.SkipToEnd();
        }

        var span = _cursor.SpanFrom(start);
        return path is null
            ? new BrokenDefinition(span)
            : new SubstitutionDefinition(span, [.. path.Select(element => element.Key)], optional, context.Scope);
    }

    private HoconScalar Unquoted(int start)
    {
        var text = _cursor.Text[start.._cursor.Position];
        var kind = text switch
        {
            "null" => HoconScalarKind.Null,
            "true" or "false" => HoconScalarKind.Boolean,
            _ => NumberSyntax.IsNumber(text) ? HoconScalarKind.Number : HoconScalarKind.String,
        };
        return new HoconScalar(_cursor.SpanFrom(start), text, kind);
    }

    /// <summary>Reports a character that needs quotes, and takes the whole word for text.</summary>
    private void ReadReserved(int wordStart)
    {
        var at = _cursor.Position;
        var end = Math.Max(at + 1, texts.EndOfWord(at));
        var word = _cursor.Text[wordStart..end];
        var quoted = $"put it in quotes: `\"{DiagnosticBag.Shorten(word.Replace("\\", "\\\\", StringComparison.Ordinal))}\"`";
        if (_cursor.Current == ':')
        {
            context.Diagnostics.Error(_cursor.Span(wordStart, end - wordStart), "`:` cannot stand in an unquoted value", quoted);
        }
        else
        {
            context.Diagnostics.Error(_cursor.Span(at, 1), $"`{_cursor.Current}` cannot stand in an unquoted value", quoted);
        }

        _cursor.Position = end;
    }

    private void ReportSeparator(int start)
    {
        var at = _cursor.Position;
        var separator = _cursor.At("+=") ? "+=" : _cursor.Current.ToString();
        if (at == start)
        {
            context.Diagnostics.Error(_cursor.Span(at, separator.Length), $"expected a value before `{separator}`");
        }
        else
        {
            context.Separators.Add(context.Diagnostics.Error(
                _cursor.Span(at, separator.Length),
                $"`{separator}` cannot follow a value",
                "put the value in quotes, or begin the next field with a comma or on a new line"));
        }

        _cursor.Position += separator.Length;
        recovery.SkipToEnd();
    }

    private void WarnAboutGluedComment(int gap, int unquotedFrom)
    {
        var at = _cursor.Position;
        if (unquotedFrom >= 0 && at == gap && _cursor.At("//") && !Cursor.IsWhitespace(_cursor.Peek(2)))
        {
            var end = Math.Max(at + 2, texts.EndOfWord(at));
            context.Diagnostics.Warning(
                _cursor.Span(at, end - at),
                "`//` begins a comment here",
                $"if it belongs to the value, put that in quotes: `\"{DiagnosticBag.Shorten(_cursor.Text[unquotedFrom..end])}\"`");
        }
    }

    /// <summary>
    /// <c>secret { … }</c>, which HOCON does not have: it stands for an object with this one key, and replaces what was there before.
    /// </summary>
    private static ObjectDefinition? AsSecret(List<Definition> parts, SourceSpan span)
    {
        const string Word = "secret";
        if (parts is not [LiteralDefinition { Value: { Text: Word, Span: { Length: var length } place } }, .., ObjectDefinition block]
            || length != Word.Length || parts.Count != 2 + parts.Count(part => part is WhitespaceDefinition))
        {
            return null;
        }

        var secret = new ObjectDefinition(span) { ReplacesEarlier = true };
        secret.GetOrAdd(Word, place).Add(block, place);
        return secret;
    }

    private Definition? Join(int start, List<Definition> parts)
    {
        switch (parts)
        {
            case []:
                context.Diagnostics.Error(_cursor.Span(start, 1), "expected a value");
                return null;
            case [var only]:
                return only;
        }

        var span = _cursor.Span(start, _cursor.Text.AsSpan(start, _cursor.Position - start).TrimEnd().Length);
        if (parts.Exists(part => part is BrokenDefinition))
        {
            return new BrokenDefinition(span);
        }

        if (parts.TrueForAll(part => part is LiteralDefinition or WhitespaceDefinition))
        {
            var text = string.Concat(parts.Select(part => part is LiteralDefinition literal
                ? literal.Value.Text
                : ((WhitespaceDefinition)part).Text));
            return new LiteralDefinition(new HoconScalar(span, text, HoconScalarKind.String));
        }

        if (AsSecret(parts, span) is { } secret)
        {
            return secret;
        }

        var structure = parts.Find(part => part is ObjectDefinition or ArrayDefinition);
        if (structure is not null && parts.Find(part => part is LiteralDefinition) is { } scalar)
        {
            var what = structure is ObjectDefinition ? "an object" : "an array";
            context.Diagnostics.Error(
                scalar.Span, $"a string and {what} cannot be put together", "separate them with a comma or a new line");
            return new BrokenDefinition(span);
        }

        return new ConcatenationDefinition(span, parts);
    }
}
