using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MessageRouter.Client.Logging;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Configuration;
using NLog;
using NLog.Config;
using NLog.Targets.MessageRouter;
using Serilog;

namespace MessageRouter.Tests.Client;

/// <summary>Serilog's sink and NLog's target, by the conventions of each.</summary>
public sealed class LoggingLibrariesTests : IAsyncLifetime
{
    private readonly PullSocket _node = new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
    private readonly Queue<string> _received = [];

    [Fact]
    public async Task Serilogs_events_arrive_with_their_properties()
    {
        await using var log = new LoggerConfiguration().WriteTo.MessageRouter(_node.Endpoints[0], application: "shop", linger: TestNode.Patience).CreateLogger();

        log.ForContext("SourceContext", "Shop.Orders").ForContext("Tags", new[] { "a", "b" }).Warning(new InvalidOperationException("boom"), "order {Order} of {@Customer}", 7, new { Name = "ann", Age = 3 });

        var line = await NextAsync();
        Assert.Equal(("warning", "Shop.Orders", "shop"), ((string?)line["level"], (string?)line["logger"], (string?)line["application"]));
        Assert.Equal("order {Order} of {@Customer}", (string?)line["template"]);
        Assert.Equal("""{"Order":7,"Customer":{"Name":"ann","Age":3},"Tags":["a","b"]}""", line["fields"]!.ToJsonString());
        Assert.Contains("boom", (string?)line["exception"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serilogs_sink_is_set_up_by_a_configuration()
    {
        var configuration = new ConfigurationManager();
        configuration["Serilog:Using:0"] = "Serilog.Sinks.MessageRouter";
        configuration["Serilog:WriteTo:0:Name"] = "MessageRouter";
        configuration["Serilog:WriteTo:0:Args:endpoint"] = _node.Endpoints[0];
        configuration["Serilog:WriteTo:0:Args:shape"] = "Clef";
        await using var log = new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger();

        log.Information("hello {Who}", "you");

        var line = await NextAsync();
        Assert.Equal(("hello {Who}", "you"), ((string?)line["@mt"], (string?)line["Who"]));
    }

    [Fact]
    public async Task Serilogs_message_is_made_with_the_format_provider_and_its_fields_stay_values()
    {
        var culture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        await using var log = new LoggerConfiguration().WriteTo.MessageRouter(_node.Endpoints[0], linger: TestNode.Patience, formatProvider: culture).CreateLogger();
        await using var own = new LoggerConfiguration().WriteTo.MessageRouter(_node.Endpoints[0], linger: TestNode.Patience, formatProvider: new Failing()).CreateLogger();

        log.Information("{Elapsed} ms", 3.5);
        culture.NumberFormat.NumberDecimalSeparator = ";";
        Assert.Equal(("3,5 ms", 3.5), await NextAsync() is var line ? ((string?)line["message"], (double?)line["fields"]!["Elapsed"]) : default);
        log.Information("{Elapsed} ms", 4.5);
        Assert.Equal("4,5 ms", (string?)(await NextAsync())["message"]);
        own.Information("{Elapsed} ms", 3.5);
        Assert.Equal("(the message could not be made: NotSupportedException)", (string?)(await NextAsync())["message"]);
    }

    [Fact]
    public void Serilogs_sink_refuses_a_wrong_endpoint_when_it_is_made() =>
        Assert.ThrowsAny<ArgumentException>(() => new LoggerConfiguration().WriteTo.MessageRouter("tcp://logs"));

    [Fact]
    public async Task Serilog_is_told_of_losses()
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Serilog.Debugging.SelfLog.Enable(line =>
        {
            if (line.Contains("events were dropped", StringComparison.Ordinal)) told.TrySetResult(line);
        });
        await using var log = new LoggerConfiguration().WriteTo.MessageRouter("tcp://127.0.0.1:9", capacityBytes: 1, capacity: 1, linger: TimeSpan.Zero).CreateLogger();

        for (var n = 0; n < 10_000; n++) log.Information("{N}", n);

        Assert.Contains("127.0.0.1:9", await told.Task.WaitAsync(TestNode.Patience), StringComparison.Ordinal);
        Serilog.Debugging.SelfLog.Disable();
    }

    [Fact]
    public async Task Nlogs_events_arrive_with_their_properties()
    {
        using var factory = NLog(target => target.Application = "shop");

        factory.GetLogger("Shop.Orders").WithProperty("Tag", "a").Error(new InvalidOperationException("boom"), "order {Order} took {Elapsed} ms", 7, 3.5);
        factory.Flush(TestNode.Patience);

        var line = await NextAsync();
        Assert.Equal(("error", "Shop.Orders", "order 7 took 3.5 ms", "shop"), ((string?)line["level"], (string?)line["logger"], (string?)line["message"], (string?)line["application"]));
        Assert.Equal((7, 3.5, "a"), ((int?)line["fields"]!["Order"], (double?)line["fields"]!["Elapsed"], (string?)line["fields"]!["Tag"]));
        Assert.Contains("boom", (string?)line["exception"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nlogs_event_that_another_thread_writes_has_the_trace_of_the_one_that_logged()
    {
        using var factory = new LogFactory();
        using (new Activity("at the start").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            factory.Setup().SetupExtensions(extensions => extensions.RegisterTarget<MessageRouterTarget>("MessageRouter")).LoadConfigurationFromXml($"""
                <nlog throwConfigExceptions="true">
                  <targets async="true"><target type="MessageRouter" name="node" endpoint="{_node.Endpoints[0]}" /></targets>
                  <rules><logger name="*" minlevel="Info" writeTo="node" /></rules>
                </nlog>
                """);
            factory.GetLogger("shop").Info("first");
        }
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        factory.GetLogger("shop").Info("second");
        Activity.Current = null;
        factory.GetLogger("shop").Info("third");

        Assert.NotEqual(request.TraceId.ToHexString(), (string?)(await NextAsync())["trace"]);
        Assert.Equal((request.TraceId.ToHexString(), request.SpanId.ToHexString()), await NextAsync() is var line ? ((string?)line["trace"], (string?)line["span"]) : default);
        Assert.DoesNotContain("trace", (await NextAsync()).Select(field => field.Key));
    }

    [Fact]
    public async Task Nlogs_template_is_there_whatever_its_values_are()
    {
        using var factory = NLog(target => target.Linger = TestNode.Patience);
        var log = factory.GetLogger("shop");

        log.Info("{A} {B}", 7, new Uri("http://x/"));
        log.Info("{A}", new List<int> { 1 });
        log.Info(new InvalidOperationException("boom"), "{A} {B}", 7, "s");
        log.Info("no template {}");

        for (var number = 0; number < 3; number++) Assert.StartsWith("{A}", (string?)(await NextAsync())["template"], StringComparison.Ordinal);
        Assert.DoesNotContain("template", (await NextAsync()).Select(field => field.Key));
    }

    [Fact]
    public void What_does_not_end_is_not_waited_for() => Closing.Wait(new ValueTask(new TaskCompletionSource().Task), TimeSpan.Zero);

    [Fact]
    public async Task Nlogs_target_is_set_up_by_xml()
    {
        using var factory = new LogFactory();
        factory.Setup().SetupExtensions(extensions => extensions.RegisterTarget<MessageRouterTarget>("MessageRouter")).LoadConfigurationFromXml($"""
            <nlog throwConfigExceptions="true">
              <targets><target type="MessageRouter" name="node" endpoint="{_node.Endpoints[0]}" shape="Logstash" includeEventProperties="true" /></targets>
              <rules><logger name="*" minlevel="Info" writeTo="node" /></rules>
            </nlog>
            """);

        factory.GetLogger("shop").Debug("not this");
        factory.GetLogger("shop").Info("hello");

        Assert.Equal(("hello", "INFO"), await NextAsync() is var line ? ((string?)line["message"], (string?)line["level"]) : default);
    }

    [Fact]
    public void Nlogs_target_refuses_a_wrong_endpoint_as_a_mistake_of_the_configuration() =>
        Assert.Contains("needs a port", Assert.Throws<NLogConfigurationException>(() => NLog(target => target.Endpoint = "tcp://logs")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Closing_nlog_sends_what_waits()
    {
        using (var factory = NLog(target => target.Linger = TestNode.Patience))
        {
            for (var n = 0; n < 500; n++) factory.GetLogger("shop").Info("{N}", n);
            factory.Shutdown();
        }

        for (var n = 0; n < 500; n++) Assert.Equal($"{n}", (string?)(await NextAsync())["message"]);
    }

    [Fact]
    public void Flushing_and_closing_nlog_with_the_node_away_take_no_longer_than_they_may()
    {
        using var factory = NLog(target => (target.Endpoint, target.Linger) = ("tcp://127.0.0.1:9", TimeSpan.FromMilliseconds(100)));
        factory.GetLogger("shop").Info("away");
        var watch = System.Diagnostics.Stopwatch.StartNew();

        factory.Flush(TestNode.Patience);
        factory.Shutdown();

        Assert.True(watch.Elapsed < TestNode.Patience / 2);
    }

    public static TheoryData<string, Action<MessageRouterTarget>, string, object[], string> NlogTexts => new()
    {
        { "names", target => { }, "order {Id}", [7], """{"@mt":"order {Id}","Id":7}""" },
        { "numbers", target => { }, "order {0} of {1}, {0}", [7, "x"], """{"@mt":"order {0} of {1}, {0}","0":7,"1":"x"}""" },
        { "nothing", target => { }, "{plain}", [], """{"@m":"{plain}"}""" },
        { "a layout and names", target => target.Layout = "[${message}]", "order {Id}", [7], """{"@mt":"order {Id}","@m":"[order 7]","Id":7}""" },
        { "a layout and numbers", target => target.Layout = "[${message}]", "order {0}", [7], """{"@mt":"order {0}","@m":"[order 7]","0":7}""" },
        { "a layout", target => target.Layout = "[${message}]", "order", [], """{"@m":"[order]"}""" },
        { "no properties", target => target.IncludeEventProperties = false, "order {Id}", [7], """{"@mt":"order {Id}","@m":"order 7"}""" },
    };

    [Theory]
    [MemberData(nameof(NlogTexts))]
    public async Task In_Clef_nothing_that_nlogs_event_says_is_missing(string what, Action<MessageRouterTarget> configure, string template, object[] parameters, string expected)
    {
        using var factory = NLog(target =>
        {
            (target.Shape, target.Linger) = (LogShape.Clef, TestNode.Patience);
            configure(target);
        });

        factory.GetLogger("shop").Info(template, parameters);

        var line = await NextAsync();
        foreach (var added in (ReadOnlySpan<string>)["@t", "SourceContext", "MachineName", "Application", "ProcessId"]) line.Remove(added);
        Assert.True(expected == line.ToJsonString(), $"{what}: {line.ToJsonString()}");
    }

    [Fact]
    public async Task Both_libraries_say_in_their_own_logs_why_nothing_arrives()
    {
        await using var publishersOnly = new SubSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] }, "");
        var endpoint = publishersOnly.Endpoints[0];
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        Serilog.Debugging.SelfLog.Enable(said.Enqueue);
        global::NLog.Common.InternalLogger.LogLevel = global::NLog.LogLevel.Warn;
        global::NLog.Common.InternalLogger.InternalEventOccurred += (_, written) => said.Enqueue($"NLog: {written.Message}");

        await using var log = new LoggerConfiguration().WriteTo.MessageRouter(endpoint, linger: TimeSpan.Zero).CreateLogger();
        using var factory = NLog(target => (target.Endpoint, target.Linger) = (endpoint, TimeSpan.Zero));

        await Eventually.IsTrueAsync(() => said.Count(line => line.Contains(endpoint, StringComparison.Ordinal) && line.Contains("SUB", StringComparison.Ordinal)) >= 2);
        Assert.Contains(said, line => line.StartsWith("NLog: ", StringComparison.Ordinal));
        Serilog.Debugging.SelfLog.Disable();
        global::NLog.Common.InternalLogger.LogLevel = global::NLog.LogLevel.Off;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    private sealed class Failing : IFormatProvider
    {
        public object? GetFormat(Type? formatType) => throw new NotSupportedException();
    }

    private LogFactory NLog(Action<MessageRouterTarget> configure)
    {
        var factory = new LogFactory { ThrowConfigExceptions = true };
        var target = new MessageRouterTarget { Name = "node", Endpoint = _node.Endpoints[0], Shape = LogShape.MessageRouter };
        configure(target);
        var configuration = new LoggingConfiguration(factory);
        configuration.AddRule(global::NLog.LogLevel.Trace, global::NLog.LogLevel.Fatal, target);
        factory.Configuration = configuration;
        return factory;
    }

    private async Task<JsonObject> NextAsync()
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        while (_received.Count == 0)
        {
            foreach (var message in await _node.ReceiveAsync(patience.Token)) _received.Enqueue(Encoding.UTF8.GetString(message.Payload.Span));
        }
        return JsonNode.Parse(_received.Dequeue())!.AsObject();
    }
}
