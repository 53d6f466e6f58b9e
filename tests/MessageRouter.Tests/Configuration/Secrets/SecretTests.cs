using System.Runtime.Versioning;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Filters;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Configuration.Secrets;

[UnsupportedOSPlatform("windows")]
public sealed class SecretTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _environment = new() { ["TOKEN"] = "sesame of the environment" };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("secret { file = p }", "sesame of a file")]
    [InlineData("secret{file=p}", "sesame of a file")]
    [InlineData("{ secret { file = p } }", "sesame of a file")]
    [InlineData("{ \"secret\": { \"file\": \"p\" } }", "sesame of a file")]
    [InlineData("secret { file = crlf }", "sesame of windows")]
    [InlineData("secret { file = two-lines }", "one\ntwo\n")]
    [InlineData("secret { file = sub/p }", "sesame of a folder")]
    [InlineData("secret { env = TOKEN }", "sesame of the environment")]
    [InlineData("secret { command = [echo, sesame, of, \"a  program\"] }", "sesame of a  program")]
    [InlineData("secret { command = [echo, \"$HOME;*\"] }", "$HOME;*")]
    [InlineData("secret { command = pwd }", "FOLDER")]
    [InlineData("secret { command = [\"./program.sh\"], cache = 5m }", "sesame of a script")]
    [InlineData("${kept}", "sesame of a file")]
    public void A_secret_is_read_from_where_it_is_said_to_be(string written, string expected)
    {
        Write("p", "sesame of a file\n");
        Write("crlf", "sesame of windows\r\n");
        Write("two-lines", "one\ntwo\n\n");
        Write("sub/p", "sesame of a folder");
        Write("program.sh", "#!/bin/sh\necho sesame of a script\n", UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var node = Read($"kept = secret {{ file = p }}\n{Node($"value = {written}")}");

        Assert.Equal(expected.Replace("FOLDER", _folder.Path, StringComparison.Ordinal), (string?)Fields(node)["value"]);
    }

    [Theory]
    [InlineData("[secret { file = p }, plain]", "[\"sesame of a list\",\"plain\"]")]
    [InlineData("{ inner = secret { file = p }, other = 1 }", "{\"inner\":\"sesame of a list\",\"other\":1}")]
    [InlineData("{ secret { level = 3 } }", "{\"secret\":{\"level\":3}}")]
    public void It_may_stand_wherever_a_text_may(string written, string expected)
    {
        Write("p", "sesame of a list");

        Assert.Equal(expected, Fields(Read(Node($"value = {written}")))["value"].ToString(Newtonsoft.Json.Formatting.None));
    }

    [Fact]
    public void A_later_secret_takes_the_place_of_an_earlier_one()
    {
        Write("p", "sesame of a file");

        var node = Read($"{Node("value = secret { file = p }")}\nrouter.filters.f.fields.value = secret {{ env = TOKEN }}");

        Assert.Equal("sesame of the environment", (string?)Fields(node)["value"]);
    }

    [Fact]
    public void The_environment_of_worker_processes_may_have_secrets()
    {
        var node = Read(Node("x = 1") + "\nrouter.workers { command = [no-such-program], environment { TOKEN = secret { env = TOKEN } } }");

        Assert.Equal("sesame of the environment", node.Workers.Single().Environment["TOKEN"]);
    }

    [Theory]
    [InlineData("secret { file = none }", "there is no file `DIR/none`", "paths are relative to the file that names them")]
    [InlineData("secret { file = open }", "others than its owner may read or change `DIR/open`", "chmod 600 DIR/open")]
    [InlineData("secret { file = group }", "others than its owner may read or change `DIR/group`", "chmod 600 DIR/group")]
    [InlineData("secret { file = empty }", "`DIR/empty` is empty", null)]
    [InlineData("secret { file = newline }", "`DIR/newline` is empty", null)]
    [InlineData("secret { file = large }", "`DIR/large` has more than 64 KiB", "a secret is a password, a token or a key")]
    [InlineData("secret { file = binary }", "`DIR/binary` is no text", "a secret is text in UTF-8")]
    [InlineData("secret { file = \".\" }", "`DIR/.` is a folder", null)]
    [InlineData("secret { env = NOT_THERE }", "the environment has no `NOT_THERE`", "set it for the node")]
    [InlineData("secret { command = [sh, -c, \"exit 3\"] }", "`sh` has ended with 3", "run it by hand to see why")]
    [InlineData("secret { command = [no-such-program] }", "`no-such-program` cannot be started: there is no such program", "name a program in PATH, or its path, relative to the file that names it")]
    [InlineData("secret { command = [\"true\"] }", "what `true` prints is empty", null)]
    [InlineData("secret { command = [cat, large] }", "what `cat` prints has more than 64 KiB", "a secret is a password, a token or a key")]
    [InlineData("secret { command = [] }", "`command` names no program", "write command = [program, argument]")]
    [InlineData("secret { fil = a, env = b }", "unknown key `fil`", "did you mean `file`?")]
    [InlineData("secret { comand = [a] }", "unknown key `comand`", "did you mean `command`?")]
    [InlineData("secret { file = a, env = b }", "it has both `file` and `env`", "give one of `file`, `env` and `command`")]
    [InlineData("secret { cache = 5m }", "it does not say where it is", "give one of `file`, `env` and `command`")]
    [InlineData("secret { env = TOKEN, cache = 5m }", "`cache` goes with `command` only", "remove it")]
    [InlineData("secret { command = [echo], cache = soon }", "`cache`: expected a duration such as 200ms, found `soon`", null)]
    public void What_cannot_be_read_is_said_with_its_cure(string written, string problem, string? cure)
    {
        Write("open", "x", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Write("group", "x", UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Write("empty", "");
        Write("newline", "\n");
        Write("large", new string('x', 70_000));
        Write("binary", "a\0b");

        var error = Assert.Single(Assert.Throws<ConfigurationException>(() => Read(Node($"value = {written}"))).Diagnostics);

        Assert.Equal("cannot read the secret `router.filters.f.fields.value`: " + problem.Replace("DIR", _folder.Path, StringComparison.Ordinal), error.Message);
        Assert.Equal(cure?.Replace("DIR", _folder.Path, StringComparison.Ordinal), error.Hint);
        Assert.Equal((4, written.Length), (error.Span!.Line, error.Span.Length));
    }

    [Theory]
    [InlineData("router.name = secret { env = TOKEN }", "`name`: expected a string, found a secret; what a node shows")]
    [InlineData("router.inputs.in.to = secret { env = TOKEN }", "`to` of input `in` (null): expected a")]
    [InlineData("router.outputs.out.encode = secret { env = TOKEN }", "found a secret; what a node shows")]
    [InlineData("router.workers.command = secret { env = TOKEN }", "found a secret; what a node shows")]
    [InlineData("akka.x = secret { env = TOKEN }", "`akka` cannot have secrets: Akka.NET shows its settings")]
    public void What_a_node_shows_of_itself_cannot_be_secret(string line, string problem)
    {
        var error = Assert.Throws<ConfigurationException>(() => Read($"{Node("x = 1")}\n{line}"));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame of the environment", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_text_at_the_same_place_makes_another_configuration_with_the_same_hash()
    {
        Write("p", "sesame of the first reading");
        var first = Read(Node("value = secret { file = p }"));
        Write("p", "sesame of the second reading");
        var second = Read(Node("value = secret { file = p }"));
        Write("p", "sesame of the first reading");
        var third = Read(Node("value = secret { file = p }"));

        Assert.Equal(first.ConfigurationHash, third.ConfigurationHash);
        Assert.Empty(Changed(first, third));
        Assert.Equal(first.ConfigurationHash, second.ConfigurationHash);
        Assert.Equal(["fields"], Changed(first, second));

        static IEnumerable<string> Changed(NodeDefinition one, NodeDefinition other) => one.Components.Zip(other.Components).SelectMany(pair => Differences.Between(pair.First, pair.Second));
    }

    private static IReadOnlyDictionary<string, JToken> Fields(NodeDefinition node) =>
        ((SetFilter.Options)node.Components.Single(component => component.Name == "f").Options!).Fields;

    private static string Node(string fields) => $$"""
        router {
          inputs.in { type = null, to = f }
          filters.f { type = set, to = out, fields {
            {{fields}}
          } }
          outputs.out { type = null }
        }
        """;

    private NodeDefinition Read(string text)
    {
        File.WriteAllText(_folder["node.conf"], text);
        return NodeReader.Read(HoconReader.ReadFiles([_folder["node.conf"]], new HoconReaderOptions { Environment = _environment.GetValueOrDefault }), BuiltIns.Registry());
    }

    private void Write(string file, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], text);
        File.SetUnixFileMode(_folder[file], mode);
    }
}
