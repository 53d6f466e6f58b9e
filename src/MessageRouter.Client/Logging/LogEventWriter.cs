using System.Collections;
using System.Globalization;
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

    private static readonly string[] Ours = ["trace", "debug", "info", "warning", "error", "critical"];
    private static readonly string[] OfSerilog = ["Verbose", "Debug", "Information", "Warning", "Error", "Fatal"];
    private static readonly string[] OfLogstash = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

    /// <summary>Log::Dispatch has no level below debug.</summary>
    private static readonly string[] OfLogDispatch = ["debug", "debug", "info", "warning", "error", "critical"];

    [ThreadStatic]
    private static LogEventWriter? _kept;

    private readonly JsonText _json = new();
    private readonly LogShape _shape;
    private readonly string? _application;

    /// <summary>The members that say where an event comes from, which are always the same.</summary>
    private readonly byte[] _origin;

    private bool _isFull;

    /// <param name="shape">What an event looks like.</param>
    /// <param name="application">The name of the application; null for none.</param>
    private LogEventWriter(LogShape shape, string? application)
    {
        _shape = shape;
        _application = application;
        _origin = Origin();
    }

    /// <summary>Writes an event with the calling thread's writer.</summary>
    /// <returns>Its bytes, good until this thread writes the next one.</returns>
    public static ReadOnlyMemory<byte> Write<TState>(LogShape shape, string? application, in LogRecord record, TState state, WriteFields<TState> fields)
    {
        var writer = _kept is { } kept && kept._shape == shape && kept._application == application ? kept : new LogEventWriter(shape, application);

        // What is logged while this event is written, by a ToString for example, has a writer of its own.
        _kept = null;
        var written = writer.Write(record, state, fields);
        if (writer._json.Capacity <= MostKept) _kept = writer;
        return written;
    }

    private ReadOnlyMemory<byte> Write<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
    {
        _json.Clear();
        _isFull = false;
        _json.BeginObject();
        switch (_shape)
        {
            case LogShape.Clef: WriteClef(record, state, fields); break;
            case LogShape.Logstash: WriteLogstash(record, state, fields); break;
            case LogShape.MessagePassing: WriteMessagePassing(record); break;
            default: WriteOurs(record, state, fields); break;
        }
        _json.EndObject();
        return _json.Written;
    }

    /// <summary>Writes one field of the event.</summary>
    public void Field(string name, object? value)
    {
        if (IsFull()) return;
        _json.Name(_shape == LogShape.Clef && name.StartsWith('@') ? "@" + name : name);
        Value(value, 0);
    }

    private byte[] Origin()
    {
        var isClef = _shape == LogShape.Clef;
        var json = new JsonText();
        json.Name(isClef ? "MachineName"u8 : "host"u8).Value(Environment.MachineName);
        if (_application is not null) json.Name(isClef ? "Application"u8 : "application"u8).Value(_application);
        json.Name(isClef ? "ProcessId"u8 : "process"u8).Value(Environment.ProcessId);
        return json.Written.ToArray();
    }

    private void WriteOurs<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
    {
        _json.Name("timestamp"u8).Value(record.Timestamp.UtcDateTime);
        _json.Name("level"u8).Value(Ours[(int)record.Gravity]);
        Text("message"u8, record.Message);
        if (record.Template is not null && record.Template != record.Message) Text("template"u8, record.Template);
        _json.Name("fields"u8).BeginObject();
        Fields(state, fields);
        _json.EndObject();
        WriteException("exception"u8, record.Exception);
        if (record.EventId != 0 || record.EventName is not null)
        {
            _json.Name("event"u8).BeginObject();
            _json.Name("id"u8).Value(record.EventId);
            if (record.EventName is not null) Text("name"u8, record.EventName);
            _json.EndObject();
        }
        if (record.TraceId is not null) _json.Name("trace"u8).Value(record.TraceId);
        if (record.SpanId is not null) _json.Name("span"u8).Value(record.SpanId);
        _json.Members(_origin);
        _json.Name("logger"u8).Value(record.Logger);
    }

    private void WriteClef<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
    {
        _json.Name("@t"u8).Value(record.Timestamp.UtcDateTime);
        if (record.Template is not null) Text("@mt"u8, record.Template);
        else Text("@m"u8, record.Message);

        // Information is what is meant where nothing stands.
        if (record.Gravity != LogGravity.Information) _json.Name("@l"u8).Value(OfSerilog[(int)record.Gravity]);
        WriteException("@x"u8, record.Exception);
        if (record.TraceId is not null) _json.Name("@tr"u8).Value(record.TraceId);
        if (record.SpanId is not null) _json.Name("@sp"u8).Value(record.SpanId);
        Fields(state, fields);
        _json.Name("SourceContext"u8).Value(record.Logger);
        if (record.EventId != 0) _json.Name("EventId"u8).Value(record.EventId);
        _json.Members(_origin);
    }

    private void WriteLogstash<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
    {
        _json.Name("@timestamp"u8).Value(record.Timestamp.UtcDateTime);
        _json.Name("@version"u8).Value("1");
        Text("message"u8, record.Message);
        _json.Name("level"u8).Value(OfLogstash[(int)record.Gravity]);
        _json.Name("logger_name"u8).Value(record.Logger);
        _json.Members(_origin);
        WriteException("stack_trace"u8, record.Exception);
        Fields(state, fields);
    }

    private void WriteMessagePassing(in LogRecord record)
    {
        _json.Name("name"u8).Value(_application ?? record.Logger);
        _json.Name("level"u8).Value(OfLogDispatch[(int)record.Gravity]);
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
            _json.Name("fields_failed"u8).Value(exception.GetType().Name);
        }
        if (_isFull) _json.Name("cut"u8).Value(true);
    }

    private void WriteException(ReadOnlySpan<byte> name, Exception? exception)
    {
        if (exception is not null) Text(name, Guarded(exception));
    }

    private void Text(ReadOnlySpan<byte> name, string? text)
    {
        _json.Name(name);
        TextValue(text);
    }

    private void TextValue(string? text)
    {
        if (text is { Length: > LongestText })
            text = string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, LongestText - (char.IsHighSurrogate(text[LongestText - 1]) ? 1 : 0))}… ({text.Length} characters)");
        if (text is null) _json.Null();
        else _json.Value(text);
    }

    private void Value(object? value, int depth)
    {
        switch (value)
        {
            case null: _json.Null(); break;
            case string text: TextValue(text); break;
            case bool flag: _json.Value(flag); break;
            case int number: _json.Value(number); break;
            case long number: _json.Value(number); break;
            case byte or sbyte or short or ushort or uint: _json.Value(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case ulong number: _json.Value(number); break;
            case decimal number: _json.Value(number); break;
            case double number when double.IsFinite(number): _json.Value(number); break;
            case float number when float.IsFinite(number): _json.Value(number); break;
            case DateTime time: _json.Value(time); break;
            case DateTimeOffset time: _json.Value(time); break;
            case Guid guid: _json.Value(guid); break;
            case JsonElement element: Element(element); break;
            case IDictionary map when depth < Deepest: Map(map, depth); break;
            case IEnumerable list when depth < Deepest: List(list, depth); break;
            default: TextValue(Guarded(value)); break;
        }
    }

    private void Element(JsonElement element)
    {
        try
        {
            _json.Value(element);
        }
        catch (Exception exception)
        {
            // Its document has been disposed, or it has none.
            _json.Value($"({nameof(JsonElement)} failed: {exception.GetType().Name})");
        }
    }

    private void Map(IDictionary map, int depth)
    {
        _json.BeginObject();
        try
        {
            var count = 0;
            foreach (DictionaryEntry entry in map)
            {
                if (++count > MostElements || IsFull()) break;
                _json.Name(Guarded(entry.Key));
                Value(entry.Value, depth + 1);
            }
        }
        catch (Exception exception)
        {
            _json.Name("failed"u8).Value(exception.GetType().Name);
        }
        _json.EndObject();
    }

    private void List(IEnumerable list, int depth)
    {
        _json.BeginArray();
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
            _json.Value(exception.GetType().Name);
        }
        _json.EndArray();
    }

    private bool IsFull() => _isFull |= _json.Length > MostBytes;

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
