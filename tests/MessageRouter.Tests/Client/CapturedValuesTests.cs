using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using NLog;
using NLog.Config;
using NLog.Targets.MessageRouter;
using Serilog;

namespace MessageRouter.Tests.Client;

/// <summary>What a template of Serilog's or NLog's wants of a value, <c>{@A}</c> its structure and <c>{$A}</c> its text, is what arrives, whatever the value is.</summary>
public sealed class CapturedValuesTests : IAsyncLifetime
{
    private readonly PullSocket _node = new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
    private readonly Queue<string> _received = [];

    public static TheoryData<string, string, object, string> Values => new()
    {
        { "an anonymous object", "{@A}", new { Name = "ann", Age = 3, Tags = new[] { "a", "b" }, Of = new { City = "x" } }, """{"Name":"ann","Age":3,"Tags":["a","b"],"Of":{"City":"x"}}""" },
        { "a list of objects", "{@A}", new List<object> { new { N = 1 }, new { N = 2 } }, """[{"N":1},{"N":2}]""" },
        { "a map of objects", "{@A}", new Dictionary<string, object> { ["x"] = new { N = 1 } }, """{"x":{"N":1}}""" },
        { "a number", "{@A}", 7, "7" },
        { "half a character", "{@A}", new { Text = "a\ud800b" }, "{\"Text\":\"a\\uFFFDb\"}" },
        { "not a number", "{@A}", new { Value = double.NaN }, """{"Value":"NaN"}""" },
        { "without the sign", "{A}", new Named("ann"), "\"Named ann\"" },
        { "the text of an object", "{$A}", new Named("ann"), "\"Named ann\"" },
        { "the text of a number", "{$A}", 7, "\"7\"" },
        { "the text of nothing that can be had", "{$A}", new Failing(), "\"(Failing.ToString failed: NotSupportedException)\"" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_is_the_same_by_both_libraries(string what, string template, object value, string expected)
    {
        await using var serilog = Serilogs();
        using var nlog = Nlogs();

        nlog.GetLogger("shop").Info(template, value);
        Assert.Equal((what, expected), (what, await NextAsync()));
        if (what == "the text of nothing that can be had") return;
        serilog.Information(template, value);
        Assert.Equal((what, expected), (what, await NextAsync()));
    }

    [Fact]
    public async Task What_has_no_end_is_bounded_by_both_libraries()
    {
        await using var serilog = Serilogs();
        using var nlog = Nlogs();
        var circle = new Linked { Value = 1 };
        circle.Next = circle;
        var many = new { List = Enumerable.Range(0, 100_000), Long = new string('x', 100_000), Many = Enumerable.Range(0, 50).ToDictionary(n => $"k{n}", _ => new string('y', 20_000)) };

        foreach (object value in (object[])[circle, Deep(50), many])
        {
            serilog.Information("{@A}", value);
            Assert.InRange((await NextAsync()).Length, 10, 700_000);
            nlog.GetLogger("shop").Info("{@A}", value);
            Assert.InRange((await NextAsync()).Length, 10, 700_000);
        }

        static object Deep(int levels) => levels == 0 ? new { End = true } : new { In = Deep(levels - 1) };
    }

    [Fact]
    public async Task A_getter_that_throws_costs_no_more_than_its_own_value()
    {
        await using var serilog = Serilogs();
        using var nlog = Nlogs();

        serilog.Information("{@A}", new Throwing());
        Assert.Equal("""{"Bad":"The property accessor threw an exception: NotSupportedException","Good":1}""", Sorted(await NextAsync()));
        nlog.GetLogger("shop").Info("{@A}", new Throwing());
        Assert.Equal("""{"Good":1}""", await NextAsync());
    }

    [Fact]
    public async Task Nlogs_objects_are_as_the_application_has_them_transformed()
    {
        using var nlog = Nlogs();
        nlog.Setup().SetupSerialization(serialization => serialization.RegisterObjectTransformation<Named>(named => new { Initial = named.Name[..1] }));

        nlog.GetLogger("shop").Info("{@A}", new { Customer = new Named("ann") });

        Assert.Equal("""{"Customer":{"Initial":"a"}}""", await NextAsync());
    }

    [Fact]
    public async Task A_converter_of_the_applications_own_that_fails_is_said_in_the_values_place_and_counted()
    {
        using var nlog = Nlogs(new FailingConverter(), out var target);

        nlog.GetLogger("shop").Info("{@A} {B}", new Named("ann"), 7);

        Assert.Equal("\"(Named could not be converted: NotSupportedException)\"", await NextAsync());
        Assert.Equal(1, target.Statistics!.EventsWithFailures);
    }

    [Fact]
    public async Task Serilogs_structures_that_stand_too_deep_are_the_text_that_serilog_has_for_them()
    {
        await using var serilog = Serilogs();

        serilog.Information("{@A}", new { B = new { C = new { D = new { E = new { F = new { G = 1 } } } } } });

        Assert.Equal("""{"B":{"C":{"D":{"E":{"F":"{ G: 1 }"}}}}}""", await NextAsync());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    private static string Sorted(string json) => new JsonObject(JsonNode.Parse(json)!.AsObject().OrderBy(field => field.Key).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))).ToJsonString();

    private Serilog.Core.Logger Serilogs() => new LoggerConfiguration().WriteTo.MessageRouter(_node.Endpoints[0], linger: TestNode.Patience).CreateLogger();

    private LogFactory Nlogs() => Nlogs(null, out _);

    private LogFactory Nlogs(IJsonConverter? converter, out MessageRouterTarget target)
    {
        var factory = new LogFactory { ThrowConfigExceptions = true };
        if (converter is not null) factory.Setup().SetupSerialization(serialization => serialization.RegisterJsonConverter(converter));
        target = new MessageRouterTarget { Name = "node", Endpoint = _node.Endpoints[0], Linger = TestNode.Patience };
        var configuration = new LoggingConfiguration(factory);
        configuration.AddRule(global::NLog.LogLevel.Trace, global::NLog.LogLevel.Fatal, target);
        factory.Configuration = configuration;
        return factory;
    }

    /// <summary>The field A of the next event, as it was sent.</summary>
    private async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        while (_received.Count == 0)
        {
            foreach (var message in await _node.ReceiveAsync(patience.Token)) _received.Enqueue(Encoding.UTF8.GetString(message.Payload.Span));
        }
        using var line = JsonDocument.Parse(_received.Dequeue());
        return line.RootElement.GetProperty("fields").GetProperty("A").GetRawText();
    }

    private sealed class Named(string name)
    {
        public string Name => name;

        public override string ToString() => $"Named {name}";
    }

    private sealed class Failing
    {
        public override string ToString() => throw new NotSupportedException();
    }

    private sealed class Throwing
    {
        public int Good => 1;

        public int Bad => throw new NotSupportedException();
    }

    private sealed class Linked
    {
        public int Value { get; set; }

        public Linked? Next { get; set; }
    }

    private sealed class FailingConverter : IJsonConverter
    {
        public bool SerializeObject(object? value, StringBuilder builder) => throw new NotSupportedException();
    }
}
