using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>The fields of the scopes that there are, the outermost first; a scope that has none is a value without a name.</summary>
internal sealed class ScopeCapture
{
    /// <summary>The field of a scope that has no fields, and of several such.</summary>
    private const string Name = "scope";

    [ThreadStatic]
    private static ScopeCapture? _mine;

    private readonly List<KeyValuePair<string?, object?>> _fields = [];
    private int _size;
    private bool _changes;
    private bool _mayChange;
    private bool _isCut;

    /// <returns>Whether no field can change; <paramref name="size"/> has grown by what they keep in memory then.</returns>
    public static bool TryTake(IExternalScopeProvider? scopes, out KeyValuePair<string?, object?>[]? fields, ref int size)
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

    /// <summary>Writes the fields of scopes; of those with one name the innermost.</summary>
    public static void Write(IExternalScopeProvider? scopes, LogEventWriter writer)
    {
        if (scopes is null) return;
        var capture = new ScopeCapture { _mayChange = true };
        try
        {
            scopes.ForEachScope(static (scope, all) => all.Add(scope), capture);
        }
        finally
        {
            Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(capture._fields), writer);
            if (capture._isCut) writer.LeaveOut();
        }
    }

    /// <inheritdoc cref="Write(IExternalScopeProvider?, LogEventWriter)"/>
    public static void Write(ReadOnlySpan<KeyValuePair<string?, object?>> fields, LogEventWriter writer)
    {
        var without = 0;
        for (var i = fields.Length - 1; i >= 0; i--)
        {
            if (fields[i].Key is { } name) writer.Field(name, fields[i].Value);
            else without++;
        }
        if (without == 0) return;
        var values = new object?[without];
        foreach (var (name, value) in fields)
        {
            if (name is null) values[^without--] = value;
        }
        writer.Field(Name, values is [var only] ? only : values);
    }

    private void Add(object? scope)
    {
        if (_changes && !_mayChange) return;
        if (LoggedEvent.FieldsOf(scope) is { } fields)
        {
            var count = 0;
            foreach (var (name, value) in fields)
            {
                if (++count > LoggedEvent.MostFields)
                {
                    // Who writes the event at once says so in it.
                    _changes = _isCut = true;
                    return;
                }
                if (name != LoggedEvent.Template) Add(name ?? "", value);
            }
        }
        else
        {
            Add(null, scope);
        }
    }

    private void Add(string? name, object? value)
    {
        if (!_mayChange) _changes |= !Unchanging.Is(value, ref _size);
        _fields.Add(new(name, value));
    }

    private void Clear()
    {
        _fields.Clear();
        (_size, _changes) = (0, false);
    }
}
