namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>All that was said about one key of an object, in order; the last layer wins.</summary>
internal sealed class FieldDefinition(string key, SourceSpan keySpan)
{
    public string Key { get; } = key;

    /// <summary>The latest key; for an object the first, where its block stands.</summary>
    public SourceSpan KeySpan { get; private set; } = keySpan;

    public List<Definition> Layers { get; } = [];

    public ObjectDefinition ObjectOnTop(SourceSpan span)
    {
        if (Layers is [.., ObjectDefinition top])
        {
            return top;
        }

        var added = new ObjectDefinition(span);
        Add(added, span);
        return added;
    }

    public void Add(Definition value, SourceSpan span)
    {
        switch (value)
        {
            case ObjectDefinition { ReplacesEarlier: true }:
                Layers.Clear();
                break;
            case ObjectDefinition later when Layers is [.., ObjectDefinition top]:
                top.Merge(later);
                return;
            case AppendDefinition later when Layers is [.., AppendDefinition top]:
                top.Items.AddRange(later.Items);
                return;

            // Nothing below a plain value can be seen any more, so it is not resolved, and not reported.
            case LiteralDefinition or ArrayDefinition:
                Layers.Clear();
                break;
        }

        KeySpan = span;
        Layers.Add(value);
    }
}
