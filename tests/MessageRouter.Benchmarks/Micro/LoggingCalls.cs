using BenchmarkDotNet.Attributes;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>
/// What an application waits for when it logs as fast as it can: a call of the client with a ready payload of 200 B, and an event with four fields by ILogger, beside the
/// asynchronous file sinks of NLog and Serilog. Somebody reads at the other end, in the same process and on the same two processors; or nobody is there, and all that has no
/// room is dropped. What calls cost that come seldom enough for nothing to be dropped says the command <c>calls</c>.
/// </summary>
[MemoryDiagnoser, ShortRunJob]
public class LoggingCalls
{
    private LoggingApplication _application = null!;

    [Params(true, false)]
    public bool NodeIsThere { get; set; }

    [GlobalSetup]
    public void Begin() => _application = new LoggingApplication(NodeIsThere, 1_000_000, 256 << 20);

    [GlobalCleanup]
    public async Task EndAsync() => await _application.DisposeAsync();

    [Benchmark]
    public bool TrySend() => _application.TrySend();

    [Benchmark]
    public void LoggerMessage() => _application.LoggerMessage();

    [Benchmark]
    public void LogInformation() => _application.LogInformation();

    [Benchmark]
    public void NLogAsyncFile() => _application.NLogAsyncFile();

    [Benchmark]
    public void SerilogAsyncFile() => _application.SerilogAsyncFile();
}
