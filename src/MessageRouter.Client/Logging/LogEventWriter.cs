using System.Buffers;
using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MessageRouter.Client.Logging;

/// <summary>
/// Writes log events as JSON, one after the other, into memory that is used again. Whatever an application puts into one, it becomes an event: what throws,
/// has no end or is too long is said in its place.
/// </summary>
internal sealed class LogEventWriter
{
    private const int MostKept = 64 << 10;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonEncodedText Host = JsonEncodedText.Encode(Environment.MachineName, Options.Encoder);

    private static readonly string[] Ours = ["trace", "debug", "info", "warning", "error", "critical"];
    private static readonly string[] OfSerilog = ["Verbose", "Debug", "Information", "Warning", "Error", "Fatal"];
    private static readonly string[] OfLogstash = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NamesOfLogstash = FrozenSet.ToFrozenSet(
    [
        "@timestamp", "@version", "message", "level", "logger_name", "host", "application", "process", "template", "event_id", "event_name", "trace_id", "span_id", "stack_trace", LossNote.Name,
    ]).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Log::Dispatch has no level below debug.</summary>
    private static readonly string[] OfLogDispatch = ["debug", "debug", "info", "warning", "error", "critical"];

    [ThreadStatic]
    private static LogEventWriter? _kept;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json = new(Stream.Null, Options);
    private readonly LogValueWriter _values;
    private readonly LogShape _shape;
    private readonly string? _application;

    /// <param name="shape">What an event looks like.</param>
    /// <param name="application">The name of the application; null for none.</param>
    private LogEventWriter(LogShape shape, string? application)
    {
        _values = new LogValueWriter(_json);
        _shape = shape;
        _application = application;
    }

    /// <summary>Writes an event with the calling thread's writer.</summary>
    /// <param name="shape">What it looks like.</param>
    /// <param name="application">The name of the application; null for none.</param>
    /// <param name="record">What there is beside its fields.</param>
    /// <param name="state">What <paramref name="fields"/> is given.</param>
    /// <param name="fields">Writes its fields.</param>
    /// <param name="flaws">Where it counts if something of it is not as it was; null for nowhere.</param>
    /// <returns>Its bytes, good until this thread writes the next one.</returns>
    public static ReadOnlyMemory<byte> Write<TState>(LogShape shape, string? application, in LogRecord record, TState state, WriteFields<TState> fields, EventFlaws? flaws = null)
    {
        var writer = _kept is { } kept && kept._shape == shape && kept._application == application ? kept : new LogEventWriter(shape, application);

        // What is logged while this event is written, by a ToString for example, has a writer of its own.
        _kept = null;
        var written = writer.Write(record, state, fields, flaws);
        if (writer._buffer.Capacity <= MostKept) _kept = writer;
        return written;
    }

    private ReadOnlyMemory<byte> Write<TState>(in LogRecord record, TState state, WriteFields<TState> fields, EventFlaws? flaws)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _values.Begin();
        _json.WriteStartObject();
        switch (_shape)
        {
            case LogShape.Clef: WriteClef(record, state, fields); break;
            case LogShape.Logstash: WriteLogstash(record, state, fields); break;
            case LogShape.MessagePassing: WriteMessagePassing(record); break;
            default: WriteOurs(record, state, fields); break;
        }
        _json.WriteEndObject();
        _json.Flush();
        if (_values.WasCut || _values.HasFailed || record.HasFailed) flaws?.Add(_values.WasCut, _values.HasFailed || record.HasFailed);
        _values.Begin();
        return _buffer.WrittenMemory;
    }

    /// <summary>Writes one field of the event, unless it has been written already: the first value of a name counts.</summary>
    public void Field(string? name, object? value)
    {
        if (_values.IsFull()) return;
        name = _values.Name(name);
        if (_shape != LogShape.MessageRouter) name = BesideTheShapes(name);
        if (!_values.Names.TryAdd(name)) return;
        _json.WritePropertyName(name);
        _values.Value(value);
    }

    /// <summary>Fields are left out here, since there are too many.</summary>
    public void LeaveOut() => _values.LeaveOut();

    /// <inheritdoc cref="LogValueWriter.Guarded"/>
    public string Guarded(object value) => _values.Guarded(value);

    /// <summary>A field's name where fields stand beside what the shape has of its own: in CLEF an @ is doubled, and what has a name of the shape's gets an underscore behind it.</summary>
    private string BesideTheShapes(string name)
    {
        if (_shape == LogShape.Clef && name.StartsWith('@')) return "@" + name;

        // And one more where it has some: what the application calls `level` and `level_` stays apart.
        var isTaken = _shape == LogShape.Clef ? name.AsSpan().TrimEnd('_') is LossNote.Name : NamesOfLogstash.Contains(name.AsSpan().TrimEnd('_'));
        return isTaken ? name + "_" : name;
    }

    private void WriteOurs<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
    {
        _json.WriteString("timestamp"u8, record.Timestamp.UtcDateTime);
        _json.WriteString("level"u8, Ours[(int)record.Gravity]);
        Text("message"u8, record.Message);
        if (record.Template is not null && record.Template != record.Message) Text("template"u8, record.Template);
        _json.WriteStartObject("fields"u8);
        Fields(state, fields);
        _json.WriteEndObject();
        WriteException("exception"u8, record.Exception);
        if (record.EventId != 0 || record.EventName is not null)
        {
            _json.WriteStartObject("event"u8);
            _json.WriteNumber("id"u8, record.EventId);
            if (record.EventName is not null) Text("name"u8, record.EventName);
            _json.WriteEndObject();
        }
        if (record.TraceId is not null) _json.WriteString("trace"u8, record.TraceId);
        if (record.SpanId is not null) _json.WriteString("span"u8, record.SpanId);
        _json.WriteString("host"u8, Host);
        if (_application is not null) _json.WriteString("application"u8, _application);
        _json.WriteNumber("process"u8, Environment.ProcessId);
        if (record.Logger is { Length: > 0 }) Text("logger"u8, record.Logger);
    }

    private void WriteClef<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
    {
        _json.WriteString("@t"u8, record.Timestamp.UtcDateTime);
        if (record.Template is not null) Text("@mt"u8, record.Template);
        if (record.Template is null || record.HasOwnMessage) Text("@m"u8, record.Message);

        // Information is what is meant where nothing stands.
        if (record.Gravity != LogGravity.Information) _json.WriteString("@l"u8, OfSerilog[(int)record.Gravity]);
        WriteException("@x"u8, record.Exception);
        if (record.TraceId is not null) _json.WriteString("@tr"u8, record.TraceId);
        if (record.SpanId is not null) _json.WriteString("@sp"u8, record.SpanId);
        Fields(state, fields);

        // These are no names of CLEF's: what the event has of them itself is what is meant.
        if (record.Logger is { Length: > 0 } && IsMissing("SourceContext")) Text("SourceContext"u8, record.Logger);
        if (record.EventId != 0 && IsMissing("EventId")) _json.WriteNumber("EventId"u8, record.EventId);
        if (record.EventName is not null && IsMissing("EventName")) Text("EventName"u8, record.EventName);
        if (IsMissing("MachineName")) _json.WriteString("MachineName"u8, Host);
        if (_application is not null && IsMissing("Application")) _json.WriteString("Application"u8, _application);
        if (IsMissing("ProcessId")) _json.WriteNumber("ProcessId"u8, Environment.ProcessId);

        bool IsMissing(string name) => !_values.Names.Has(name);
    }

    private void WriteLogstash<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
    {
        _json.WriteString("@timestamp"u8, record.Timestamp.UtcDateTime);
        _json.WriteString("@version"u8, "1"u8);
        Text("message"u8, record.Message);
        _json.WriteString("level"u8, OfLogstash[(int)record.Gravity]);
        if (record.Logger is { Length: > 0 }) Text("logger_name"u8, record.Logger);
        _json.WriteString("host"u8, Host);
        if (_application is not null) _json.WriteString("application"u8, _application);
        _json.WriteNumber("process"u8, Environment.ProcessId);
        if (record.Template is not null && record.Template != record.Message) Text("template"u8, record.Template);
        if (record.EventId != 0) _json.WriteNumber("event_id"u8, record.EventId);
        if (record.EventName is not null) Text("event_name"u8, record.EventName);
        if (record.TraceId is not null) _json.WriteString("trace_id"u8, record.TraceId);
        if (record.SpanId is not null) _json.WriteString("span_id"u8, record.SpanId);
        WriteException("stack_trace"u8, record.Exception);
        Fields(state, fields);
    }

    private void WriteMessagePassing(in LogRecord record)
    {
        _json.WriteString("name"u8, _application ?? record.Logger ?? "");
        _json.WriteString("level"u8, OfLogDispatch[(int)record.Gravity]);
        Text("message"u8, record.Exception is null ? record.Message : $"{record.Message}\n{_values.Guarded(record.Exception)}");
    }

    private void Fields<TState>(TState state, WriteFields<TState> fields)
    {
        try
        {
            fields(state, this);
        }
        catch (Exception exception)
        {
            _values.Mark("fields_failed");
            _values.Failure(exception);
        }
        if (!_values.WasFull) return;
        _values.Mark("cut");
        _json.WriteBooleanValue(true);
    }

    private void WriteException(ReadOnlySpan<byte> name, Exception? exception)
    {
        if (exception is not null) Text(name, _values.Guarded(exception));
    }

    private void Text(ReadOnlySpan<byte> name, string? text)
    {
        _json.WritePropertyName(name);
        _values.Text(text);
    }
}
