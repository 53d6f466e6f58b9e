using System.Collections;
using System.Globalization;
using MessageRouter.Client;
using MessageRouter.Client.Logging;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;

namespace Serilog.Sinks.MessageRouter;

/// <summary>
/// Hands each event to a client that sends it: what cannot change any more is written when it leaves, everything else on the thread that logs. What is lost is said in
/// <see cref="SelfLog"/>.
/// </summary>
internal sealed class MessageRouterSink : ILogEventSink, IDisposable, IAsyncDisposable
{
    private const string Logger = Constants.SourceContextPropertyName;

    /// <summary>What an event that waits takes beside its values.</summary>
    private const int Overhead = 512;

    private readonly MessageClient _client;
    private readonly LogShape _shape;
    private readonly string? _application;
    private readonly IFormatProvider _format;

    /// <exception cref="ArgumentException">The endpoint is none, or an option is out of range.</exception>
    public MessageRouterSink(string endpoint, LogShape shape, string? application, MessageClientOptions options, IFormatProvider? formatProvider = null)
    {
        LoggingChecks.Check(shape, options.Linger);
        _client = new MessageClient(endpoint, options);
        _shape = shape;
        _application = application;

        // A culture is one of its own from here on; what somebody else has written may do as it likes, and is asked on the thread that logs.
        _format = formatProvider is CultureInfo culture && culture.GetType() == typeof(CultureInfo) ? CultureInfo.ReadOnly(culture) : formatProvider ?? CultureInfo.InvariantCulture;
        _client.ConnectionFailed += (_, failed) => SelfLog.WriteLine("MessageRouter at {0} cannot be reached: {1}", failed.Endpoint, failed.Reason);
        _client.Dropped += (_, dropped) => SelfLog.WriteLine("MessageRouter at {0}: {1} events were dropped, {2} in all.", _client.Endpoint, dropped.Count, dropped.Statistics.Dropped);
    }

    public void Emit(LogEvent logEvent)
    {
        if (!_client.MayTake(Overhead)) return;
        try
        {
            if (MayWait(logEvent, out var size)) _client.TryDefer(new DeferredEvent(this, logEvent, size));
            else _client.TrySend(Write(logEvent, _client.Flaws).Span);
        }
        catch (Exception exception)
        {
            _client.CountFailed();
            SelfLog.WriteLine("MessageRouter at {0}: An event could not be written: {1}", _client.Endpoint, exception);
        }
    }

    public void Dispose() => Closing.Wait(DisposeAsync(), _client.Linger);

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    /// <summary>Whether nothing of an event can change: sinks may keep events, but not what somebody has put into one.</summary>
    private bool MayWait(LogEvent logEvent, out int size)
    {
        size = Overhead;

        // The trace of an exception grows while it is thrown on.
        if (logEvent.Exception is not null || _format is not CultureInfo { IsReadOnly: true }) return false;
        foreach (var (_, value) in logEvent.Properties)
        {
            if (value is not ScalarValue scalar || !Unchanging.Is(scalar.Value, ref size)) return false;
        }
        return true;
    }

    private ReadOnlyMemory<byte> Write(LogEvent logEvent, EventFlaws flaws)
    {
        var record = new LogRecord
        {
            Timestamp = logEvent.Timestamp,
            Gravity = (LogGravity)Math.Clamp((int)logEvent.Level, (int)LogGravity.Trace, (int)LogGravity.Critical),
            Logger = logEvent.Properties.TryGetValue(Logger, out var source) && source is ScalarValue { Value: string name } ? name : null,
            Message = Message(logEvent, out var hasFailed),
            HasFailed = hasFailed,
            Template = logEvent.MessageTemplate.Text,
            Exception = logEvent.Exception,
            TraceId = logEvent.TraceId?.ToHexString(),
            SpanId = logEvent.SpanId?.ToHexString(),
        };
        return LogEventWriter.Write(_shape, _application, record, logEvent, WriteFields, flaws);
    }

    private string Message(LogEvent logEvent, out bool hasFailed)
    {
        hasFailed = false;
        try
        {
            return logEvent.RenderMessage(_format);
        }
        catch (Exception exception)
        {
            hasFailed = true;
            return $"(the message could not be made: {exception.GetType().Name})";
        }
    }

    private static void WriteFields(LogEvent logEvent, LogEventWriter writer)
    {
        foreach (var (name, value) in logEvent.Properties)
        {
            if (name != Logger || value is not ScalarValue { Value: string }) writer.Field(name, Plain(value, writer));
        }
    }

    private static object? Plain(LogEventPropertyValue value, LogEventWriter writer) => value switch
    {
        ScalarValue scalar => scalar.Value,
        SequenceValue sequence => new Parts<object?>(sequence, sequence.Elements.Select(element => Plain(element, writer))),
        StructureValue structure => new Parts<KeyValuePair<string, object?>>(structure, structure.Properties.Select(property => KeyValuePair.Create(property.Name, Plain(property.Value, writer)))),
        DictionaryValue map => new Parts<KeyValuePair<string, object?>>(map, map.Elements.Select(element => KeyValuePair.Create(writer.Guarded(element.Key.Value ?? ""), Plain(element.Value, writer)))),
        _ => value.ToString(),
    };

    /// <summary>What a value consists of; where it stands too deep for that it is the text that Serilog has for it.</summary>
    private sealed class Parts<T>(LogEventPropertyValue value, IEnumerable<T> parts) : IEnumerable<T>
    {
        public IEnumerator<T> GetEnumerator() => parts.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => value.ToString();
    }

    private readonly struct DeferredEvent(MessageRouterSink sink, LogEvent logEvent, int size) : IDeferredMessage
    {
        public int Size => size;

        public ReadOnlyMemory<byte> Write(EventFlaws flaws) => sink.Write(logEvent, flaws);
    }
}
