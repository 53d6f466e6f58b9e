using System.Collections;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MessageRouter.Client.Logging;
using MessageRouter.Extensions.Logging;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MessageRouter.Tests.Client;

/// <summary>What an application logs arrives as JSON, whatever it logs, and nothing that goes wrong reaches the application.</summary>
public sealed class LoggingTests : IAsyncLifetime
{
    private readonly PullSocket _node = new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });

    [Fact]
    public async Task An_event_has_message_template_fields_exception_event_and_origin()
    {
        using var services = Logging();
        var logger = services.GetRequiredService<ILogger<LoggingTests>>();
        using var activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();

        using (logger.BeginScope(new Dictionary<string, object?> { ["Request"] = "r1" }))
        using (logger.BeginScope("inner"))
        {
            logger.Log(LogLevel.Warning, new EventId(7, "Slow"), new InvalidOperationException("boom"), "order {Order} took {Elapsed} ms", 42, 3.5);
        }

        var line = await NextAsync();
        Assert.Equal(activity.TraceId.ToHexString(), (string?)line["trace"]);
        Assert.Contains("InvalidOperationException: boom", (string?)line["exception"], StringComparison.Ordinal);
        Assert.Equal(
            """{"timestamp":"T","level":"warning","message":"order 42 took 3.5 ms","template":"order {Order} took {Elapsed} ms","fields":{"Order":42,"Elapsed":3.5,"Request":"r1","scope":"inner"},"exception":"E","event":{"id":7,"name":"Slow"},"trace":"TR","span":"SP","host":"H","application":"shop","process":1,"logger":"MessageRouter.Tests.Client.LoggingTests"}""",
            Masked(line));
    }

    [Fact]
    public async Task An_activity_with_a_hierarchical_name_has_no_trace_that_others_know()
    {
        using var services = Logging();
        using var activity = new Activity("work").SetIdFormat(ActivityIdFormat.Hierarchical).Start();

        services.GetRequiredService<ILogger<LoggingTests>>().LogInformation("hello");

        Assert.DoesNotContain("trace", (await NextAsync()).Select(field => field.Key));
    }

    [Theory]
    [InlineData(LogShape.Clef, "@m")]
    [InlineData(LogShape.Logstash, "message")]
    [InlineData(LogShape.MessageRouter, "message")]
    public async Task A_state_that_cannot_be_read_leaves_its_message_in_the_same_shape(LogShape shape, string message)
    {
        using var services = Logging(options => options.Shape = shape);

        services.GetRequiredService<ILogger<LoggingTests>>().Log(LogLevel.Warning, default, new Unreadable(), null, (_, _) => "hello");

        var line = await NextAsync();
        Assert.Equal("hello (its fields could not be written: NotSupportedException)", (string?)line[message]);
        Assert.Contains(line, field => field.Value?.ToString() is "warning" or "Warning" or "WARN" or "WARNING");
    }

    [Theory]
    [InlineData(LogShape.Clef, """{"@t":"T","@mt":"order {Order}","@l":"Error","@@odd":1,"Order":7,"SourceContext":"shop","MachineName":"H","Application":"shop","ProcessId":1}""")]
    [InlineData(LogShape.Logstash, """{"@timestamp":"T","@version":"1","message":"order 7","level":"ERROR","logger_name":"shop","host":"H","application":"shop","process":1,"template":"order {Order}","@odd":1,"Order":7}""")]
    [InlineData(LogShape.MessagePassing, """{"name":"shop","level":"error","message":"order 7"}""")]
    [InlineData(LogShape.MessageRouter, """{"timestamp":"T","level":"error","message":"order 7","template":"order {Order}","fields":{"@odd":1,"Order":7},"host":"H","application":"shop","process":1,"logger":"shop"}""")]
    public async Task Each_shape_is_that_of_its_readers(LogShape shape, string expected)
    {
        using var services = Logging(options => options.Shape = shape);

        services.GetRequiredService<ILoggerFactory>().CreateLogger("shop").Log<IReadOnlyList<KeyValuePair<string, object?>>>(
            LogLevel.Error, default, [new("@odd", 1), new("Order", 7), new("{OriginalFormat}", "order {Order}")], null, (_, _) => "order 7");

        Assert.Equal(expected, Masked(await NextAsync()));
    }

    [Theory]
    [InlineData(LogShape.Clef, """{"@t":"T","@mt":"order {Order}","@l":"Warning","@x":"E","@tr":"TR","@sp":"SP","Order":42,"SourceContext":"shop","EventId":7,"EventName":"Slow","MachineName":"H","Application":"shop","ProcessId":1}""")]
    [InlineData(LogShape.Logstash, """{"@timestamp":"T","@version":"1","message":"order 42","level":"WARN","logger_name":"shop","host":"H","application":"shop","process":1,"template":"order {Order}","event_id":7,"event_name":"Slow","trace_id":"TR","span_id":"SP","stack_trace":"E","Order":42}""")]
    public async Task Each_shape_has_all_that_is_known_of_an_event(LogShape shape, string expected)
    {
        using var services = Logging(options => options.Shape = shape);
        using var activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();

        services.GetRequiredService<ILoggerFactory>().CreateLogger("shop").Log(LogLevel.Warning, new EventId(7, "Slow"), new InvalidOperationException("boom"), "order {Order}", 42);

        Assert.Equal(expected, Masked(await NextAsync()));
    }

    public static TheoryData<string, object?, string> Values => new()
    {
        { "a text", "x\"\n\u0001ü", "\"x\\\"\\n\\u0001ü\"" },
        { "null", null, "null" },
        { "not a number", double.NaN, "\"NaN\"" },
        { "infinity", float.PositiveInfinity, "\"Infinity\"" },
        { "a lone surrogate", "a\ud800b", "\"a\\uFFFDb\"" },
        { "a list", new object?[] { 1, "two", null, new[] { 3 } }, """[1,"two",null,[3]]""" },
        { "a map", new Dictionary<string, object?> { ["a"] = 1, ["b"] = true }, """{"a":1,"b":true}""" },
        { "what throws", new Throwing(), "\"(Throwing.ToString failed: NotSupportedException)\"" },
        { "a list that throws", ThrowingList(), "[1,\"NotSupportedException\"]" },
        { "a list without end", Endless(), $"[{string.Join(',', Enumerable.Range(0, 100))}]" },
        { "a time", new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero), "\"2020-01-02T03:04:05+00:00\"" },
        { "a span", TimeSpan.FromSeconds(90), "\"00:01:30\"" },
        { "a guid", Guid.Empty, "\"00000000-0000-0000-0000-000000000000\"" },
        { "an element", Element("""{"a":[1,2.50,true,null,"x\n"]}"""), """{"a":[1,2.50,true,null,"x\n"]}""" },
        { "an element with half a character", Element("""{"a":1,"b\ud800":"\"\u0041\udc00\/","c":2}"""), "{\"a\":1,\"b\uFFFD\":\"\\\"A\\uFFFD/\",\"c\":2}" },
        { "an element with a name twice", Element("""{"a":1,"a":2}"""), """{"a":1}""" },
        { "an element without a document", default(JsonElement), "\"(JsonElement failed: InvalidOperationException)\"" },
        { "an element with a long text", Element($"[\"{new string('y', 10_000_000)}\"]"), $"[\"{new string('y', 32_768)}… (10000000 characters)\"]" },
        { "an element with a long number", Element(new string('7', 101)), $"\"{new string('7', 101)}\"" },
        { "an element with many elements", Element($"[{string.Join(',', Enumerable.Range(0, 200))}]"), $"[{string.Join(',', Enumerable.Range(0, 100))}]" },
        { "a deep element", Element("[[[[[[1]]]]]]"), "[[[[[\"[1]\"]]]]]" },
        { "a node", JsonNode.Parse("""{"a":[1,"x"],"b":null}"""), """{"a":[1,"x"],"b":null}""" },
        { "a node of values", new JsonObject { ["a"] = 1, ["b"] = JsonValue.Create(Guid.Empty) }, """{"a":1,"b":"00000000-0000-0000-0000-000000000000"}""" },
        { "a long text", new string('x', 100_000), $"\"{new string('x', 32_768)}… (100000 characters)\"" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Whatever_is_logged_becomes_a_value(string what, object? value, string expected)
    {
        using var services = Logging();

        services.GetRequiredService<ILogger<LoggingTests>>().Log<IReadOnlyList<KeyValuePair<string, object?>>>(LogLevel.Information, default, [new("Value", value)], null, (_, _) => "v");

        var text = await NextTextAsync();
        Assert.True(text.Contains($"\"Value\":{expected}", StringComparison.Ordinal), $"{what}: {text[..Math.Min(text.Length, 500)]}");
        Assert.NotNull(JsonNode.Parse(text));
    }

    [Fact]
    public async Task Cycles_and_a_state_of_10_MB_are_cut()
    {
        using var services = Logging();
        var cycle = new List<object?>();
        cycle.Add(cycle);
        var many = Enumerable.Range(0, 400).ToDictionary(n => $"f{n}", object? (n) => new string('y', 30_000));

        services.GetRequiredService<ILogger<LoggingTests>>().LogInformation("{Cycle}", cycle);
        services.GetRequiredService<ILogger<LoggingTests>>().Log(LogLevel.Information, default, many.ToList(), null, (_, _) => "many");

        await NextAsync();
        var cut = await NextTextAsync();
        Assert.InRange(cut.Length, 500_000, 600_000);
        Assert.True((bool?)JsonNode.Parse(cut)!["fields"]!["cut"]);
    }

    [Fact]
    public async Task What_fails_while_an_event_is_made_costs_no_more_than_its_text()
    {
        using var services = Logging();

        services.GetRequiredService<ILogger<LoggingTests>>().Log(LogLevel.Critical, default, 1, null, (_, _) => throw new NotSupportedException());

        var line = await NextAsync();
        Assert.Equal(("critical", "(the message could not be made: NotSupportedException)"), ((string?)line["level"], (string?)line["message"]));
    }

    [Fact]
    public async Task What_is_logged_while_an_event_is_written_is_an_event_of_its_own()
    {
        using var services = Logging();
        var logger = services.GetRequiredService<ILogger<LoggingTests>>();

        logger.LogInformation("{Outer}", new Chatty(logger));

        var messages = new List<string?>();
        for (var n = 0; n < 3; n++) messages.Add((string?)(await NextAsync())["message"]);
        Assert.Equal(["inner", "inner", "chatty"], messages);
    }

    [Fact]
    public void Wrong_options_are_all_told_when_the_loggers_are_made()
    {
        using var services = Logging(options =>
        {
            options.Endpoint = "tcp://logs";
            options.Capacity = 0;
        });

        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<ILogger<LoggingTests>>());

        Assert.Contains("needs a port", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Capacity must be 1 or more", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_come_from_the_configuration_and_change_with_it()
    {
        var configuration = new ConfigurationManager();
        configuration["Logging:MessageRouter:Endpoint"] = _node.Endpoints[0];
        configuration["Logging:MessageRouter:Shape"] = "Clef";
        configuration["Logging:MessageRouter:LogLevel:Default"] = "Warning";
        using var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddMessageRouter()).BuildServiceProvider();
        var logger = services.GetRequiredService<ILogger<LoggingTests>>();

        logger.LogInformation("not this");
        logger.LogWarning("one");
        Assert.Equal("one", (string?)(await NextAsync())["@mt"]);

        configuration["Logging:MessageRouter:Shape"] = "Logstash";
        ((IConfigurationRoot)configuration).Reload();
        logger.LogWarning("two");
        Assert.Equal("1", (string?)(await NextAsync())["@version"]);
    }

    [Fact]
    public async Task The_end_of_the_application_sends_what_waits()
    {
        var services = Logging();
        var logger = services.GetRequiredService<ILogger<LoggingTests>>();
        for (var n = 0; n < 1000; n++) logger.LogInformation("{N}", n);

        await services.DisposeAsync();

        for (var n = 0; n < 1000; n++) Assert.Equal(n, (int?)(await NextAsync())["fields"]!["N"]);
        logger.LogInformation("too late");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    private readonly Queue<string> _received = [];

    private ServiceProvider Logging(Action<MessageRouterLoggerOptions>? configure = null) => new ServiceCollection().AddLogging(logging => logging.AddMessageRouter(options =>
    {
        options.Endpoint = _node.Endpoints[0];
        options.Application = "shop";
        options.Linger = TestNode.Patience;
        configure?.Invoke(options);
    })).BuildServiceProvider();

    private async Task<JsonObject> NextAsync() => JsonNode.Parse(await NextTextAsync())!.AsObject();

    private async Task<string> NextTextAsync()
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        while (_received.Count == 0)
        {
            foreach (var message in await _node.ReceiveAsync(patience.Token)) _received.Enqueue(Encoding.UTF8.GetString(message.Payload.Span));
        }
        return _received.Dequeue();
    }

    /// <summary>An event without what differs from run to run.</summary>
    private static string Masked(JsonObject line)
    {
        foreach (var (name, mask) in (ReadOnlySpan<(string, JsonNode)>)[("timestamp", "T"), ("@t", "T"), ("@timestamp", "T"), ("host", "H"), ("MachineName", "H"), ("process", 1), ("ProcessId", 1), ("exception", "E"), ("trace", "TR"), ("span", "SP"), ("@x", "E"), ("@tr", "TR"), ("@sp", "SP"), ("stack_trace", "E"), ("trace_id", "TR"), ("span_id", "SP")])
        {
            if (line.ContainsKey(name)) line[name] = mask.DeepClone();
        }
        return line.ToJsonString();
    }

    private static JsonElement Element(string json) => JsonDocument.Parse(json).RootElement;

    private static IEnumerable<int> Endless()
    {
        for (var n = 0; ; n++) yield return n;
    }

    private static IEnumerable<int> ThrowingList()
    {
        yield return 1;
        throw new NotSupportedException();
    }

    private sealed class Throwing
    {
        public override string ToString() => throw new NotSupportedException();
    }

    private sealed class Chatty(ILogger logger)
    {
        public override string ToString()
        {
            logger.LogInformation("inner");
            return "chatty";
        }
    }

    private sealed class Unreadable : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => throw new NotSupportedException();

        public KeyValuePair<string, object?> this[int index] => throw new NotSupportedException();

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => throw new NotSupportedException();
    }
}
