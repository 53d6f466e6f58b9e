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
        var ids = TraceIds.Now;
        var scopes = options.IncludeScopes ? provider.Scopes : null;
        var logged = new LoggedEvent(logLevel, eventId)
        {
            Options = options,
            Logger = category,
            Time = clock.GetUtcNow().UtcDateTime,
            TraceId = ids.Trace,
            SpanId = ids.Span,
        };

        try
        {
            // The trace of an exception grows while it is thrown on.
            if (exception is not null || !TryDefer(client, logged, state, formatter, scopes)) client.TrySend(logged.Write(state, exception, formatter, scopes, client.Flaws).Span);
        }
        catch (Exception)
        {
            client.CountFailed();
        }
    }

    /// <returns>Whether nothing of the event can change; it is the client's then.</returns>
    private static bool TryDefer<TState>(MessageClient client, in LoggedEvent logged, TState state, Func<TState, Exception?, string> formatter, IExternalScopeProvider? scopes)
    {
        try
        {
            var size = Overhead;
            if (!ScopeCapture.TryTake(scopes, out var captured, ref size)) return false;
            return captured is null ? TryDefer(client, logged, state, formatter, size) : TryDefer(client, logged with { Captured = captured }, state, formatter, size);
        }
        catch (Exception)
        {
            // A state or a scope cannot be looked at: whoever writes the event says so in its place.
            return false;
        }
    }

    private static bool TryDefer<TState>(MessageClient client, in LoggedEvent logged, TState state, Func<TState, Exception?, string> formatter, int size)
    {
        if (DefinedEvent<TState>.MayWait(state, formatter, ref size)) client.TryDefer(new DefinedEvent<TState>(logged, state, size));
        else if (FormattedEvent.MayWait(state, formatter, ref size, out var arguments)) client.TryDefer(new FormattedEvent(logged, arguments, size));
        else return false;
        return true;
    }
}
