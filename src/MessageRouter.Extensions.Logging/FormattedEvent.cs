using MessageRouter.Client;
using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>
/// An event of <c>LogInformation</c> and the like, which is written when it leaves. Its state keeps the caller's array, which may change: the values are copied, and where the text
/// is left to .NET, this makes the same state of them again.
/// </summary>
internal readonly struct FormattedEvent(in LoggedEvent logged, in FormattedEvent.Arguments arguments, int size) : IDeferredMessage
{
    private static readonly Probe Known = new();

    private readonly LoggedEvent _event = logged;
    private readonly Arguments _arguments = arguments;

    /// <summary>The type of the state of these events.</summary>
    public static Type StateType => Known.StateType;

    public int Size => size;

    /// <summary>Whether a state is of such an event, and nothing of it can change; adds to <paramref name="size"/> the memory that it keeps.</summary>
    public static bool MayWait<TState>(TState state, Func<TState, Exception?, string> formatter, ref int size, out Arguments arguments)
    {
        arguments = default;
        if (!ReferenceEquals(formatter, Known.Formatter) || state is not IReadOnlyList<KeyValuePair<string, object?>> fields) return false;
        var count = fields.Count - 1;
        if (count > EventValues.Most) return false;
        var template = fields[count].Value as string;

        // Where nothing is named there may be arguments that this does not show.
        if (count == 0 && !ReferenceEquals(formatter(state, null), template)) return false;
        for (var i = 0; i < count; i++)
        {
            arguments.Values[i] = fields[i].Value;
            if (!Unchanging.Is(arguments.Values[i], ref size)) return false;
        }
        (arguments.Template, arguments.Count) = (template, count);
        return true;
    }

    public ReadOnlyMemory<byte> Write(EventFlaws flaws)
    {
        var values = ((ReadOnlySpan<object?>)_arguments.Values)[.._arguments.Count];
        if (_event.TryWrite(_arguments.Template, values, flaws, out var written)) return written;
        var again = new Again(_event, flaws);
        again.Log(LogLevel.None, default, null, _arguments.Template, values.ToArray());
        return again.Written;
    }

    /// <summary>The template, and what is put into it.</summary>
    internal struct Arguments
    {
        public string? Template;
        public int Count;
        public EventValues Values;
    }

    /// <summary>Is given the state that .NET makes, and writes the event with it.</summary>
    private sealed class Again(LoggedEvent logged, EventFlaws flaws) : ILogger
    {
        public ReadOnlyMemory<byte> Written { get; private set; }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written = logged.Write(state, exception, formatter, null, flaws);
    }

    /// <summary>Sees what these methods give to a logger.</summary>
    private sealed class Probe : ILogger
    {
        public Probe() => this.Log(LogLevel.None, "");

        public Type StateType { get; private set; } = typeof(void);

        public object? Formatter { get; private set; }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            (StateType, Formatter) = (typeof(TState), formatter);
    }
}
