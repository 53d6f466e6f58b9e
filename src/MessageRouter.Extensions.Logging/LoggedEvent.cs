using System.Text;
using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>What is known of an event beside its state, and how both become JSON.</summary>
/// <param name="Options">What events look like.</param>
/// <param name="Record">When, where and how grave.</param>
/// <param name="Scopes">The scopes that there are; null where there are none or they were captured.</param>
/// <param name="Captured">The fields of the scopes that there were, as <see cref="ScopeCapture"/> has them.</param>
internal readonly record struct LoggedEvent(MessageRouterLoggerOptions Options, LogRecord Record, IExternalScopeProvider? Scopes, KeyValuePair<string?, object?>[]? Captured = null)
{
    /// <summary>The name under which a state has its message template.</summary>
    public const string Template = "{OriginalFormat}";

    /// <summary>Of a state that is no list, and of a scope.</summary>
    public const int MostFields = 1000;

    /// <returns>The event's bytes, good until this thread writes the next one.</returns>
    public ReadOnlyMemory<byte> Write<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter, EventFlaws flaws)
    {
        try
        {
            var fields = FieldsOf(state);
            var record = Record with
            {
                Message = Format(state, exception, formatter, out var hasFailed),
                HasFailed = hasFailed,
                Template = TemplateOf(fields),
                Exception = exception,
            };
            return LogEventWriter.Write(Options.Shape, Options.Application, record, (Fields: fields, Event: this), WriteFields, flaws);
        }
        catch (Exception failure)
        {
            flaws.Add(isCut: false, hasFailed: true);
            return Encoding.UTF8.GetBytes($$"""{"level":"error","message":"An event could not be written: {{failure.GetType().Name}}"}""");
        }
    }

    private static string Format<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter, out bool hasFailed)
    {
        hasFailed = false;
        try
        {
            return formatter(state, exception);
        }
        catch (Exception failure)
        {
            hasFailed = true;
            return $"(the message could not be made: {failure.GetType().Name})";
        }
    }

    /// <summary>The fields of a state or a scope; null where it has none.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? FieldsOf<TState>(TState state) => state as IEnumerable<KeyValuePair<string, object?>>;

    /// <summary>The template of a state: .NET has it behind everything else, in a list; who makes a dictionary may have it anywhere.</summary>
    private static string? TemplateOf(IEnumerable<KeyValuePair<string, object?>>? fields) => fields switch
    {
        IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } list => list[^1].Key == Template ? list[^1].Value as string : null,
        IReadOnlyDictionary<string, object?> map => map.TryGetValue(Template, out var template) ? template as string : null,
        _ => null,
    };

    private static void WriteFields((IEnumerable<KeyValuePair<string, object?>>? Fields, LoggedEvent Event) state, LogEventWriter writer)
    {
        if (state.Fields is IReadOnlyList<KeyValuePair<string, object?>> list)
        {
            for (var i = 0; i < list.Count; i++) Write(list[i]);
        }
        else
        {
            // Whatever its fields are, they may have no end.
            var count = 0;
            foreach (var field in state.Fields ?? [])
            {
                if (++count > MostFields)
                {
                    writer.LeaveOut();
                    break;
                }
                Write(field);
            }
        }

        // Of two with one name that counts which is nearer to the event: what is written first.
        if (state.Event.Captured is { } captured) ScopeCapture.Write(captured, writer);
        else ScopeCapture.Write(state.Event.Scopes, writer);

        void Write(KeyValuePair<string, object?> field)
        {
            if (field.Key != Template) writer.Field(field.Key, field.Value);
        }
    }
}
