using MessageRouter.Client;
using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>An event of a method that <c>LoggerMessage</c> has defined, by hand or generated, which is written when it leaves: its state is a struct with the values in it.</summary>
internal sealed class DefinedEvent<TState> : DeferredMessage
{
    /// <summary>Whether the state is one of these structs, and the types of its values are such that none can change.</summary>
    private static readonly bool IsDefined = typeof(TState).Assembly == typeof(ILogger).Assembly && typeof(TState).IsValueType && typeof(TState) != FormattedEvent.StateType
        && typeof(TState).IsAssignableTo(typeof(IReadOnlyList<KeyValuePair<string, object?>>)) && typeof(TState).GetGenericArguments().All(Unchanging.Is);

    /// <summary>Which of the values have a length.</summary>
    private static readonly int[] Texts = [.. typeof(TState).GetGenericArguments().Index().Where(type => !type.Item.IsValueType).Select(type => type.Index)];

    /// <summary>What makes the text of such a state, as soon as one was seen.</summary>
    private static Func<TState, Exception?, string>? _formatter;

    private readonly LoggedEvent _event;
    private readonly TState _state;
    private readonly Func<TState, Exception?, string> _format;

    private DefinedEvent(in LoggedEvent logged, TState state, Func<TState, Exception?, string> formatter, int size)
        : base(size)
    {
        _event = logged;
        _state = state;
        _format = formatter;
    }

    /// <returns>Null where something can change.</returns>
    public static DefinedEvent<TState>? Of(in LoggedEvent logged, TState state, Func<TState, Exception?, string> formatter, int size)
    {
        if (!IsDefined || !IsKnown(formatter)) return null;
        foreach (var text in Texts)
        {
            // The cast makes no object: the compiler sees what is called.
            if (!Unchanging.Is(((IReadOnlyList<KeyValuePair<string, object?>>)state!)[text].Value, ref size)) return null;
        }
        return new DefinedEvent<TState>(logged, state, formatter, size);
    }

    public override ReadOnlyMemory<byte> Write(EventFlaws flaws) => _event.Write(_state, null, _format, flaws);

    /// <summary>Whether it is .NET's own, which looks at nothing but the state.</summary>
    private static bool IsKnown(Func<TState, Exception?, string> formatter)
    {
        if (formatter == _formatter) return true;
        if (formatter.Method.Module.Assembly != typeof(ILogger).Assembly) return false;
        _formatter = formatter;
        return true;
    }
}
