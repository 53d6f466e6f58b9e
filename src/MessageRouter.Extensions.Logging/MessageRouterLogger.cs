using System.Diagnostics;
using System.Text;
using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>Writes each event on the thread that logs, and hands it to the client. Nothing that goes wrong here reaches the application.</summary>
internal sealed class MessageRouterLogger(string category, MessageRouterLoggerProvider provider, TimeProvider clock) : ILogger
{
    private const string Template = "{OriginalFormat}";

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes?.Push(state);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        try
        {
            var sending = provider.Now;
            var options = sending.Options;
            var activity = Activity.Current;
            var fields = state as IReadOnlyList<KeyValuePair<string, object?>>;
            var record = new LogRecord
            {
                Timestamp = clock.GetUtcNow(),
                Gravity = (LogGravity)logLevel,
                Logger = category,
                Message = Format(state, exception, formatter),
                Template = fields is { Count: > 0 } && fields[^1].Key == Template ? fields[^1].Value as string : null,
                Exception = exception,
                EventId = eventId.Id,
                EventName = eventId.Name,
                TraceId = activity?.TraceId.ToHexString(),
                SpanId = activity?.SpanId.ToHexString(),
            };
            LogEventWriter.Send(sending.Client, options.Shape, options.Application, record, (Fields: fields, Scopes: options.IncludeScopes ? provider.Scopes : null), WriteFields);
        }
        catch (Exception failure)
        {
            provider.Now.Client.TrySend(Encoding.UTF8.GetBytes($$"""{"level":"error","message":"An event could not be written: {{failure.GetType().Name}}"}"""));
        }
    }

    private static string Format<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            return formatter(state, exception);
        }
        catch (Exception failure)
        {
            return $"(the message could not be made: {failure.GetType().Name})";
        }
    }

    private static void WriteFields((IReadOnlyList<KeyValuePair<string, object?>>? Fields, IExternalScopeProvider? Scopes) state, LogEventWriter writer)
    {
        if (state.Fields is { } fields)
        {
            for (var i = 0; i < fields.Count; i++)
            {
                var (name, value) = fields[i];
                if (name != Template) writer.Field(name, value);
            }
        }
        state.Scopes?.ForEachScope(WriteScope, writer);
    }

    private static void WriteScope(object? scope, LogEventWriter writer)
    {
        if (scope is IEnumerable<KeyValuePair<string, object?>> fields)
        {
            foreach (var (name, value) in fields)
            {
                if (name != Template) writer.Field(name, value);
            }
        }
        else
        {
            writer.Field("scope", scope);
        }
    }
}
