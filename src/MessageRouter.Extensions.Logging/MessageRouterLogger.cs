using System.Diagnostics;
using MessageRouter.Client;
using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>
/// Hands each event to the client: what cannot change any more is written when it leaves, everything else on the thread that logs. Nothing that goes wrong here reaches the
/// application.
/// </summary>
internal sealed class MessageRouterLogger(string category, MessageRouterLoggerProvider provider, TimeProvider clock) : ILogger
{
    /// <summary>What an event that waits takes beside its values.</summary>
    private const int Overhead = 256;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes?.Push(state);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var (options, client) = provider.Now;
        if (!client.MayTake(Overhead)) return;
        var activity = Activity.Current;
        var record = new LogRecord
        {
            Timestamp = clock.GetUtcNow(),
            Gravity = (LogGravity)Math.Clamp((int)logLevel, (int)LogGravity.Trace, (int)LogGravity.Critical),
            Logger = category,
            EventId = eventId.Id,
            EventName = eventId.Name,
            TraceId = activity?.TraceId.ToHexString(),
            SpanId = activity?.SpanId.ToHexString(),
        };
        var logged = new LoggedEvent(options, record, options.IncludeScopes ? provider.Scopes : null);

        // The trace of an exception grows while it is thrown on.
        if (exception is null && Deferred(logged, state, formatter) is { } deferred) client.TrySend(deferred);
        else client.TrySend(logged.Write(state, exception, formatter, client.Flaws).Span);
    }

    private static DeferredMessage? Deferred<TState>(in LoggedEvent logged, TState state, Func<TState, Exception?, string> formatter)
    {
        try
        {
            var size = Overhead;
            if (!ScopeCapture.TryTake(logged.Scopes, out var captured, ref size)) return null;
            var later = logged with { Scopes = null, Captured = captured };
            return DefinedEvent<TState>.Of(later, state, formatter, size) ?? (DeferredMessage?)FormattedEvent.Of(later, state, formatter, size);
        }
        catch (Exception)
        {
            // A state or a scope cannot be looked at: whoever writes the event says so in its place.
            return null;
        }
    }
}
