using MessageRouter.Client;
using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>An event of a method that <c>LoggerMessage</c> has defined, by hand or generated, which is written when it leaves: its state is a struct with the values in it.</summary>
internal readonly struct DefinedEvent<TState>(in LoggedEvent logged, TState state, int size) : IDeferredMessage
{
    /// <summary>Whether the state is one of these structs, and the types of its values are such that none can change.</summary>
    private static readonly bool IsDefined = typeof(TState).Assembly == typeof(ILogger).Assembly && typeof(TState).IsValueType && typeof(TState) != FormattedEvent.StateType
        && typeof(TState).IsAssignableTo(typeof(IReadOnlyList<KeyValuePair<string, object?>>)) && typeof(TState).GetGenericArguments().All(Unchanging.Is);

    /// <summary>Which of the values have a length.</summary>
    private static readonly int[] Texts = [.. typeof(TState).GetGenericArguments().Index().Where(type => !type.Item.IsValueType).Select(type => type.Index)];

    /// <summary>What makes the text of such a state, as soon as one was seen that can wait.</summary>
    private static Func<TState, Exception?, string>? _formatter;

    private readonly LoggedEvent _event = logged;
    private readonly TState _state = state;

    public int Size => size;

    /// <summary>Whether a state is of such an event, and nothing of it can change; adds to <paramref name="size"/> the memory that it keeps.</summary>
    public static bool MayWait(TState state, Func<TState, Exception?, string> formatter, ref int size)
    {
        if (formatter != _formatter && !IsKnown(formatter)) return false;
        foreach (var text in Texts)
        {
            if (!Unchanging.Is(FieldAt(state, text).Value, ref size)) return false;
        }
        return true;
    }

    public ReadOnlyMemory<byte> Write(EventFlaws flaws)
    {
        var values = default(EventValues);
        var count = ((IReadOnlyList<KeyValuePair<string, object?>>)_state!).Count - 1;
        for (var i = 0; i < count; i++) values[i] = FieldAt(_state, i).Value;
        if (_event.TryWrite(FieldAt(_state, count).Value as string, values[..count], flaws, out var written)) return written;
        return _event.Write(_state, null, _formatter!, null, flaws);
    }

    /// <summary>The cast makes no object: the compiler sees what is called.</summary>
    private static KeyValuePair<string, object?> FieldAt(TState state, int place) => ((IReadOnlyList<KeyValuePair<string, object?>>)state!)[place];

    /// <summary>Whether it is .NET's own, which looks at nothing but the state: there is one for a type.</summary>
    private static bool IsKnown(Func<TState, Exception?, string> formatter)
    {
        if (!IsDefined || formatter.Method.Module.Assembly != typeof(ILogger).Assembly) return false;
        _formatter = formatter;
        return true;
    }
}
