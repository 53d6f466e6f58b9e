using MessageRouter.Cli.Passing;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Routing;

namespace MessageRouter.Tests.Cli;

public sealed class PassTests : IDisposable
{
    private static readonly string Plugin = Path.Combine(AppContext.BaseDirectory, "plugins", "MessageRouter.TestPlugin.dll");
    private readonly CliRun _cli = new() { Input = "{\"n\":1}\n{\"n\":2}\n" };

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("inputs { input { type = stdin, to = output } }, outputs { output { type = zeromq, connect = \"tcp://127.0.0.1:5558\" } }",
        "--input", "STDIN", "--output", "ZeroMQ", "--output_options", """{"connect":"tcp://127.0.0.1:5558"}""")]
    [InlineData("inputs { input { type = zeromq, bind = \"tcp://*:5558\", to = output } }, outputs { output { type = stdout } }",
        "--output", "STDOUT", "--input", "ZeroMQ", "--input_options", """{"socket_bind":"tcp://*:5558"}""")]
    [InlineData("inputs { input { type = zeromq, bind = \"tcp://*:5222\", to = output } }, outputs { output { type = file, path = \"/tmp/my_test.log\" } }",
        "--input", "ZeroMQ", "--input_options", """{"socket_bind":"tcp://*:5222"}""", "--output", "File", "--output_options", """{"filename":"/tmp/my_test.log"}""")]
    [InlineData("inputs { input { type = zeromq, bind = \"tcp://*:5222\", to = output } }, outputs { output { type = zeromq, bind = \"tcp://*:5223\", socket-type = push } }",
        "--input", "ZeroMQ", "--input_options", """{"socket_bind":"tcp://*:5222"}""", "--output", "ZeroMQ", "--output_options", """{"socket_bind":"tcp://*:5223","socket_type":"PUSH"}""")]
    [InlineData("""
        inputs { input { type = zeromq, connect = "tcp://127.0.0.1:5223", socket-type = pull, to = filter } }
        filters { filter { class = "MyApp.MessageWorker", to = output } }, outputs { output { type = stdout } }
        """,
        "--input", "ZeroMQ", "--input_options", """{"connect":"tcp://127.0.0.1:5223","socket_type":"PULL"}""", "--filter", "+MyApp::MessageWorker", "--output", "STDOUT")]
    [InlineData("""
        inputs { input { type = zeromq, connect = "tcp://127.0.0.1:1", subscribe = [a, b], high-water-mark = 5, linger = 100ms, decode = bytes, to = filter } }
        filters { filter { type = delay, delay = 1500ms, to = output } }
        outputs { output { type = zeromq, connect = "tcp://127.0.0.1:2", subscribe-delay = 500ms, encode = text } }
        errors { type = file, path = e.log, append = false }
        """,
        "--input", "ZeroMQ", "--input-options", """{"connect":"tcp://127.0.0.1:1","subscribe":["a","b"],"socket_hwm":5,"linger":100,}""", "--decoder", "Null",
        "--filter", "Delay", "--filter-options", """{"delay_for":1.5}""",
        "--output", "ZeroMQ", "--output-options", """{"connect":"tcp://127.0.0.1:2","subscribe_delay":0.5}""", "--encoder", "Text",
        "--error", "File", "--error_options", """{"filename":"e.log","append":0}""")]
    [InlineData("inputs { input { type = stdin, to = output } }, outputs { output { type = stdout, encode = json } }",
        "--input", "+Message::Passing::Input::STDIN", "--output", "stdout", "--encoder", "Message::Passing::Filter::Encoder::JSON", "--filter", "Null")]
    [InlineData("inputs { input { type = stdin, to = filter } }, filters { filter { type = tee, to = output } }, outputs { output { type = null } }",
        "--input", "STDIN", "--filter", "T", "--output", "Null")]
    [InlineData("""
        inputs { input { type = stdin, to = filter } }, filters { filter { type = key, key = a.b, match = "x+", match-type = regex, to = output } }
        outputs { output { type = null, mailbox { capacity = 7 } } }
        """,
        "--input", "STDIN", "--filter", "Key", "--filter_options", """{"key":"a.b","match":"x+","match_type":"regex"}""", "--output", "Null", "--output_options", "{mailbox.capacity:7}")]
    [InlineData("""
        inputs { input { type = stdin, to = where } }, filters { where { type = csharp, when = "message[\"n\"] > 1", to = output } }
        outputs { output { type = stdout } }
        """,
        "--input", "STDIN", "--where", "message[\"n\"] > 1", "--output", "STDOUT")]
    [InlineData("""
        inputs { input { type = stdin, to = where } }
        filters { where { type = csharp, when = "true", to = filter }, filter { type = tee, to = output } }
        outputs { output { type = stdout } }
        """,
        "--input", "STDIN", "--filter", "T", "--where", "true", "--output", "STDOUT")]
    public void A_command_line_is_the_node_that_a_file_would_describe(string file, params string[] arguments)
    {
        var expected = NodeReader.Read(HoconReader.ReadText("expected", $"router {{ plugins = [\"{Plugin}\"]\n{file}\n}}"), BuiltIns.Registry());

        var node = Node(arguments);

        Assert.Equal(expected.Components.Append(expected.Errors).Select(Essence), node.Components.Append(node.Errors).Select(Essence));
    }

    [Fact]
    public async Task Messages_pass_from_the_standard_input_to_a_file()
    {
        Assert.Equal(0, await _cli.RunAsync("--input", "STDIN", "--output", "File", "--output_options", $$"""{"filename":"{{_cli["out.log"]}}"}""", "-qq"));
        Assert.Equal(_cli.Input, File.ReadAllText(_cli["out.log"]));
    }

    [Fact]
    public async Task An_expression_says_which_messages_pass()
    {
        Assert.Equal(0, await _cli.RunAsync("--input", "STDIN", "--where", "message[\"n\"] > 1", "--output", "STDOUT", "-qq"));
        Assert.Equal("{\"n\":2}\n", _cli.Messages);
    }

    [Fact]
    public async Task A_mistake_in_an_expression_is_shown_in_the_command_line()
    {
        Assert.Equal(78, await _cli.RunAsync("--input", "STDIN", "--where", "mesage[\"n\"] > 1", "--output", "STDOUT"));
        Assert.Equal("""
            error: filter `where` (csharp): The name 'mesage' does not exist in the current context (CS0103)
             --> --where:1:1
              |
            1 | mesage["n"] > 1
              | ^^^^^^ did you mean `message`?

            1 error; nothing was started.

            """, _cli.Error);
    }

    [Fact]
    public async Task A_class_is_found_in_the_plug_ins_of_the_environment()
    {
        _cli.Environment["MESSAGE_ROUTER_PLUGINS"] = Plugin;

        Assert.Equal(0, await _cli.RunAsync("pass", "--input", "STDIN", "--filter", "+MyApp::MessageWorker", "--output", "STDOUT", "-q", "--plugin", Plugin));
        Assert.Equal("{\"n\":1,\"worked\":true}\n{\"n\":2,\"worked\":true}\n", _cli.Messages);
    }

    [Fact]
    public async Task Settings_change_what_the_flags_describe()
    {
        Assert.Equal(0, await _cli.RunAsync("--input", "STDIN", "--output", "Nope", "--set", "router.outputs.output.type=stdout", "-q"));
        Assert.Equal(_cli.Input, _cli.Messages);
    }

    [Fact]
    public async Task The_command_line_wins_over_its_file()
    {
        var file = _cli.Write("pass.json", """{ "input": "STDIN", "output": "Nope", "filter": "Key", "filter_options": { "key": "n", "match": 2 } }""");

        Assert.Equal(0, await _cli.RunAsync("--configfile", file, "--output", "STDOUT", "-q"));
        Assert.Equal("{\"n\":2}\n", _cli.Messages);
    }

    [Fact]
    public async Task Mistakes_point_into_the_options_and_the_file()
    {
        var file = _cli.Write("pass.conf", """
            inptu = STDIN
            daemonize = 1
            """);

        Assert.Equal(78, await _cli.RunAsync(
            "--configfile", file, "--input", "STDIN", "--input-options", """{"type":"x"}""", "--output", "File", "--output_options", """{"filename":"x","path":"y","apend":1}""", "--decoder", "Gzip"));
        Assert.Equal("""
            error: unknown key `inptu`
             --> pass.conf:1:1
              |
            1 | inptu = STDIN
              | ^^^^^ did you mean `input`?

            error: `daemonize` is not supported
             --> pass.conf:2:1
              |
            2 | daemonize = 1
              | ^^^^^^^^^ run the command as a systemd service, which keeps it in the background

            error: unknown decoder `Gzip`
             --> --decoder:1:1
              |
            1 | Gzip
              | ^^^^ decoders: JSON, Text, Null

            error: `type` cannot be an option
             --> --input-options:1:2
              |
            1 | {"type":"x"}
              |  ^^^^^^ the command line has one input, filter and output; describe more in a file for `message-router run`

            error: `path` says again what is said already
             --> --output-options:1:17
              |
            1 | {"filename":"x","path":"y","apend":1}
              |                 ^^^^^^ both mean `path`

            error: unknown key `apend` for output `output` (file)
             --> --output-options:1:28
              |
            1 | {"filename":"x","path":"y","apend":1}
              |                            ^^^^^^^ did you mean `append`?

            6 errors; nothing was started.

            """, _cli.Error);
    }

    [Fact]
    public async Task A_component_that_there_is_not_is_answered_with_those_that_there_are()
    {
        Assert.Equal(78, await _cli.RunAsync("--input", "Syslog", "--output", "STDOUT"));
        Assert.Equal($"""
            error: unknown type `Syslog` for input `input`
             --> --input:1:1
              |
            1 | Syslog
              | ^^^^^^ types of inputs: {string.Join(", ", BuiltIns.Registry().Types.Where(type => type.Role == ComponentRole.Input).Select(type => type.Name))}

            1 error; nothing was started.

            """, _cli.Error);
    }

    private static NodeDefinition Node(string[] arguments)
    {
        var settings = new PassSettings(new HoconReaderOptions { Environment = _ => null });
        foreach (var pair in arguments.Chunk(2)) settings.ReadFlag(pair[0][2..].Replace('_', '-'), pair[1]);
        settings.AddPlugins([Plugin]);
        return NodeReader.Read(PassDocument.Of(settings, []), BuiltIns.Registry());
    }

    private static string Essence(ComponentDefinition component) =>
        $"{component.FullName} {component.Type.ActorType} {HoconText(component.Options)} → {string.Join(",", component.To)} {component.Mailbox} {component.Codec}";

    private static string HoconText(object? options) => options is null ? "" : Newtonsoft.Json.JsonConvert.SerializeObject(options);
}
