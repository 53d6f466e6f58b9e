using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using MessageRouter.Cli.Schemas;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Tests.Configuration.Hocon;

namespace MessageRouter.Tests.Cli;

public sealed class SchemaTests : IDisposable
{
    private static readonly string Plugin = Path.Combine(AppContext.BaseDirectory, "plugins", "MessageRouter.TestPlugin.dll");
    private static readonly string Text = NodeSchema.Of([.. BuiltIns.Registry().Types], []);
    private static readonly JsonSchema Schema = JsonSchema.FromText(Text);
    private readonly CliRun _cli = new();

    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.Repository.File("hocon"), "*.conf").Select(path => Path.GetFileName(path))];

    /// <summary>Blocks of a whole router in which one thing is right, or is wrong.</summary>
    public static TheoryData<string> Right =>
    [
        "filters.f { type = key, key = level, match = 5, to = o }",
        "filters.f { type = null, to = [o], retry { attempts = 3, backoff = 1.5 seconds }, route = \"hash(user)\" }",
        "filters.f { class = Acme.Redact, fields = [a, b], to = o }",
        "filters.f { type = set, fields { a = 1, b { c = [true] } }, to = o }",
        "outputs.o2 { type = zeromq, bind = [\"tcp://*:1\", \"tcp://*:2\"], linger = 500, max-message-size = 1 kB, heartbeat { interval = 2s } }",
        "outputs.o2 { type = \"null\" }",
        "inputs.i2 { type = generator, rate = \"100\", count = 5, to = o, decode = bytes }",
        "errors { type = file, path = errors.log, rate-limit = 5, mailbox.overflow = drop-oldest }",
        "mailbox { capacity = 5, max-bytes = 16MiB, overflow = wait }",
        "mailbox.max-bytes = 1000",
        "memory.limit = off",
        "memory.limit = 2GiB",
        "control = off",
        "control.http { bind = \"127.0.0.1:1\", public = metrics }",
        "workers { command = [a, b], instances = 0, environment { PORT = 5222 } }",
        "workers { a { command = a }, b { command = [b], supervision.max-restarts = 3 } }",
        "shutdown.drain-timeout = infinite",
        "plugins = lib",
        "name = 5",
    ];

    public static TheoryData<string> Wrong =>
    [
        "nam = x",
        "filters.f { to = o }",
        "filters.f { type = key, class = Acme.Redact, key = level, match = 5, to = o }",
        "filters.f { type = kee, key = level, match = error, to = o }",
        "filters.f { type = stdin, to = o }",
        "filters.f { type = key, key = level, match = error }",
        "filters.f { type = key, match = error, to = o }",
        "filters.f { type = key, key = level, match = error, to = [] }",
        "filters.f { type = key, key = level, match = error, to = [o, o] }",
        "filters.f { type = key, key = level, match = error, match-type = like, to = o }",
        "filters.f { type = null, to = o, instances = 0 }",
        "filters.f { type = null, to = o, instances = many }",
        "filters.f { type = null, to = o, concurrency = 5 }",
        "filters.f { type = null, to = o, retry { attempt = 3 } }",
        "filters.\"a b\" { type = null, to = o }",
        "filters.f = null-filter",
        "outputs.o2 { type = zeromq, bind = \"tcp://*:1\", subscribe-dealy = 200ms }",
        "outputs.o2 { type = zeromq, bind = \"tcp://*:1\", linger = soon }",
        "outputs.o2 { type = zeromq, bind = \"tcp://*:1\", linger = -1s }",
        "outputs.o2 { type = zeromq, bind = \"tcp://*:1\", max-message-size = 16Mib }",
        "outputs.o2 { type = zeromq, bind { a = 1 } }",
        "outputs.o2 { type = file }",
        "outputs.o2 { type = file, path = x, append = maybe }",
        "outputs.o2 { type = null, to = o }",
        "outputs.o2 { type = null, rate-limit = 5 }",
        "inputs.i2 { type = stdin, encode = json, to = o }",
        "inputs.i2 { type = stdin, decode = xml, to = o }",
        "errors { type = stderr, mailbox.overflow = wait }",
        "errors { type = stdin }",
        "mailbox { capacity = 0 }",
        "mailbox { capacity = 5, overflow = drop }",
        "mailbox.max-bytes = -1",
        "memory.limit = none",
        "control = on",
        "control.http { token-file = x }",
        "workers { instances = 3 }",
        "workers { command = a, instances = 1001 }",
        "workers { a { command = a, colour = red } }",
        "supervision { on-error = reboot }",
        "shutdown.drain-timeout = long",
        "plugins { a = 1 }",
        "inputs = null",
    ];

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void It_is_a_schema() => Assert.True(MetaSchemas.Draft202012.Evaluate(JsonDocument.Parse(Text).RootElement).IsValid);

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_shipped_file_is_valid(string file)
    {
        var document = HoconReader.ReadFiles([Repository.Repository.File($"hocon/{file}")], Read.Options);

        Assert.Empty(Errors(Read.Json(document.Root)));
    }

    [Fact]
    public void What_the_page_shows_as_JSON_is_valid_and_a_node()
    {
        var page = File.ReadAllText(Repository.Repository.File("docs/editors.md"));
        var json = page[(page.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length)..];
        json = json[..json.IndexOf("```", StringComparison.Ordinal)];

        Assert.Empty(Errors(json));
        Assert.Equal(2, NodeReader.Read(Read.Text(json), BuiltIns.Registry()).Components.Count);
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void What_the_reader_takes_is_valid(string block)
    {
        Assert.DoesNotContain(Reported(block), message => !message.Contains("plug-in", StringComparison.Ordinal) && !message.Contains("there is no class", StringComparison.Ordinal) && !message.Contains("nothing feeds", StringComparison.Ordinal));
        Assert.Empty(Errors(Node(block)));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_the_reader_refuses_is_not_valid(string block)
    {
        Assert.Contains(Reported(block), message => !message.Contains("nothing feeds", StringComparison.Ordinal));
        Assert.NotEmpty(Errors(Node(block)));
    }

    [Fact]
    public void An_error_names_the_key_and_not_all_that_could_be_there() =>
        Assert.Equal(["/router/outputs/o2/subscribe-dealy"], Errors(Node("outputs.o2 { type = zeromq, bind = \"tcp://*:1\", subscribe-dealy = 200ms }")));

    [Fact]
    public void The_routers_keys_are_those_that_the_reader_knows() =>
        Assert.Equal(NodeReader.RouterKeys.Order(), JsonNode.Parse(Text)!["properties"]!["router"]!["properties"]!.AsObject().Select(key => key.Key).Order());

    [Fact]
    public void Keys_have_descriptions_and_defaults()
    {
        var zeromq = JsonNode.Parse(Text)!["$defs"]!["outputs.zeromq"]!["properties"]!;

        Assert.Equal("200ms", (string?)zeromq["subscribe-delay"]!["default"]);
        Assert.Equal("16MiB", (string?)zeromq["max-message-size"]!["default"]);
        Assert.Equal("pub", (string?)zeromq["socket-type"]!["default"]);
        Assert.Equal(10000, (int?)zeromq["high-water-mark"]!["default"]);
        Assert.All(zeromq.AsObject().Where(key => key.Key is not ("type" or "mailbox" or "supervision")), key => Assert.NotEmpty((string?)key.Value!["description"] ?? ""));
    }

    [Fact]
    public async Task The_components_of_a_plug_in_are_in_it()
    {
        Assert.Equal(0, await _cli.RunAsync("schema", "--plugin", Plugin));

        var schema = JsonSchema.FromText(_cli.Output);
        Assert.Empty(Errors(Node("filters.f { type = redact, fields = [a], to = o }"), schema));
        Assert.NotEmpty(Errors(Node("filters.f { type = redact, fieldz = [a], to = o }"), schema));
        Assert.Empty(Errors(Node("filters.f { class = Acme.Filters.Redact, fields = [a], to = o }"), schema));
        Assert.NotEmpty(Errors(Node("filters.f { class = Acme.Filters.Redact, fieldz = [a], to = o }"), schema));
    }

    [Fact]
    public async Task The_components_of_a_files_plug_ins_are_in_it()
    {
        Assert.Equal(0, await _cli.RunAsync("schema", _cli.Write("node.conf", $"router.plugins = \"{Plugin}\"")));

        Assert.Contains("\"filters.redact\"", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plug_in_that_cannot_be_loaded_is_said()
    {
        Assert.Equal(78, await _cli.RunAsync("schema", _cli.Write("node.conf", "router.plugins = nowhere.dll")));

        Assert.Contains("nowhere.dll` is neither a file nor a folder", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Output);
    }

    /// <summary>A router that has only this block besides an input and an output.</summary>
    private static string Node(string block) => Read.Json(Document(block).Root);

    private static HoconDocument Document(string block) => Read.Text($"router {{ inputs.i {{ type = stdin, to = o }}, outputs.o {{ type = stdout }} }}\nrouter.{block}");

    private static IEnumerable<string> Reported(string block)
    {
        try
        {
            NodeReader.Read(Document(block), BuiltIns.Registry());
            return [];
        }
        catch (ConfigurationException exception)
        {
            return exception.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Message);
        }
    }

    /// <summary>Where a document is wrong.</summary>
    private static IReadOnlyList<string> Errors(string json, JsonSchema? schema = null)
    {
        var results = (schema ?? Schema).Evaluate(JsonDocument.Parse(json).RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid ? [] : [.. (results.Details ?? []).Where(detail => detail.Errors is { Count: > 0 } && !detail.EvaluationPath.ToString().Split('/').Contains("if")).Select(detail => detail.InstanceLocation.ToString()).Distinct()];
    }
}
