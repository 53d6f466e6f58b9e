using System.Collections.Frozen;
using System.Text;

namespace MessageRouter.Client.Logging;

/// <summary>
/// Writes log events as JSON, one after the other, into memory that is used again. Whatever an application puts into one, it becomes an event: what throws,
/// has no end or is too long is said in its place.
/// </summary>
internal sealed class LogEventWriter
{
    private const int MostKept = 64 << 10;

    private static readonly byte[][] Ours = Levels("trace", "debug", "info", "warning", "error", "critical");
    private static readonly byte[][] OfSerilog = Levels("Verbose", "Debug", "Information", "Warning", "Error", "Fatal");
    private static readonly byte[][] OfLogstash = Levels("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");

    /// <summary>Log::Dispatch has no level below debug.</summary>
    private static readonly byte[][] OfLogDispatch = Levels("debug", "debug", "info", "warning", "error", "critical");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NamesOfLogstash = FrozenSet.ToFrozenSet(
    [
        "@timestamp", "@version", "message", "level", "logger_name", "host", "application", "process", "template", "event_id", "event_name", "trace_id", "span_id", "stack_trace", LossNote.Name,
    ]).GetAlternateLookup<ReadOnlySpan<char>>();

    [ThreadStatic]
    private static LogEventWriter? _kept;

    private readonly JsonText _json = new();
    private readonly EventTime _time = new();
    private readonly LogValueWriter _values;
    private readonly LogShape _shape;
    private readonly string? _application;

    /// <summary>Machine, application and process, as two of the shapes have them.</summary>
    private readonly byte[] _origin;

    /// <param name="shape">What an event looks like.</param>
    /// <param name="application">The name of the application; null for none.</param>
    private LogEventWriter(LogShape shape, string? application)
    {
        _values = new LogValueWriter(_json);
        _shape = shape;
        _application = application;
        Whole("host"u8, Environment.MachineName);
        if (application is not null) Whole("application"u8, application);
        Number("process"u8, Environment.ProcessId);
        _origin = _json.Written.ToArray();
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
        where TState : allows ref struct
    {
        var writer = _kept is { } kept && kept._shape == shape && kept._application == application ? kept : new LogEventWriter(shape, application);

        // What is logged while this event is written, by a ToString for example, has a writer of its own.
        _kept = null;
        var written = writer.Write(record, state, fields, flaws);
        if (writer._json.Capacity <= MostKept) _kept = writer;
        return written;
    }

    private ReadOnlyMemory<byte> Write<TState>(in LogRecord record, TState state, WriteFields<TState> fields, EventFlaws? flaws)
        where TState : allows ref struct
    {
        _json.Clear();
        _values.Begin();
        _json.Open('{');
        switch (_shape)
        {
            case LogShape.Clef: WriteClef(record, state, fields); break;
            case LogShape.Logstash: WriteLogstash(record, state, fields); break;
            case LogShape.MessagePassing: WriteMessagePassing(record); break;
            default: WriteOurs(record, state, fields); break;
        }
        _json.Close('}');
        if (_values.WasCut || _values.HasFailed || record.HasFailed) flaws?.Add(_values.WasCut, _values.HasFailed || record.HasFailed);
        _values.Begin();
        return _json.Written;
    }

    /// <summary>Writes one field of the event, unless it has been written already: the first value of a name counts.</summary>
    public void Field(string? name, object? value)
    {
        if (_values.IsFull()) return;
        name = _values.Name(name);
        if (_shape != LogShape.MessageRouter) name = BesideTheShapes(name);
        if (!_values.Names.TryAdd(name)) return;
        _json.Name(name);
        _values.Value(value);
    }

    /// <summary>The same of a name that is known to be one as it is.</summary>
    /// <param name="name">The name.</param>
    /// <param name="encoded">The name as JSON has it.</param>
    /// <param name="value">The value.</param>
    /// <param name="written">The value as JSON has it, where it has been written already.</param>
    public void Field(string name, ReadOnlySpan<byte> encoded, object? value, ReadOnlySpan<byte> written)
    {
        if (_shape != LogShape.MessageRouter)
        {
            Field(name, value);
        }
        else if (!_values.IsFull() && _values.Names.TryAdd(name))
        {
            _json.Name(encoded);
            if (written.IsEmpty) _values.Value(value);
            else _json.Raw(written);
        }
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
        where TState : allows ref struct
    {
        Time("timestamp"u8, record);
        Plain("level"u8, Ours[(int)record.Gravity]);
        Message("message"u8, record);
        if (!record.SaysItsTemplate) Template("template"u8, record);
        _json.Name("fields"u8);
        _json.Open('{');
        Fields(state, fields);
        _json.Close('}');
        WriteException("exception"u8, record.Exception);
        if (record.EventId != 0 || record.EventName is not null)
        {
            _json.Name("event"u8);
            _json.Open('{');
            Number("id"u8, record.EventId);
            TextIfAny("name"u8, record.EventName);
            _json.Close('}');
        }
        TextIfAny("trace"u8, record.TraceId);
        TextIfAny("span"u8, record.SpanId);
        _json.Raw(_origin);
        if (record.Logger is { Length: > 0 }) Text("logger"u8, record.Logger);
    }

    private void WriteClef<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
        where TState : allows ref struct
    {
        Time("@t"u8, record);
        Template("@mt"u8, record);
        if (record.Template is null || record.HasOwnMessage) Message("@m"u8, record);

        // Information is what is meant where nothing stands.
        if (record.Gravity != LogGravity.Information) Plain("@l"u8, OfSerilog[(int)record.Gravity]);
        WriteException("@x"u8, record.Exception);
        TextIfAny("@tr"u8, record.TraceId);
        TextIfAny("@sp"u8, record.SpanId);
        Fields(state, fields);

        // These are no names of CLEF's: what the event has of them itself is what is meant.
        if (record.Logger is { Length: > 0 } && IsMissing("SourceContext")) Text("SourceContext"u8, record.Logger);
        if (record.EventId != 0 && IsMissing("EventId")) Number("EventId"u8, record.EventId);
        if (IsMissing("EventName")) TextIfAny("EventName"u8, record.EventName);
        if (IsMissing("MachineName")) Whole("MachineName"u8, Environment.MachineName);
        if (_application is not null && IsMissing("Application")) Whole("Application"u8, _application);
        if (IsMissing("ProcessId")) Number("ProcessId"u8, Environment.ProcessId);

        bool IsMissing(string name) => !_values.Names.Has(name);
    }

    private void WriteLogstash<TState>(in LogRecord record, TState state, WriteFields<TState> fields)
        where TState : allows ref struct
    {
        Time("@timestamp"u8, record);
        Plain("@version"u8, "1"u8);
        Message("message"u8, record);
        Plain("level"u8, OfLogstash[(int)record.Gravity]);
        if (record.Logger is { Length: > 0 }) Text("logger_name"u8, record.Logger);
        _json.Raw(_origin);
        if (!record.SaysItsTemplate) Template("template"u8, record);
        if (record.EventId != 0) Number("event_id"u8, record.EventId);
        TextIfAny("event_name"u8, record.EventName);
        TextIfAny("trace_id"u8, record.TraceId);
        TextIfAny("span_id"u8, record.SpanId);
        WriteException("stack_trace"u8, record.Exception);
        Fields(state, fields);
    }

    private void WriteMessagePassing(in LogRecord record)
    {
        Whole("name"u8, _application ?? record.Logger ?? "");
        Plain("level"u8, OfLogDispatch[(int)record.Gravity]);
        if (record.Exception is null) Message("message"u8, record);
        else Text("message"u8, $"{record.Message}\n{_values.Guarded(record.Exception)}");
    }

    private void Fields<TState>(TState state, WriteFields<TState> fields)
        where TState : allows ref struct
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
        _json.Flag(true);
    }

    private void WriteException(ReadOnlySpan<byte> name, Exception? exception)
    {
        if (exception is not null) Text(name, _values.Guarded(exception));
    }

    private void Message(ReadOnlySpan<byte> name, in LogRecord record)
    {
        if (!record.IsEncoded) Text(name, record.Message);
        else Plain(name, record.EncodedMessage.Span);
    }

    private void Template(ReadOnlySpan<byte> name, in LogRecord record)
    {
        if (record.IsEncoded) Plain(name, record.EncodedTemplate.Span);
        else TextIfAny(name, record.Template);
    }

    private void Time(ReadOnlySpan<byte> name, in LogRecord record) => Plain(name, _time.Text(record.Timestamp.UtcDateTime));

    private void TextIfAny(ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null) Text(name, text);
    }

    private void Text(ReadOnlySpan<byte> name, string? text)
    {
        _json.Name(name);
        _values.Text(text);
    }

    /// <summary>A text that is not cut, however long it is.</summary>
    private void Whole(ReadOnlySpan<byte> name, string text)
    {
        _json.Name(name);
        _json.Text(text);
    }

    private void Number(ReadOnlySpan<byte> name, int number)
    {
        _json.Name(name);
        _json.Number(number);
    }

    /// <summary>A text in which nothing is to be escaped any more.</summary>
    private void Plain(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        _json.Name(name);
        _json.Quoted(text);
    }

    private static byte[][] Levels(params string[] names) => [.. names.Select(Encoding.ASCII.GetBytes)];
}
