using MessageRouter.Outputs;
using MessageRouter.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace MessageRouter.Cli.Running;

/// <summary>The host of a node: nothing in it but the node and its log, since the time to start matters.</summary>
internal static class NodeHost
{
    public static IHost Build(NodeDefinition node, RunSettings settings, Action<IServiceCollection> more)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = CommandLine.Program });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        AddLog(builder.Logging, settings);
        builder.Services.AddSingleton<ReopenSignal>();
        more(builder.Services);
        builder.Services.AddMessageRouter(node);
        return builder.Build();
    }

    private static void AddLog(ILoggingBuilder logging, RunSettings settings)
    {
        logging.SetMinimumLevel(settings.LogLevel);

        // The host says in stack traces what the command says better.
        logging.AddFilter("Microsoft", LogLevel.None);
        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = settings.JsonLog ? ConsoleFormatterNames.Json : TextLogFormatter.FormatterName;
        });
        if (settings.JsonLog) logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "O"));
        else logging.AddConsoleFormatter<TextLogFormatter, ConsoleFormatterOptions>();
    }

    /// <summary>Signals go to the node itself, which drains first.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
