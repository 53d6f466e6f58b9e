using MessageRouter.Hosting;
using MessageRouter.Outputs;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Hosting;

/// <summary>A host whose log throws at each line, as one does whose disk is full.</summary>
public sealed class ThrowingLogTests
{
    [Fact]
    public async Task A_log_of_the_host_that_throws_stops_no_part_of_the_node()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(new ThrowingProvider());
        builder.Services.AddMessageRouter(Describe);
        using var host = builder.Build();
        await host.StartAsync();
        var node = host.Services.GetRequiredService<RouterNode>();

        await host.Services.GetRequiredService<RecordedMessages>().WaitForAsync("outputs.sink", 7).WaitAsync(TestNode.Patience);
        Assert.True((await node.ReloadAsync(node.Definition with { Components = [.. node.Definition.Components.Where(component => component.Name != "away")] })).ChangesAnything);
        await host.StopAsync();

        var filter = node.Status().Components.Single(component => component.Name == "filters.odd");
        Assert.Equal((10, 7, 3, "ended"), (filter.In, filter.Out, filter.Failed, filter.State));
        Assert.True(node.Status().Balanced);
    }

    private static void Describe(RouterBuilder router) => router
        .Input("in", "generator", new { Count = 10, Rate = 0, Template = """{"n":%{seq}}""" }, "odd")
        .Filter("odd", message => (int)message["n"]! % 3 == 2 ? throw new InvalidOperationException("no") : message, to: "sink")
        .Input("away", "zeromq", new { SocketType = "pull", Connect = "tcp://127.0.0.1:1" }, "sink")
        .Output("sink", "test");

    private sealed class ThrowingProvider : ILoggerProvider, ILogger
    {
        private bool _isOfHost;

        public ILogger CreateLogger(string categoryName) => new ThrowingProvider { _isOfHost = categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) };

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!_isOfHost) throw new IOException("No space left on device");
        }

        public void Dispose()
        {
        }
    }
}
