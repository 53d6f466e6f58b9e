using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Hosting;

/// <summary>
/// The host's logs, for the node. Loggers of a <see cref="LoggerFactory"/> throw what its providers throw, for instance where a disk is full. A line is lost then, and no more: lines are written at any place, also where nobody is there who could
/// catch it.
/// </summary>
internal sealed class NodeLoggers(ILoggerFactory loggers) : ILoggerFactory
{
    /// <summary>Those of the host that has these services.</summary>
    public static NodeLoggers Of(IServiceProvider services) => new(services.GetRequiredService<ILoggerFactory>());

    public ILogger CreateLogger(string categoryName) => new Logger(loggers.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // They are the host's.
    }

    private sealed class Logger(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            try
            {
                return logger.BeginScope(state);
            }
            catch (Exception)
            {
                return null;
            }
        }

        public bool IsEnabled(LogLevel logLevel)
        {
            try
            {
                return logger.IsEnabled(logLevel);
            }
            catch (Exception)
            {
                return false;
            }
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            try
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
            catch (Exception)
            {
                // There is nowhere to say it.
            }
        }
    }
}
