using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MessageRouter.Client.Logging;

/// <summary>
/// Writes log events as JSON, one after the other, into memory that is used again. Whatever an application puts into one, it becomes an event: what throws,
/// has no end or is too long is said in its place.
/// </summary>
internal sealed class LogEventWriter
{
    /// <summary>Characters of one text; the rest is cut off and said.</summary>
    internal const int LongestText = 32 << 10;

    /// <summary>Levels of objects in objects, and elements of each.</summary>
    private const int Deepest = 5, MostElements = 100;

    /// <summary>Bytes after which fields are left out.</summary>
    private const int MostBytes = 512 << 10;

    private const int MostKept = 64 << 10;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonEncodedText Host = JsonEncodedText.Encode(Environment.MachineName, Options.Encoder);

    private static readonly string[] Ours = ["trace", "debug", "info", "warning", "error", "critical"];
    private static readonly string[] OfSerilog = ["Verbose", "Debug", "Information", "Warning", "Error", "Fatal"];
    private static readonly string[] OfLogstash = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

    /// <summary>Log::Dispatch has no level below debug.</summary>
    private static readonly string[] OfLogDispatch = ["debug", "debug", "info", "warning", "error", "critical"];

    [ThreadStatic]
    private static LogEventWriter? _kept;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json = new(Stream.Null, Options);
    private readonly LogShape _shape;
    private readonly string? _application;
    private bool _isFull;

    /// <param name="shape">What an event looks like.</param>
    /// <param name="application">The name of the application; null for none.</param>
    private LogEventWriter(LogShape shape, string? application)
    {
        _shape = shape;
        _application = application;
    }

    /// <summary>Writes an event with the calling thread's writer.</summary>
    /// <returns>Its bytes, good until this thread writes the next one.</returns>
    public static ReadOnlyMemory<byte> Write<TState>(LogShape shape, string? application, in LogRecord record, TState state, WriteFields<TState> fields)
    {
        var writer = _kept is { } kept && kept._shape == shape && kept._application == application ? kept : new LogEventWriter(shape, application);

        // What is logged while this event is written, by a ToString for example, has a writer of its own.
        _kept = null;
        var written = writer.Write(record, state, fields);
        if (writer._buffer.Capacity <= MostKept) _kept = writer;
        return written;
    }

    private ReadOnlyMemory<byte> Write<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _isFull = false;
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
        return _buffer.WrittenMemory;
    }

    /// <summary>Writes one field of the event.</summary>
    public void Field(string name, object? value)
    {
        if (IsFull()) return;
        _json.WritePropertyName(_shape == LogShape.Clef && name.StartsWith('@') ? "@" + name : name);
        Value(value, 0);
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
        _json.WriteString("logger"u8, record.Logger);
    }

    private void WriteClef<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
    {
        _json.WriteString("@t"u8, record.Timestamp.UtcDateTime);
        if (record.Template is not null) Text("@mt"u8, record.Template);
        else Text("@m"u8, record.Message);

        // Information is what is meant where nothing stands.
        if (record.Gravity != LogGravity.Information) _json.WriteString("@l"u8, OfSerilog[(int)record.Gravity]);
        WriteException("@x"u8, record.Exception);
        if (record.TraceId is not null) _json.WriteString("@tr"u8, record.TraceId);
        if (record.SpanId is not null) _json.WriteString("@sp"u8, record.SpanId);
        Fields(state, fields);
        _json.WriteString("SourceContext"u8, record.Logger);
        if (record.EventId != 0) _json.WriteNumber("EventId"u8, record.EventId);
        _json.WriteString("MachineName"u8, Host);
        if (_application is not null) _json.WriteString("Application"u8, _application);
        _json.WriteNumber("ProcessId"u8, Environment.ProcessId);
    }

    private void WriteLogstash<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
    {
        _json.WriteString("@timestamp"u8, record.Timestamp.UtcDateTime);
        _json.WriteString("@version"u8, "1"u8);
        Text("message"u8, record.Message);
        _json.WriteString("level"u8, OfLogstash[(int)record.Gravity]);
        _json.WriteString("logger_name"u8, record.Logger);
        _json.WriteString("host"u8, Host);
        if (_application is not null) _json.WriteString("application"u8, _application);
        _json.WriteNumber("process"u8, Environment.ProcessId);
        WriteException("stack_trace"u8, record.Exception);
        Fields(state, fields);
    }

    private void WriteMessagePassing(in LogRecord record)
    {
        _json.WriteString("name"u8, _application ?? record.Logger);
        _json.WriteString("level"u8, OfLogDispatch[(int)record.Gravity]);
        Text("message"u8, record.Exception is null ? record.Message : $"{record.Message}\n{Guarded(record.Exception)}");
    }

    private void Fields<TState>(TState state, WriteFields<TState> fields)
    {
        try
        {
            fields(state, this);
        }
        catch (Exception exception)
        {
            _json.WriteString("fields_failed"u8, exception.GetType().Name);
        }
        if (_isFull) _json.WriteBoolean("cut"u8, true);
    }

    private void WriteException(ReadOnlySpan<byte> name, Exception? exception)
    {
        if (exception is not null) Text(name, Guarded(exception));
    }

    private void Text(ReadOnlySpan<byte> name, string? text)
    {
        _json.WritePropertyName(name);
        TextValue(text);
    }

    private void TextValue(string? text)
    {
        if (text is { Length: > LongestText })
            text = string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, LongestText - (char.IsHighSurrogate(text[LongestText - 1]) ? 1 : 0))}… ({text.Length} characters)");
        _json.WriteStringValue(text);
    }

    private void Value(object? value, int depth)
    {
        switch (value)
        {
            case null: _json.WriteNullValue(); break;
            case string text: TextValue(text); break;
            case bool flag: _json.WriteBooleanValue(flag); break;
            case int number: _json.WriteNumberValue(number); break;
            case long number: _json.WriteNumberValue(number); break;
            case byte or sbyte or short or ushort or uint: _json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case ulong number: _json.WriteNumberValue(number); break;
            case decimal number: _json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): _json.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): _json.WriteNumberValue(number); break;
            case DateTime time: _json.WriteStringValue(time); break;
            case DateTimeOffset time: _json.WriteStringValue(time); break;
            case Guid guid: _json.WriteStringValue(guid); break;
            case JsonElement element: Element(element); break;
            case IDictionary map when depth < Deepest: Map(map, depth); break;
            case IEnumerable list when depth < Deepest: List(list, depth); break;
            default: TextValue(Guarded(value)); break;
        }
    }

    private void Element(JsonElement element)
    {
        // Its document may have been disposed, or it has none; then it writes nothing.
        try
        {
            element.WriteTo(_json);
        }
        catch (InvalidOperationException exception)
        {
            TextValue($"({nameof(JsonElement)} failed: {exception.GetType().Name})");
        }
    }

    private void Map(IDictionary map, int depth)
    {
        _json.WriteStartObject();
        try
        {
            var count = 0;
            foreach (DictionaryEntry entry in map)
            {
                if (++count > MostElements || IsFull()) break;
                _json.WritePropertyName(Guarded(entry.Key));
                Value(entry.Value, depth + 1);
            }
        }
        catch (Exception exception)
        {
            _json.WriteString("failed"u8, exception.GetType().Name);
        }
        _json.WriteEndObject();
    }

    private void List(IEnumerable list, int depth)
    {
        _json.WriteStartArray();
        try
        {
            var count = 0;
            foreach (var element in list)
            {
                if (++count > MostElements || IsFull()) break;
                Value(element, depth + 1);
            }
        }
        catch (Exception exception)
        {
            _json.WriteStringValue(exception.GetType().Name);
        }
        _json.WriteEndArray();
    }

    private bool IsFull() => _isFull |= _json.BytesCommitted + _json.BytesPending > MostBytes;

    /// <summary>A value's own text; where making it fails, what failed.</summary>
    private static string Guarded(object value)
    {
        try
        {
            return (value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString()) ?? "";
        }
        catch (Exception exception)
        {
            return $"({value.GetType().Name}.ToString failed: {exception.GetType().Name})";
        }
    }
}
