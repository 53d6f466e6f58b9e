using MessageRouter.Configuration.Hocon.Resolution;

namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>Reads one text: reports what it cannot read, and goes on behind it.</summary>
internal sealed class HoconParser
{
    private readonly ParseContext _context;
    private readonly Cursor _cursor;
    private readonly TextParser _texts;
    private readonly StructureParser _structures;

    public HoconParser(ParseContext context, SourceLoader loader)
    {
        _context = context;
        _cursor = context.Cursor;
        _texts = new TextParser(context);
        var recovery = new Recovery(_cursor);
        var paths = new PathParser(context, _texts);
        var values = new ValueParser(context, _texts, paths, recovery);
        var includes = new IncludeParser(context, _texts, recovery, loader);
        _structures = new StructureParser(context, paths, values, includes, recovery);
        values.Structures = _structures;
    }

    /// <summary>A whole file.</summary>
    public ObjectDefinition ParseDocument()
    {
        _cursor.SkipAll();
        var root = new ObjectDefinition(_cursor.Span(_cursor.Position, 1));
        if (_cursor.Current == '[')
        {
            _context.Diagnostics.Error(root.Span, "a configuration file must be an object, not an array");
            return root;
        }

        if (_cursor.Current != '{')
        {
            _structures.ParseFields(root, opening: null);
            return root;
        }

        root = _structures.ParseObject() as ObjectDefinition ?? root;
        _cursor.SkipAll();
        if (!_cursor.AtEnd)
        {
            var start = _cursor.Position;
            var word = Math.Max(start + 1, _texts.EndOfWord(start));
            _context.Diagnostics.Error(
                _cursor.Span(start, word - start),
                _cursor.Current is '}' or ']'
                    ? $"this `{_cursor.Current}` closes nothing"
                    : "this stands behind the `}` that closes the file's root object",
                "is there one `}` too many before it?");
        }

        return root;
    }

    /// <summary>One override, <c>path=value</c>.</summary>
    public ObjectDefinition ParseOverride()
    {
        _cursor.SkipInline();
        var root = new ObjectDefinition(_cursor.Span(0, 1));
        if (_cursor.AtEnd)
        {
            _context.Diagnostics.Error(_cursor.Span(0, 1), "an override is `path=value`");
            return root;
        }

        _structures.ParseField(root);
        _cursor.SkipAll();
        if (!_cursor.AtEnd)
        {
            _context.Diagnostics.Error(
                _cursor.Span(_cursor.Position, 1), "an override is one `path=value`; this is behind its value", "put the value in quotes");
        }

        return root;
    }
}
