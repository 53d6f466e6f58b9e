using MessageRouter.Benchmarks.Wire;
using MessageRouter.Client;
using MessageRouter.Extensions.Logging;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NLog.Config;
using NLog.Targets;
using NLog.Targets.Wrappers;
using Serilog;
using Serilog.Sinks.OpenTelemetry;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>An application that logs in each of the ways that are compared, and who reads what it sends, in the same process.</summary>
internal sealed partial class LoggingApplication : IAsyncDisposable
{
    /// <summary>What the sinks that send by HTTP wait for a batch to become full.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly byte[] _payload = Payload.Json(200);
    private readonly string _folder = Directory.CreateTempSubdirectory("logging-calls-").FullName;
    private readonly CancellationTokenSource _end = new();
    private readonly PullSocket _node = new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
    private readonly MessageClient _client;
    private readonly ServiceProvider _services;
    private readonly MessageRouterLoggerProvider _provider;
    private readonly ILogger _logger;
    private readonly NLog.LogFactory _nlog = new();
    private readonly NLog.Logger _nlogFile;
    private readonly Serilog.Core.Logger _serilogFile;
    private readonly EventCollector _collector = new("took {Elapsed} ms"u8.ToArray());
    private readonly Serilog.Core.Logger _serilogSeq;
    private readonly Serilog.Core.Logger _serilogOtlp;
    private long _collected;

    public LoggingApplication(bool nodeIsThere, int capacity, long capacityBytes)
    {
        var endpoint = nodeIsThere ? _node.Endpoints[0] : "tcp://127.0.0.1:9";
        _ = Task.Run(async () =>
        {
            await foreach (var batch in _node.ReadAllAsync(_end.Token))
            {
                // Read, as a node does.
            }
        });
        _client = new MessageClient(endpoint, new MessageClientOptions { Capacity = capacity, CapacityBytes = capacityBytes, Linger = TimeSpan.Zero });
        _services = new ServiceCollection().AddLogging(logging => logging.AddMessageRouter(options =>
        {
            options.Endpoint = endpoint;
            options.Application = "bench";
            options.Capacity = capacity;
            options.CapacityBytes = capacityBytes;
            options.Linger = TimeSpan.Zero;
        })).BuildServiceProvider();
        _provider = _services.GetServices<ILoggerProvider>().OfType<MessageRouterLoggerProvider>().Single();
        _logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger("bench");
        var target = new FileTarget { FileName = Path.Combine(_folder, "nlog.log"), KeepFileOpen = true, Layout = "${longdate}|${level}|${message}" };
        var configuration = new LoggingConfiguration(_nlog);
        configuration.AddRule(NLog.LogLevel.Trace, NLog.LogLevel.Fatal, new AsyncTargetWrapper(target, 10_000, AsyncTargetWrapperOverflowAction.Discard));
        _nlog.Configuration = configuration;
        _nlogFile = _nlog.GetLogger("bench");
        _serilogFile = new LoggerConfiguration().WriteTo.Async(sinks => sinks.File(Path.Combine(_folder, "serilog.log"), buffered: true), 10_000, blockWhenFull: false).CreateLogger();
        var address = nodeIsThere ? _collector.Address : "http://127.0.0.1:9/";
        _serilogSeq = new LoggerConfiguration().WriteTo.Seq(address, queueSizeLimit: capacity, period: Pause).CreateLogger();
        _serilogOtlp = new LoggerConfiguration().WriteTo.OpenTelemetry(options =>
        {
            options.Endpoint = $"{address}v1/logs";
            options.Protocol = OtlpProtocol.HttpProtobuf;
            options.BatchingOptions.QueueLimit = capacity;
            options.BatchingOptions.BufferingTimeLimit = Pause;
        }).CreateLogger();
    }

    public bool TrySend() => _client.TrySend(_payload);

    public void LoggerMessage() => Took(_logger, 7, "ann", 3.5, true);

    public void LogInformation() => _logger.LogInformation("order {Order} of {Customer} took {Elapsed} ms, {Paid}", 7, "ann", 3.5, true);

    public void NLogAsyncFile() => _nlogFile.Info("order {Order} of {Customer} took {Elapsed} ms, {Paid}", 7, "ann", 3.5, true);

    public void SerilogAsyncFile() => _serilogFile.Information("order {Order} of {Customer} took {Elapsed} ms, {Paid}", 7, "ann", 3.5, true);

    public void SerilogSeq() => _serilogSeq.Information("order {Order} of {Customer} took {Elapsed} ms, {Paid}", 7, "ann", 3.5, true);

    public void SerilogOtlp() => _serilogOtlp.Information("order {Order} of {Customer} took {Elapsed} ms, {Paid}", 7, "ann", 3.5, true);

    /// <summary>What was sent by the client, and by the provider of <see cref="ILogger"/>, and what has come by HTTP.</summary>
    public long Sent => _client.Statistics.Sent + _provider.Statistics.Sent + _collector.Events;

    /// <summary>Waits until nothing waits any more.</summary>
    /// <param name="byHttp">How many more events are to come by HTTP.</param>
    public async Task RestAsync(long byHttp)
    {
        _collected += byHttp;
        while (_client.Statistics.Waiting + _provider.Statistics.Waiting > 0 || _collector.Events < _collected) await Task.Delay(1);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _services.DisposeAsync();
        _nlog.Shutdown();
        await _serilogFile.DisposeAsync();
        await _serilogSeq.DisposeAsync();
        await _serilogOtlp.DisposeAsync();
        _collector.Dispose();
        await _end.CancelAsync();
        await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "order {Order} of {Customer} took {Elapsed} ms, {Paid}")]
    private static partial void Took(ILogger logger, int order, string customer, double elapsed, bool paid);
}
