namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>A value as it was written, before substitution.</summary>
internal abstract class Definition(SourceSpan span)
{
    public SourceSpan Span { get; protected set; } = span;
}

internal sealed class LiteralDefinition(HoconScalar value) : Definition(value.Span)
{
    public HoconScalar Value { get; } = value;

    public ScalarHead Head { get; } = new(value);
}

/// <summary>Unquoted white space between two parts: it counts only when these turn out to be strings.</summary>
internal sealed class WhitespaceDefinition(SourceSpan span, string text) : Definition(span)
{
    public string Text { get; } = text;
}

internal sealed class ArrayDefinition(SourceSpan span, List<Pending> items) : Definition(span)
{
    public List<Pending> Items { get; } = items;
}

internal sealed class ConcatenationDefinition(SourceSpan span, List<Definition> parts) : Definition(span)
{
    public List<Definition> Parts { get; } = parts;
}

internal sealed class SubstitutionDefinition(SourceSpan span, IReadOnlyList<string> path, bool optional, IncludeScope scope)
    : Definition(span)
{
    public IReadOnlyList<string> Path { get; } = path;

    public bool Optional { get; } = optional;

    public IncludeScope Scope { get; } = scope;

    public string Name => PathText.Of(Path);
}

/// <summary>What neighbouring <c>+=</c> add to whatever the field was before.</summary>
internal sealed class AppendDefinition(SourceSpan span, List<Pending> items) : Definition(span)
{
    public List<Pending> Items { get; } = items;
}

/// <summary>Stands where a value could not be read; it was reported, and nothing that depends on it is reported again.</summary>
internal sealed class BrokenDefinition(SourceSpan span) : Definition(span);
