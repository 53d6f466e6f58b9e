namespace MessageRouter.Client.Logging;

/// <summary>What every logging library knows of an event, besides its fields.</summary>
internal readonly record struct LogRecord
{
    public required DateTimeOffset Timestamp { get; init; }

    public required LogGravity Gravity { get; init; }

    /// <summary>Who logs; null or empty where nobody is named.</summary>
    public required string? Logger { get; init; }

    /// <summary>The text for people; null where it could not be made.</summary>
    public string? Message { get; init; }

    /// <summary>The text with the names of fields in it.</summary>
    public string? Template { get; init; }

    /// <summary>The message as JSON has it, without quotation marks, where it was made from the template already; the message is null then.</summary>
    public ReadOnlyMemory<byte> EncodedMessage { get; init; }

    /// <summary>The template as JSON has it, where the message was made from it.</summary>
    public ReadOnlyMemory<byte> EncodedTemplate { get; init; }

    /// <summary>Whether the message was made from the template already.</summary>
    public bool IsEncoded => !EncodedTemplate.IsEmpty;

    /// <summary>Whether message and template are the same, or there is no template.</summary>
    public bool SaysItsTemplate => IsEncoded ? EncodedMessage.Span.SequenceEqual(EncodedTemplate.Span) : Template is null || Template == Message;

    /// <summary>Whether the message says something that template and fields do not.</summary>
    public bool HasOwnMessage { get; init; }

    /// <summary>Whether making the message failed.</summary>
    public bool HasFailed { get; init; }

    public Exception? Exception { get; init; }

    public int EventId { get; init; }

    public string? EventName { get; init; }

    public string? TraceId { get; init; }

    public string? SpanId { get; init; }
}

/// <summary>Writes the fields of an event: calls <see cref="LogEventWriter.Field(string, object)"/> for each.</summary>
internal delegate void WriteFields<in TState>(TState state, LogEventWriter writer)
    where TState : allows ref struct;
