using System.Text;
using System.Text.Json;
using MessageRouter.Client.Logging;
using MessageRouter.Extensions.Logging;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NLog.Config;
using NLog.Targets.MessageRouter;
using Serilog;

namespace MessageRouter.Tests.Client;

/// <summary>An event that was cut, or of which something failed, is counted once, however often that happens in it.</summary>
public sealed class EventFlawsTests : IAsyncLifetime
{
    private readonly PullSocket _node = new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
    private readonly ClientMeasurements _measurements;

    public EventFlawsTests() => _measurements = new ClientMeasurements(_node.Endpoints[0]);

    public static TheoryData<string, object?, bool, bool> Values => new()
    {
        { "a text", "x", false, false },
        { "an empty list", new List<object?>(), false, false },
        { "a hundred elements", Enumerable.Range(0, 100).ToList(), false, false },
        { "a text that is too long", new string('x', 40_000), true, false },
        { "more elements than are written", Enumerable.Range(0, 101).ToList(), true, false },
        { "lists that are too deep", Nested(6), true, false },
        { "an element that is too long", JsonDocument.Parse($"\"{new string('y', 40_000)}\"").RootElement, true, false },
        { "a name that is too long", new Dictionary<string, object?> { [new string('n', 2000)] = 1 }, true, false },
        { "more than fits", Enumerable.Range(0, 50).Select(_ => new string('z', 30_000)).ToList(), true, false },
        { "what throws", new Throwing(), false, true },
        { "a list that throws", Enumerable.Range(0, 2).Select(n => 1 / n), false, true },
        { "an element without a document", default(JsonElement), false, true },
        { "a key that throws", new Dictionary<Throwing, int> { [new Throwing()] = 1 }, false, true },
        { "both, twice", new object[] { new Throwing(), new Throwing(), new string('x', 40_000), new string('x', 40_000) }, true, true },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void An_event_counts_as_what_became_of_it(string what, object? value, bool isCut, bool hasFailed)
    {
        foreach (var shape in (LogShape[])[LogShape.MessageRouter, LogShape.Clef, LogShape.Logstash])
        {
            var flaws = new EventFlaws();

            Write(shape, flaws, value);
            Write(shape, flaws, 1);

            Assert.True((isCut ? 1 : 0, hasFailed ? 1 : 0) == (flaws.Cut, flaws.Failed), $"{what}, {shape}: {flaws.Cut} cut, {flaws.Failed} failed");
        }
    }

    [Fact]
    public async Task Statistics_and_meter_of_the_client_have_those_of_the_provider_written_at_once_or_when_they_leave()
    {
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddMessageRouter(_node.Endpoints[0]).AddMessageRouter(options => options.Linger = TestNode.Patience)).BuildServiceProvider();
        var logger = services.GetRequiredService<ILogger<EventFlawsTests>>();
        var many = Enumerable.Range(0, 2000).Select(n => KeyValuePair.Create($"f{n}", (object?)n));

        logger.LogInformation("{Fine}", 1);
        logger.LogInformation("{Long}", new string('x', 40_000));
        logger.LogInformation("too few {A} {B}", [1]);
        logger.Log(LogLevel.Information, default, 1, null, (_, _) => throw new NotSupportedException());
        logger.Log(LogLevel.Information, default, many, null, (_, _) => "more fields than are written");
        using (logger.BeginScope(many)) logger.LogInformation("more fields of a scope than are written");
        var lines = await ReceiveAsync(6);

        Assert.Equal(2, lines.Count(line => line.Contains("\"cut\":true", StringComparison.Ordinal)));
        var provider = services.GetServices<ILoggerProvider>().OfType<MessageRouterLoggerProvider>().Single();
        Assert.Equal((3, 2), (provider.Statistics.EventsCut, provider.Statistics.EventsWithFailures));
        Assert.Equal((3, 2), (_measurements.Now()["events_cut"], _measurements.Now()["events_with_failures"]));
    }

    [Fact]
    public async Task Serilogs_sink_and_nlogs_target_count_in_the_same_place()
    {
        await using var log = new LoggerConfiguration().WriteTo.MessageRouter(_node.Endpoints[0], linger: TestNode.Patience).CreateLogger();
        using var factory = new NLog.LogFactory();
        var configuration = new LoggingConfiguration(factory);
        var target = new MessageRouterTarget { Name = "node", Endpoint = _node.Endpoints[0], Linger = TestNode.Patience };
        configuration.AddRuleForAllLevels(target);
        factory.Configuration = configuration;

        log.Information("{Long}", new string('x', 40_000));
        factory.GetLogger("shop").Info("{Long}", new string('x', 40_000));
        factory.GetLogger("shop").WithProperty("Broken", new Throwing()).Info("broken");
        await ReceiveAsync(3);

        Assert.Equal((2, 1), (_measurements.Now()["events_cut"], _measurements.Now()["events_with_failures"]));
        Assert.Equal((1, 1), (target.Statistics!.EventsCut, target.Statistics.EventsWithFailures));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    private static void Write(LogShape shape, EventFlaws flaws, object? value) =>
        LogEventWriter.Write(shape, "app", new LogRecord { Timestamp = default, Gravity = default, Logger = "l", Message = "m" }, value, (state, writer) => writer.Field("Value", state), flaws);

    private static List<object?> Nested(int depth) => depth == 0 ? [] : [Nested(depth - 1)];

    private async Task<List<string>> ReceiveAsync(int count)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        var lines = new List<string>();
        while (lines.Count < count)
        {
            foreach (var message in await _node.ReceiveAsync(patience.Token)) lines.Add(Encoding.UTF8.GetString(message.Payload.Span));
        }
        return lines;
    }

    private sealed class Throwing
    {
        public override string ToString() => throw new NotSupportedException();
    }
}
