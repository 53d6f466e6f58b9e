using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>
/// What kind of value it is, and which fields or elements it has, these themselves still pending. Resolving no
/// further than asked is what lets objects refer to paths inside themselves.
/// </summary>
internal abstract class Head(SourceSpan span)
{
    public SourceSpan Span { get; } = span;
}

internal abstract class StructureHead(SourceSpan span) : Head(span)
{
    /// <summary>The finished value, once it is built; heads are shared, and so is what becomes of them.</summary>
    public Built? Built { get; set; }

    public bool IsBuilding { get; set; }
}

/// <param name="Value">Null when it is undefined.</param>
/// <param name="Size">In characters and values, everything inside counted, shared or not.</param>
/// <param name="Height">How many levels of objects and arrays it has.</param>
internal readonly record struct Built(HoconValue? Value, long Size, int Height);

internal sealed class ScalarHead(HoconScalar value) : Head(value.Span)
{
    public HoconScalar Value { get; } = value;
}

internal sealed class ArrayHead(SourceSpan span, List<Pending> items) : StructureHead(span)
{
    public List<Pending> Items { get; } = items;
}

internal sealed class BrokenHead(SourceSpan span) : Head(span);

internal sealed record PendingField(string Key, SourceSpan KeySpan, Pending Value);

internal sealed class ObjectHead : StructureHead
{
    private const int SearchedWithoutIndex = 8;
    private Dictionary<string, int>? _index;

    public ObjectHead(SourceSpan span, ObjectHead? lower)
        : base(span)
    {
        if (lower is not null)
        {
            Fields.AddRange(lower.Fields);
        }
    }

    public List<PendingField> Fields { get; } = [];

    public bool TryGet(string key, [NotNullWhen(true)] out PendingField? field)
    {
        var at = IndexOf(key);
        field = at < 0 ? null : Fields[at];
        return at >= 0;
    }

    public void Set(PendingField field)
    {
        var at = IndexOf(field.Key);
        if (at >= 0)
        {
            Fields[at] = field;
            return;
        }

        Fields.Add(field);
        _index?.Add(field.Key, Fields.Count - 1);
    }

    private int IndexOf(string key)
    {
        if (Fields.Count <= SearchedWithoutIndex)
        {
            return Fields.FindIndex(field => field.Key == key);
        }

        if (_index is null)
        {
            _index = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var at = 0; at < Fields.Count; at++)
            {
                _index.Add(Fields[at].Key, at);
            }
        }

        return _index.TryGetValue(key, out var found) ? found : -1;
    }
}
