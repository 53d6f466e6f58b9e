using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>An object as it was written, neighbouring definitions of the same object already merged.</summary>
internal sealed class ObjectDefinition(SourceSpan span) : Definition(span)
{
    private const int SearchedWithoutIndex = 8;
    private Dictionary<string, FieldDefinition>? _index;

    public List<FieldDefinition> Fields { get; } = [];

    /// <summary>Whether it takes the place of what was there before instead of being merged with it.</summary>
    public bool ReplacesEarlier { get; init; }

    /// <summary>Says where the object ends, which is known when its fields have been read.</summary>
    public void Close(SourceSpan span) => Span = span;

    public FieldDefinition GetOrAdd(string key, SourceSpan keySpan)
    {
        if (TryGet(key, out var field))
        {
            return field;
        }

        field = new FieldDefinition(key, keySpan);
        Fields.Add(field);
        if (_index is not null)
        {
            _index.Add(key, field);
        }
        else if (Fields.Count > SearchedWithoutIndex)
        {
            _index = Fields.ToDictionary(known => known.Key, StringComparer.Ordinal);
        }

        return field;
    }

    public bool TryGet(string key, [NotNullWhen(true)] out FieldDefinition? field)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(key, out field);
        }

        field = Fields.Find(known => known.Key == key);
        return field is not null;
    }

    /// <summary>Adds a value at a path, making the objects on the way.</summary>
    public void Add(IReadOnlyList<PathElement> path, Definition value)
    {
        var target = this;
        for (var index = 0; index < path.Count - 1; index++)
        {
            target = target.GetOrAdd(path[index].Key, path[index].Span).ObjectOnTop(path[index].Span);
        }

        target.GetOrAdd(path[^1].Key, path[^1].Span).Add(value, path[^1].Span);
    }

    /// <summary>Adds all that a later definition of the same object says.</summary>
    public void Merge(ObjectDefinition later)
    {
        foreach (var field in later.Fields)
        {
            var target = GetOrAdd(field.Key, field.KeySpan);
            foreach (var layer in field.Layers)
            {
                target.Add(layer, field.KeySpan);
            }
        }
    }
}
