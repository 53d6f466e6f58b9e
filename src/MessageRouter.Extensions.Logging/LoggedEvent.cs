using System.Text;
using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>What is known of an event beside its state, and how both become JSON.</summary>
/// <param name="Options">What events look like.</param>
/// <param name="Record">When, where and how grave.</param>
/// <param name="Scopes">The scopes that there are; null where there are none or they were captured.</param>
/// <param name="Captured">The fields of the scopes that there were.</param>
internal readonly record struct LoggedEvent(MessageRouterLoggerOptions Options, LogRecord Record, IExternalScopeProvider? Scopes, KeyValuePair<string, object?>[]? Captured = null)
{
    /// <summary>The name under which a state has its message template.</summary>
    public const string Template = "{OriginalFormat}";

    /// <returns>The event's bytes, good until this thread writes the next one.</returns>
    public ReadOnlyMemory<byte> Write<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            var fields = state as IReadOnlyList<KeyValuePair<string, object?>>;
            var record = Record with
            {
                Message = Format(state, exception, formatter),
                Template = fields is { Count: > 0 } && fields[^1].Key == Template ? fields[^1].Value as string : null,
                Exception = exception,
            };
            return LogEventWriter.Write(Options.Shape, Options.Application, record, (Fields: fields, Event: this), WriteFields);
        }
        catch (Exception failure)
        {
            return Encoding.UTF8.GetBytes($$"""{"level":"error","message":"An event could not be written: {{failure.GetType().Name}}"}""");
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

    private static void WriteFields((IReadOnlyList<KeyValuePair<string, object?>>? Fields, LoggedEvent Event) state, LogEventWriter writer)
    {
        if (state.Fields is { } fields)
        {
            for (var i = 0; i < fields.Count; i++)
            {
                var (name, value) = fields[i];
                if (name != Template) writer.Field(name, value);
            }
        }
        foreach (var (name, value) in state.Event.Captured ?? []) writer.Field(name, value);
        state.Event.Scopes?.ForEachScope(WriteScope, writer);
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
            writer.Field(ScopeCapture.Name, scope);
        }
    }
}
