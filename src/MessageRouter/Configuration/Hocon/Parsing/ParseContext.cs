using MessageRouter.Configuration.Hocon.Resolution;

namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>What the parsers of one text share.</summary>
internal sealed class ParseContext(
    SourceText source, FileLocation location, IncludeScope scope, DiagnosticBag diagnostics, HoconReaderOptions options, ValueCount values)
{
    private bool _depthReported;

    public Cursor Cursor { get; } = new(source);

    public FileLocation Location { get; } = location;

    public IncludeScope Scope { get; } = scope;

    public DiagnosticBag Diagnostics { get; } = diagnostics;

    public HoconReaderOptions Options { get; } = options;

    /// <summary>Which value of the resolved tree is being read.</summary>
    public Place Place { get; set; } = new(null, scope.Anchor, scope.Path);

    public int Depth { get; set; }

    /// <summary>Findings about a <c>=</c> or <c>:</c> behind a value: they may come from an array that was not closed.</summary>
    public HashSet<Diagnostic> Separators { get; } = [];

    public int OpenBraces { get; set; }

    public int OpenBrackets { get; set; }

    /// <summary>Set when the rest of the text was not read, and with it what would close what is open.</summary>
    public bool LostTheRest { get; private set; }

    public void LoseTheRest()
    {
        LostTheRest = true;
        Cursor.Position = Cursor.Text.Length;
    }

    /// <summary>Counts a field or an element; false where there are so many that no more is read, which was reported.</summary>
    public bool CountValue()
    {
        if (values.Add())
        {
            return true;
        }

        Diagnostics.Error(
            Cursor.Span(Cursor.Position, 1),
            FormattableString.Invariant($"there are more than {Options.MaxValues} values up to here"),
            "what a node routes does not belong into its configuration");
        LoseTheRest();
        return false;
    }

    /// <summary>Says it once a text: what is too deep once mostly is too deep a thousand times.</summary>
    public void ReportDepth(SourceSpan span)
    {
        if (!_depthReported)
        {
            _depthReported = true;
            Diagnostics.Error(span, FormattableString.Invariant($"this is nested more than {Options.MaxDepth} levels deep"));
        }
    }
}
