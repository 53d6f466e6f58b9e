using BenchmarkDotNet.Attributes;
using MessageRouter.Benchmarks.Wire;
using MessageRouter.Client;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NLog.Config;
using NLog.Targets;
using NLog.Targets.Wrappers;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>
/// What an application waits for when it logs: a call of the client with a ready payload of 200 B, and an event with four fields by ILogger, beside NLog's asynchronous
/// file target. Somebody reads at the other end, in the same process and on the same two processors; or nobody is there, and all that has no room is dropped.
/// </summary>
[MemoryDiagnoser, ShortRunJob]
public partial class LoggingCalls
{
    private readonly byte[] _payload = Payload.Json(200);
    private readonly CancellationTokenSource _end = new();
    private PullSocket _node = null!;
    private MessageClient _client = null!;
    private ServiceProvider _services = null!;
    private ILogger _logger = null!;
    private NLog.LogFactory _nlog = null!;
    private NLog.Logger _file = null!;

    [Params(true, false)]
    public bool NodeIsThere { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        _node = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        var endpoint = NodeIsThere ? _node.Endpoints[0] : "tcp://127.0.0.1:9";
        _ = Task.Run(async () =>
        {
            await foreach (var batch in _node.ReadAllAsync(_end.Token))
            {
                // Read, as a node does.
            }
        });
        _client = new MessageClient(endpoint, new MessageClientOptions { CapacityBytes = 256 << 20, Capacity = 1_000_000 });
        _services = new ServiceCollection().AddLogging(logging => logging.AddMessageRouter(options =>
        {
            options.Endpoint = endpoint;
            options.Application = "bench";
        })).BuildServiceProvider();
        _logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger("bench");
        var target = new AsyncTargetWrapper(new FileTarget { FileName = Path.Combine(Path.GetTempPath(), "logging-calls.log"), KeepFileOpen = true, Layout = "${longdate}|${level}|${message}" }, 10_000, AsyncTargetWrapperOverflowAction.Discard);
        _nlog = new NLog.LogFactory();
        var configuration = new LoggingConfiguration(_nlog);
        configuration.AddRule(NLog.LogLevel.Trace, NLog.LogLevel.Fatal, target);
        _nlog.Configuration = configuration;
        _file = _nlog.GetLogger("bench");
    }

    [GlobalCleanup]
    public async Task EndAsync()
    {
        await _client.DisposeAsync();
        await _services.DisposeAsync();
        _nlog.Shutdown();
        File.Delete(Path.Combine(Path.GetTempPath(), "logging-calls.log"));
        await _end.CancelAsync();
        await _node.DisposeAsync();
    }

    [Benchmark]
    public bool TrySend() => _client.TrySend(_payload);

    [Benchmark]
    public void LoggerMessage() => Took(_logger, 7, "ann", 3.5, true);

    [Benchmark]
    public void LogInformation() => _logger.LogInformation("order {Order} of {Customer} took {Elapsed} ms, {Paid}", 7, "ann", 3.5, true);

    [Benchmark]
    public void NLogAsyncFile() => _file.Info("order {Order} of {Customer} took {Elapsed} ms, {Paid}", 7, "ann", 3.5, true);

    [LoggerMessage(Level = LogLevel.Information, Message = "order {Order} of {Customer} took {Elapsed} ms, {Paid}")]
    private static partial void Took(ILogger logger, int order, string customer, double elapsed, bool paid);
}
