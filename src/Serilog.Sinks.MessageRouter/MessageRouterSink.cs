using MessageRouter.Client;
using MessageRouter.Client.Logging;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;

namespace Serilog.Sinks.MessageRouter;

/// <summary>Writes each event on the thread that logs, and hands it to a client that sends it. What is lost is said in <see cref="SelfLog"/>.</summary>
internal sealed class MessageRouterSink : ILogEventSink, IDisposable, IAsyncDisposable
{
    private const string Logger = Constants.SourceContextPropertyName;

    private readonly MessageClient _client;
    private readonly LogShape _shape;
    private readonly string? _application;

    /// <exception cref="ArgumentException">An endpoint is none, or an option is out of range.</exception>
    public MessageRouterSink(string endpoint, LogShape shape, string? application, MessageClientOptions options)
    {
        _client = new MessageClient(endpoint, options);
        _shape = shape;
        _application = application;
        _client.Dropped += (_, dropped) => SelfLog.WriteLine("MessageRouter at {0}: {1} events were dropped, {2} in all.", _client.Endpoint, dropped.Count, dropped.Statistics.Dropped);
    }

    public void Emit(LogEvent logEvent)
    {
        var record = new LogRecord
        {
            Timestamp = logEvent.Timestamp,
            Gravity = (LogGravity)logEvent.Level,
            Logger = logEvent.Properties.TryGetValue(Logger, out var source) && source is ScalarValue { Value: string name } ? name : "",
            Message = logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture),
            Template = logEvent.MessageTemplate.Text,
            Exception = logEvent.Exception,
            TraceId = logEvent.TraceId?.ToHexString(),
            SpanId = logEvent.SpanId?.ToHexString(),
        };
        LogEventWriter.Send(_client, _shape, _application, record, logEvent, WriteFields);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static void WriteFields(LogEvent logEvent, LogEventWriter writer)
    {
        foreach (var (name, value) in logEvent.Properties)
        {
            if (name != Logger) writer.Field(name, Plain(value));
        }
    }

    private static object? Plain(LogEventPropertyValue value) => value switch
    {
        ScalarValue scalar => scalar.Value,
        SequenceValue sequence => sequence.Elements.Select(Plain),
        StructureValue structure => structure.Properties.ToDictionary(property => property.Name, property => Plain(property.Value)),
        DictionaryValue map => map.Elements.ToDictionary(element => element.Key.Value?.ToString() ?? "", element => Plain(element.Value)),
        _ => value.ToString(),
    };
}
