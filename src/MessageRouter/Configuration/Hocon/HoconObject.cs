using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Configuration.Hocon;

/// <summary>An object: its fields keep the order of the file, and every key is there once.</summary>
internal sealed class HoconObject : HoconValue
{
    private const int SearchedWithoutIndex = 8;
    private readonly Dictionary<string, HoconField>? _index;

    public HoconObject(SourceSpan span, IEnumerable<HoconField> fields)
        : base(span)
    {
        Fields = [.. fields];
        if (Fields.Count > SearchedWithoutIndex)
        {
            _index = Fields.ToDictionary(field => field.Key, StringComparer.Ordinal);
        }
    }

    public IReadOnlyList<HoconField> Fields { get; }

    public bool TryGet(string key, [NotNullWhen(true)] out HoconField? field)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(key, out field);
        }

        field = null;
        foreach (var candidate in Fields)
        {
            if (candidate.Key == key)
            {
                field = candidate;
                return true;
            }
        }

        return false;
    }
}
