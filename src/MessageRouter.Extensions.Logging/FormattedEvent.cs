using System.Runtime.CompilerServices;
using MessageRouter.Client;
using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>
/// An event of <c>LogInformation</c> and the like, which is written when it leaves. Its state keeps the caller's array, which may change: the values are copied, and .NET
/// makes the same state of them again.
/// </summary>
internal sealed class FormattedEvent : DeferredMessage, ILogger
{
    private static readonly Probe Known = new();

    private readonly LoggedEvent _event;
    private readonly string? _template;
    private readonly int _count;
    private Values _values;
    private EventFlaws? _flaws;
    private ReadOnlyMemory<byte> _written;

    private FormattedEvent(in LoggedEvent logged, string? template, in Values values, int count, int size)
        : base(size)
    {
        _event = logged;
        _template = template;
        _values = values;
        _count = count;
    }

    /// <summary>The type of the state of these events.</summary>
    public static Type StateType => Known.StateType;

    /// <returns>Null where it is no such event, or something can change.</returns>
    public static FormattedEvent? Of<TState>(in LoggedEvent logged, TState state, Func<TState, Exception?, string> formatter, int size)
    {
        if (!ReferenceEquals(formatter, Known.Formatter) || state is not IReadOnlyList<KeyValuePair<string, object?>> fields) return null;
        var count = fields.Count - 1;
        if (count > Values.Most) return null;
        var template = fields[count].Value as string;

        // Where nothing is named there may be arguments that this does not show.
        if (count == 0 && !ReferenceEquals(formatter(state, null), template)) return null;
        var values = default(Values);
        for (var i = 0; i < count; i++)
        {
            values[i] = fields[i].Value;
            if (!Unchanging.Is(values[i], ref size)) return null;
        }
        return new FormattedEvent(logged, template, values, count, size);
    }

    public override ReadOnlyMemory<byte> Write(EventFlaws flaws)
    {
        _flaws = flaws;
        this.Log(LogLevel.None, default, null, _template, ((ReadOnlySpan<object?>)_values)[.._count].ToArray());
        return _written;
    }

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _written = _event.Write(state, exception, formatter, _flaws!);

    [InlineArray(Most)]
    private struct Values
    {
        public const int Most = 6;

        private object? _first;
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
