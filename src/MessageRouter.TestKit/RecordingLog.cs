using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace MessageRouter.TestKit;

/// <summary>Keeps log lines for a test to look at, and shows them in its output.</summary>
internal sealed class RecordingLog(ITestOutputHelper? output = null) : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyCollection<LogLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(_lines, output, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<LogLine> lines, ITestOutputHelper? output, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = new LogLine(logLevel, category, formatter(state, exception));
            lines.Enqueue(line);
            output?.WriteLine($"{line.Level} {line.Category}: {line.Text}{(exception is null ? "" : $"{Environment.NewLine}{exception}")}");
        }
    }
}
