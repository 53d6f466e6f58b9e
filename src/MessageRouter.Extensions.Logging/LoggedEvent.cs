using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Extensions.Logging;

/// <summary>What is known of an event beside its state, and how both become JSON.</summary>
internal readonly struct LoggedEvent(LogLevel level, EventId id)
{
    /// <summary>The name under which a state has its message template.</summary>
    public const string Template = "{OriginalFormat}";

    /// <summary>Of a state that is no list, and of a scope.</summary>
    public const int MostFields = 1000;

    private readonly LogGravity _gravity = (LogGravity)Math.Clamp((int)level, (int)LogGravity.Trace, (int)LogGravity.Critical);
    private readonly int _eventId = id.Id;
    private readonly string? _eventName = id.Name;

    /// <summary>What events look like.</summary>
    public required MessageRouterLoggerOptions Options { get; init; }

    /// <summary>Who logs.</summary>
    public required string Logger { get; init; }

    /// <summary>When, in universal time.</summary>
    public required DateTime Time { get; init; }

    public string? TraceId { get; init; }

    public string? SpanId { get; init; }

    /// <summary>The fields of the scopes that there were, as <see cref="ScopeCapture"/> has them.</summary>
    public KeyValuePair<string?, object?>[]? Captured { get; init; }

    private LogRecord Record => new()
    {
        Timestamp = new DateTimeOffset(Time),
        Gravity = _gravity,
        Logger = Logger,
        EventId = _eventId,
        EventName = _eventName,
        TraceId = TraceId,
        SpanId = SpanId,
    };

    /// <param name="state">What was logged.</param>
    /// <param name="exception">What failed; null where nothing did.</param>
    /// <param name="formatter">Makes its text.</param>
    /// <param name="scopes">The scopes that there are; null where there are none or they were captured.</param>
    /// <param name="flaws">Where it counts if something of it is not as it was.</param>
    /// <returns>The event's bytes, good until this thread writes the next one.</returns>
    public ReadOnlyMemory<byte> Write<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter, IExternalScopeProvider? scopes, EventFlaws flaws)
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
            return LogEventWriter.Write(Options.Shape, Options.Application, record, (Fields: fields, Captured, Scopes: scopes), WriteFields, flaws);
        }
        catch (Exception failure)
        {
            // Without its fields, which cannot be read.
            var message = $"{Format(state, exception, formatter, out _)} (its fields could not be written: {failure.GetType().Name})";
            return LogEventWriter.Write(Options.Shape, Options.Application, Record with { Message = message, HasFailed = true, Exception = exception }, false, (_, _) => { }, flaws);
        }
    }

    /// <summary>Writes an event whose state is a template and its values, none of which can change.</summary>
    /// <returns>Whether it could be; else its state writes it.</returns>
    public bool TryWrite(string? template, ReadOnlySpan<object?> values, EventFlaws flaws, out ReadOnlyMemory<byte> written)
    {
        written = default;
        Span<Range> numbers = stackalloc Range[EventValues.Most];
        if (template is null || values.IsEmpty || MessageTemplate.Of(template) is not { } parts || parts.Count != values.Length || !parts.TryWrite(values, numbers, out var message)) return false;
        var record = Record with { Template = template, EncodedMessage = message, EncodedTemplate = parts.Encoded };
        written = LogEventWriter.Write(Options.Shape, Options.Application, record, new Filled(parts, values, message.Span, numbers, Captured), WriteFields, flaws);
        return true;
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

    private static void WriteFields((IEnumerable<KeyValuePair<string, object?>>? Fields, KeyValuePair<string?, object?>[]? Captured, IExternalScopeProvider? Scopes) state, LogEventWriter writer)
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
        if (state.Captured is { } captured) ScopeCapture.Write(captured, writer);
        else ScopeCapture.Write(state.Scopes, writer);

        void Write(KeyValuePair<string, object?> field)
        {
            if (field.Key != Template) writer.Field(field.Key, field.Value);
        }
    }

    private static void WriteFields(Filled state, LogEventWriter writer)
    {
        for (var i = 0; i < state.Values.Length; i++) writer.Field(state.Template.NameAt(i), state.Template.EncodedNameAt(i), state.Values[i], state.Text[state.Numbers[i]]);
        ScopeCapture.Write(state.Captured, writer);
    }

    /// <summary>A template with its values, the text that was made of both, and where in that some of the values stand.</summary>
    private readonly ref struct Filled(MessageTemplate template, ReadOnlySpan<object?> values, ReadOnlySpan<byte> text, ReadOnlySpan<Range> numbers, KeyValuePair<string?, object?>[]? captured)
    {
        public MessageTemplate Template { get; } = template;

        public ReadOnlySpan<object?> Values { get; } = values;

        public ReadOnlySpan<byte> Text { get; } = text;

        public ReadOnlySpan<Range> Numbers { get; } = numbers;

        public ReadOnlySpan<KeyValuePair<string?, object?>> Captured { get; } = captured;
    }
}
