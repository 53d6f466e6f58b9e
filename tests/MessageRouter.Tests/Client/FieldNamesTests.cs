using System.Collections;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using MessageRouter.Client;
using MessageRouter.Client.Logging;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;

namespace MessageRouter.Tests.Client;

/// <summary>An object of an event has each name once, whatever the application calls its fields; and what it calls them is still told apart from what the shape calls its own.</summary>
public sealed class FieldNamesTests
{
    private static readonly string[] Names =
    [
        "a", "b", "", "message", "message_", "level", "host", "dropped", "dropped_", "@t", "@@t", "@timestamp", "@version", "SourceContext", "MachineName", "Application", "EventId", "EventName", "ProcessId",
        "stack_trace", "logger_name", "template", "event_id", "event_name", "trace_id", "span_id", "cut", "fields_failed", "failed", "scope", "x\ud800", "x\udc00", "x\ufffd", new string('n', 1500), new string('n', 1501),
    ];

    private static readonly object?[] Leaves = [1, "text", null, new Throwing(), JsonDocument.Parse("""{"a":1,"a":2,"\ud800":3,"\udc00":4}""").RootElement];

    [Fact]
    public void No_shape_ever_writes_a_name_twice()
    {
        var name = Gen.Int[0, Names.Length - 1].Select(i => Names[i]);
        var leaf = Gen.Int[0, Leaves.Length - 1].Select(i => Leaves[i]);
        var inner = Gen.Select(name, leaf, KeyValuePair.Create).Array[0, 6];
        var value = Gen.OneOf(leaf, inner.Select(object? (fields) => fields), inner.Select(object? (fields) => new Odd(fields)));
        var large = Gen.Int[0, 60].Select(n => KeyValuePair.Create<string, object?>($"n{n}", n)).Array[0, 80];
        var shape = Gen.Int[0, 3].Select(i => (LogShape)i);
        Gen.Select(shape, Gen.Select(name, value, KeyValuePair.Create).Array[0, 12], large, Gen.Bool).Sample((shape, some, many, fails) =>
        {
            var record = new LogRecord { Timestamp = DateTimeOffset.UnixEpoch, Gravity = LogGravity.Error, Logger = "l", Message = "m", Template = "t", EventId = 7, EventName = "e", TraceId = "t", SpanId = "s", Exception = new InvalidOperationException() };

            var written = LogEventWriter.Write(shape, "app", record, (KeyValuePair<string, object?>[])[.. some, .. many], (fields, writer) =>
            {
                foreach (var (name, value) in fields) writer.Field(name, value);
                if (fails) throw new InvalidOperationException();
            });

            Parsed(written.Span);
            Assert.True(LossNote.Fits(written.Span));
            Assert.Equal(3, Parsed(LossNote.Add(written.Span, 3)).RootElement.GetProperty("dropped").GetInt32());
        }, iter: 2000);
    }

    [Fact]
    public void A_field_has_the_same_name_whatever_else_the_event_has_and_no_other_field_gets_it()
    {
        foreach (var shape in Enum.GetValues<LogShape>().Where(shape => shape != LogShape.MessagePassing))
        {
            var written = LogEventWriter.Write(shape, "app", new LogRecord { Timestamp = default, Gravity = default, Logger = "l", Message = "m" }, 0, (_, writer) =>
            {
                foreach (var name in Names) writer.Field(name, $"of {name}");
            });
            var text = Encoding.UTF8.GetString(written.Span);

            // Two of them are the same when they are read, and two when they are cut.
            Assert.Equal(Names.Length - 3, text.Split(":\"of ").Length - 1);
        }
    }

    public static TheoryData<LogShape, string> Own => new()
    {
        { LogShape.Logstash, """{"message_":"M","level_":"L","host_":"H","dropped_":4,"other":5}""" },
        { LogShape.Clef, """{"message":"M","level":"L","host":"H","dropped_":4,"other":5}""" },
        { LogShape.MessageRouter, """{"message":"M","level":"L","host":"H","dropped":4,"other":5}""" },
    };

    [Theory]
    [MemberData(nameof(Own))]
    public async Task A_field_with_a_name_of_the_shapes_own_gets_an_underscore_behind_it(LogShape shape, string expected)
    {
        var line = await LoggedAsync(shape, logger => logger.LogInformation("{message} {level} {host} {dropped} {other}", "M", "L", "H", 4, 5));

        var fields = shape == LogShape.MessageRouter ? line["fields"]!.AsObject() : line;
        Assert.Equal(expected, new JsonObject(fields.Where(field => !field.Key.StartsWith('@') && field.Value is JsonValue value && value.ToString() is "M" or "L" or "H" or "4" or "5").Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))).ToJsonString());
    }

    [Fact]
    public async Task In_Clef_what_the_event_says_of_its_origin_goes_before_what_is_added() =>
        Assert.Equal(("S", "N", "A"), await LoggedAsync(LogShape.Clef, logger => logger.LogInformation("{SourceContext} {MachineName} {Application}", "S", "N", "A")) is var line
            ? ((string?)line["SourceContext"], (string?)line["MachineName"], (string?)line["Application"]) : default);

    public static TheoryData<string, object?> Changing => new() { { "written when it leaves", 9 }, { "written at once", new List<int> { 9 } } };

    [Theory]
    [MemberData(nameof(Changing))]
    public async Task The_value_nearest_to_the_event_counts_and_scopes_without_fields_are_one(string when, object? outer)
    {
        var line = await LoggedAsync(LogShape.MessageRouter, logger =>
        {
            using (logger.BeginScope(new Dictionary<string, object?> { ["A"] = outer, ["B"] = outer, ["C"] = outer }))
            using (logger.BeginScope<string>("one"))
            using (logger.BeginScope(new Dictionary<string, object?> { ["B"] = 2 }))
            using (logger.BeginScope<string>("two"))
                logger.LogInformation("in scope {A}", 1);
        });

        var fields = line["fields"]!;
        Assert.True((1, 2, """["one","two"]""") == ((int?)fields["A"], (int?)fields["B"], fields["scope"]!.ToJsonString()), $"{when}: {fields}");
        Assert.NotNull(fields["C"]);
    }

    public static TheoryData<string, IEnumerable<KeyValuePair<string, object?>>> States => new()
    {
        { "a dictionary", new Dictionary<string, object?> { ["{OriginalFormat}"] = "t {A}", ["A"] = 1 } },
        { "a list", new List<KeyValuePair<string, object?>> { new("A", 1), new("{OriginalFormat}", "t {A}") } },
        { "a queue", new Queue<KeyValuePair<string, object?>>([new("A", 1)]) },
        { "what has no end", Endless() },
    };

    [Theory]
    [MemberData(nameof(States))]
    public async Task The_fields_of_a_state_are_there_whatever_it_is(string what, IEnumerable<KeyValuePair<string, object?>> state)
    {
        var line = await LoggedAsync(LogShape.MessageRouter, logger => logger.Log(LogLevel.Information, default, state, null, (_, _) => "m"));

        Assert.True((int?)line["fields"]!["A"] == 1, what);
        Assert.Equal(what is "a dictionary" or "a list" ? "t {A}" : null, (string?)line["template"]);
    }

    [Fact]
    public async Task A_level_that_is_none_is_the_next_one() =>
        Assert.Equal("critical", (string?)(await LoggedAsync(LogShape.MessageRouter, logger => logger.Log((LogLevel)42, "odd")))["level"]);

    [Theory]
    [InlineData(LogShape.MessageRouter, "logger")]
    [InlineData(LogShape.Clef, "SourceContext")]
    [InlineData(LogShape.Logstash, "logger_name")]
    public async Task Who_is_not_named_is_left_out(LogShape shape, string name)
    {
        await using var node = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        await using var log = new LoggerConfiguration().WriteTo.MessageRouter(node.Endpoints[0], shape: shape, linger: TestNode.Patience).CreateLogger();

        var map = new DictionaryValue([new(new ScalarValue(1), new ScalarValue(2)), new(new ScalarValue("1"), new ScalarValue(3))]);
        log.Write(new LogEvent(DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, new MessageTemplate([]), [new LogEventProperty("Map", map)]));

        var line = await NextAsync(node);
        Assert.False(line.ContainsKey(name));
        Assert.Equal("""{"1":2}""", (line["fields"] ?? line)["Map"]!.ToJsonString());
    }

    [Fact]
    public async Task A_message_with_a_field_dropped_of_its_own_is_not_told_losses()
    {
        await using var node = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        await using var client = new MessageClient(node.Endpoints[0], new MessageClientOptions { MaxMessageSize = 30 });
        client.TrySend(new byte[31]);
        foreach (var text in (string[])["""{"a":{"dropped":5},"dropped":5}""", "{no object", """{"a":{"dropped":5}}"""])
        {
            client.TrySend(Encoding.UTF8.GetBytes(text[..Math.Min(30, text.Length)]));
            await client.FlushAsync().WaitAsync(TestNode.Patience);
        }
        client.TrySend("""{"dropped":5}"""u8);
        await client.FlushAsync().WaitAsync(TestNode.Patience);

        Assert.Equal(["{\"a\":{\"dropped\":5},\"dropped\":5", "{no object", """{"dropped":1,"a":{"dropped":5}}""", """{"dropped":5}"""], await TextsAsync(node, 4));
    }

    private static async Task<JsonObject> LoggedAsync(LogShape shape, Action<Microsoft.Extensions.Logging.ILogger> log)
    {
        await using var node = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddMessageRouter(options =>
        {
            (options.Endpoint, options.Shape, options.Linger) = (node.Endpoints[0], shape, TestNode.Patience);
        })).BuildServiceProvider();
        log(services.GetRequiredService<ILoggerFactory>().CreateLogger("shop"));
        return await NextAsync(node);
    }

    private static async Task<JsonObject> NextAsync(PullSocket node) => JsonNode.Parse((await TextsAsync(node, 1))[0])!.AsObject();

    private static async Task<List<string>> TextsAsync(PullSocket node, int count)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        var texts = new List<string>();
        while (texts.Count < count)
        {
            foreach (var message in await node.ReceiveAsync(patience.Token)) texts.Add(Encoding.UTF8.GetString(message.Payload.Span));
        }
        return texts;
    }

    private static JsonDocument Parsed(ReadOnlySpan<byte> written) => JsonDocument.Parse(written.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });

    private static IEnumerable<KeyValuePair<string, object?>> Endless()
    {
        for (var n = 1; ; n++) yield return new("A", n);
    }

    /// <summary>A dictionary with names that are equal as texts.</summary>
    private sealed class Odd(KeyValuePair<string, object?>[] fields) : IDictionary
    {
        public ICollection Keys => fields;

        public ICollection Values => fields;

        public bool IsReadOnly => true;

        public bool IsFixedSize => true;

        public int Count => fields.Length;

        public object SyncRoot => this;

        public bool IsSynchronized => false;

        public object? this[object key]
        {
            get => null;
            set => throw new NotSupportedException();
        }

        public IDictionaryEnumerator GetEnumerator()
        {
            var map = new Hashtable(fields.Length);
            foreach (var (name, value) in fields) map.Add(new StringBuilder(name), value);
            return map.GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Add(object key, object? value) => throw new NotSupportedException();

        public void Clear() => throw new NotSupportedException();

        public bool Contains(object key) => false;

        public void Remove(object key) => throw new NotSupportedException();

        public void CopyTo(Array array, int index) => throw new NotSupportedException();
    }

    private sealed class Throwing
    {
        public override string ToString() => throw new NotSupportedException();
    }
}
