using System.Collections;
using System.Text;
using System.Text.Json.Nodes;
using MessageRouter.Client;
using MessageRouter.Extensions.Logging;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NLog;
using NLog.Config;
using NLog.Layouts;
using NLog.Targets;
using NLog.Targets.MessageRouter;
using Serilog;
using Serilog.Events;

namespace MessageRouter.Tests.Client;

/// <summary>Whatever is wrong with an event, it is sent as far as it can be, else counted, and the application hears nothing of it.</summary>
public sealed class FailingEventsTests : IAsyncLifetime
{
    private readonly PullSocket _node = new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
    private readonly ClientMeasurements _measurements;

    public FailingEventsTests() => _measurements = new ClientMeasurements(_node.Endpoints[0]);

    [Fact]
    public async Task Nlogs_event_without_a_message_arrives_with_its_exception()
    {
        using var factory = NLog(new MessageRouterTarget(), out _);

        factory.GetLogger("shop").Error(new InvalidOperationException("boom"), (string)null!);
        factory.GetLogger("shop").Log(new LogEventInfo(global::NLog.LogLevel.Error, "shop", null!) { Parameters = [1], Exception = new InvalidOperationException("boom") });

        foreach (var line in await ReceiveAsync(2))
        {
            Assert.Contains("boom", (string?)line["exception"], StringComparison.Ordinal);
            Assert.DoesNotContain("template", line.Select(field => field.Key));
        }
    }

    [Fact]
    public async Task Nlogs_event_goes_without_what_of_its_context_cannot_be_made()
    {
        using var factory = NLog(new MessageRouterTarget { ContextProperties = { new TargetPropertyWithContext("user", new FailingLayout()) } }, out _);

        factory.GetLogger("shop").Info("{Id}", 7);

        Assert.Equal("""{"Id":7}""", (await ReceiveAsync(1))[0]["fields"]!.ToJsonString());
    }

    [Fact]
    public void Nlogs_event_whose_scope_cannot_be_read_is_counted_and_throws_nothing()
    {
        using var factory = NLog(new MessageRouterTarget { IncludeScopeProperties = true }, out var target);
        factory.ThrowExceptions = true;

        using (ScopeContext.PushProperties(new FailingState())) factory.GetLogger("shop").Info("m");

        Assert.Equal((0, 1), (target.Statistics!.Sent + target.Statistics.Waiting, target.Statistics.DroppedBecause(DropReason.Failed)));
    }

    [Fact]
    public async Task Serilogs_event_that_cannot_be_written_is_counted()
    {
        await using (var log = new LoggerConfiguration().WriteTo.MessageRouter(_node.Endpoints[0], tellLosses: false).CreateLogger())
        {
            log.Write(new LogEvent(default, LogEventLevel.Error, null, new Serilog.Events.MessageTemplate([]), [new LogEventProperty("Value", new FailingValue())]));
        }

        Assert.Equal(1, _measurements.Now().Where(series => series.Key.StartsWith("sent", StringComparison.Ordinal) || series.Key.StartsWith("dropped ", StringComparison.Ordinal)).Sum(series => series.Value));
    }

    [Fact]
    public async Task Event_of_a_logger_without_a_formatter_throws_nothing()
    {
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddMessageRouter(options => options.Endpoint = _node.Endpoints[0])).BuildServiceProvider();
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("shop");
        var provider = services.GetServices<ILoggerProvider>().OfType<MessageRouterLoggerProvider>().Single();

        log.Log(Microsoft.Extensions.Logging.LogLevel.Error, default, "state", new InvalidOperationException("boom"), null!);
        log.LogError(new InvalidOperationException("boom"), null);
        log.Log(Microsoft.Extensions.Logging.LogLevel.Error, default, new FailingState(), new InvalidOperationException("boom"), (_, _) => "made");

        Assert.All(await ReceiveAsync(3), line => Assert.Contains("boom", (string?)line["exception"], StringComparison.Ordinal));
        Assert.Equal(0, provider.Statistics.Dropped);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    private LogFactory NLog(MessageRouterTarget target, out MessageRouterTarget same)
    {
        same = target;
        (target.Name, target.Endpoint) = ("node", _node.Endpoints[0]);
        var factory = new LogFactory { ThrowConfigExceptions = true };
        var configuration = new LoggingConfiguration(factory);
        configuration.AddRule(global::NLog.LogLevel.Trace, global::NLog.LogLevel.Fatal, target);
        factory.Configuration = configuration;
        return factory;
    }

    private async Task<List<JsonObject>> ReceiveAsync(int count)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        var lines = new List<JsonObject>();
        while (lines.Count < count)
        {
            foreach (var message in await _node.ReceiveAsync(patience.Token)) lines.Add(JsonNode.Parse(Encoding.UTF8.GetString(message.Payload.Span))!.AsObject());
        }
        return lines;
    }

    private sealed class FailingLayout : Layout
    {
        protected override string GetFormattedMessage(LogEventInfo logEvent) => throw new NotSupportedException();
    }

    private sealed class FailingValue : LogEventPropertyValue
    {
        public override void Render(TextWriter output, string? format = null, IFormatProvider? formatProvider = null) => throw new NotSupportedException();
    }

    private sealed class FailingState : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 1;

        public KeyValuePair<string, object?> this[int index] => throw new NotSupportedException();

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
