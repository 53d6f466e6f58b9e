using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>Takes the fields of the scopes that there are, as long as none of them can change.</summary>
internal sealed class ScopeCapture
{
    /// <summary>The field of a scope that has no fields.</summary>
    public const string Name = "scope";

    [ThreadStatic]
    private static ScopeCapture? _mine;

    private readonly List<KeyValuePair<string, object?>> _fields = [];
    private int _size;
    private bool _changes;

    /// <returns>Whether no field can change; <paramref name="size"/> has grown by what they keep in memory then.</returns>
    public static bool TryTake(IExternalScopeProvider? scopes, out KeyValuePair<string, object?>[]? fields, ref int size)
    {
        fields = null;
        if (scopes is null) return true;
        var capture = _mine ?? new ScopeCapture();

        // Who lists the fields of a scope may log something.
        _mine = null;
        try
        {
            scopes.ForEachScope(static (scope, all) => all.Add(scope), capture);
            if (capture._changes) return false;
            if (capture._fields.Count > 0) fields = [.. capture._fields];
            size += capture._size;
            return true;
        }
        finally
        {
            capture.Clear();
            _mine = capture;
        }
    }

    private void Add(object? scope)
    {
        if (_changes) return;
        if (scope is IEnumerable<KeyValuePair<string, object?>> fields)
        {
            foreach (var (name, value) in fields)
            {
                if (name != LoggedEvent.Template) Add(name, value);
            }
        }
        else
        {
            Add(Name, scope);
        }
    }

    private void Add(string name, object? value)
    {
        _changes |= !Unchanging.Is(value, ref _size);
        _fields.Add(new(name, value));
    }

    private void Clear()
    {
        _fields.Clear();
        (_size, _changes) = (0, false);
    }
}
