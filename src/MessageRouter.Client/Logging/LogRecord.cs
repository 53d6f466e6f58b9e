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

/// <summary>Writes the fields of an event: calls <see cref="LogEventWriter.Field"/> for each.</summary>
internal delegate void WriteFields<in TState>(TState state, LogEventWriter writer);
