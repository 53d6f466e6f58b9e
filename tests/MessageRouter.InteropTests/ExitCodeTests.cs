using System.Net;
using System.Net.Sockets;

namespace MessageRouter.InteropTests;

/// <summary>What a script that starts the command can rely on.</summary>
public sealed class ExitCodeTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int Usage = 64, CannotOpen = 69, Configuration = 78;

    [SkippableTheory]
    [InlineData("--bogus")]
    [InlineData("pass", "--input", "STDIN", "--output", "STDOUT", "--no-such-option", "1")]
    [InlineData("validate")]
    [InlineData("run", "node.conf", "--no-such-option")]
    public async Task A_wrong_command_line_is_a_usage_error(params string[] arguments)
    {
        var router = MessageRouter(arguments);

        Assert.Equal(Usage, await router.Exits());
        Assert.NotEmpty(router.Errors.Lines);
        Assert.Empty(router.Output.Lines);
    }

    [SkippableFact]
    public async Task Every_mistake_in_a_configuration_is_shown_at_once()
    {
        var router = RunNode("""
            router {
              inputs.in { type = stdin, to = [out, nowhere] }
              outputs.out { type = zeromq, connect = "tcp://127.0.0.1:1", subscribe-dealy = 1s }
            }
            """);

        Assert.Equal(Configuration, await router.Exits());
        Assert.Contains(router.Errors.Lines, line => line.Contains("`subscribe-dealy`", StringComparison.Ordinal));
        Assert.Contains(router.Errors.Lines, line => line.Contains("did you mean `subscribe-delay`?", StringComparison.Ordinal));
        Assert.Contains(router.Errors.Lines, line => line.Contains("nowhere", StringComparison.Ordinal));
        Assert.Contains(router.Errors.Lines, line => line.Contains("node1.conf:3:", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("expect { out = [{ n = 1 }] }", 0)]
    [InlineData("expect { out = [{ n = 2 }] }", 1)]
    [InlineData("expect { uot = [{ n = 1 }] }", Configuration)]
    public async Task Tests_of_a_configuration_pass_or_fail_or_are_wrong(string expect, int exitCode)
    {
        Files.Write("t.conf", $$"""
            router { inputs.in { type = stdin, to = out }, outputs.out { type = stdout } }
            tests { t { send { in = [{ n = 1 }] }, {{expect}} } }
            """);

        var test = MessageRouter("test", "t.conf", "--junit", "results.xml");

        Assert.Equal(exitCode, await test.Exits());
        Assert.Equal(exitCode == Configuration, test.Errors.Lines.Any(line => line.Contains("did you mean `out`?", StringComparison.Ordinal)));
        Assert.Equal(exitCode != Configuration, File.Exists(Files["results.xml"]));
    }

    [SkippableFact]
    public async Task An_include_that_nobody_writes_is_a_configuration_error()
    {
        await Started(new Peer(Files.Path, "mkfifo", ["nobody.conf"])).Exits();
        var router = RunNode("""
            router { inputs.in { type = null, to = out }, outputs.out { type = null } }
            include "nobody.conf"
            """);

        Assert.Equal(Configuration, await router.Exits());
        Assert.Contains(router.Errors.Lines, line => line.Contains("nobody.conf`: it was not read within", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("plugins = [pipe]", Configuration, "plug-in `pipe` is no file, but a pipe")]
    [InlineData("plugins = [folder]", Configuration, "plug-in `folder` has no plug-in")]
    [InlineData("control.http { bind = \"127.0.0.1:0\", token-file = pipe }", CannotOpen, "it is no file, but a pipe")]
    [InlineData("control.http { bind = \"127.0.0.1:0\", tls { certificate = pipe, key = key } }", CannotOpen, "it is no file, but a pipe")]
    [InlineData("control.http { bind = \"127.0.0.1:0\" }, control.otlp { endpoint = \"http://127.0.0.1:1\", headers-file = pipe }", CannotOpen, "it is no file, but a pipe")]
    [InlineData("cluster { name = logs, bind = \"127.0.0.1:4053\", seed-nodes = [\"127.0.0.1:4053\"], tls { certificate = pipe, key = key, trust = pipe } }", CannotOpen, "it is no file, but a pipe")]
    [InlineData("security.identities.node { file = pipe }", Configuration, "is no file, but a pipe")]
    public async Task A_file_that_is_a_pipe_which_nobody_writes_is_said_and_not_waited_for(string named, int exitCode, string problem)
    {
        await Started(new Peer(Files.Path, "bash", ["-c", "mkfifo pipe; mkdir folder; mkfifo folder/pipe.dll; echo secret > key; chmod 600 key"])).Exits();
        var router = RunNode($$"""router { {{named}}, inputs.in { type = null, to = out }, outputs.out { type = null } }""");

        Assert.Equal(exitCode, await router.Exits());
        Assert.Contains(router.Errors.Lines, line => line.Contains(problem, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("validate", 130)]
    [InlineData("run", 0)]
    public async Task A_configuration_that_nobody_writes_is_waited_for_with_a_word_until_a_signal(string command, int exitCode)
    {
        await Started(new Peer(Files.Path, "mkfifo", ["nobody.conf"])).Exits();
        var router = MessageRouter(command, "nobody.conf");
        await router.Reports(line => line.StartsWith("Waiting for `nobody.conf`, a pipe or device: ", StringComparison.Ordinal), "the command to say what it waits for");

        router.Send(Signal.Terminate);

        Assert.Equal(exitCode, await router.Exits());
        Assert.Contains("Stopped while the configuration was read; nothing was started.", router.Errors.Lines);
    }

    [SkippableTheory]
    [InlineData("ledger check pipe")]
    [InlineData("status --control http://127.0.0.1:1 --token-file pipe")]
    public async Task A_command_that_reads_a_pipe_which_nobody_writes_ends_with_a_signal(string command)
    {
        var waiting = Started(new Peer(Files.Path, "bash", ["-c", $"mkfifo pipe; exec 9<>pipe; exec env --default-signal=INT,TERM dotnet '{RouterProcess.Command}' {command}"]));
        await waiting.Until(() => Open(waiting) > 1, "the command to have it open too");

        waiting.Send(Signal.Terminate);

        Assert.Equal(130, await waiting.Exits());

        int Open(Peer process) => new DirectoryInfo($"/proc/{process.Id}/fd").GetFiles().Count(file => file.LinkTarget?.EndsWith("/pipe", StringComparison.Ordinal) == true);
    }

    [SkippableTheory]
    [InlineData("ledger check /dev/zero", "it is longer than 64 MiB")]
    [InlineData("fmt --stdin </dev/zero", "it is longer than 16 MiB")]
    [InlineData("explain node.conf --input in </dev/zero", "it is longer than 16 MiB")]
    public async Task What_does_not_end_is_read_up_to_a_limit(string command, string problem)
    {
        Files.Write("node.conf", "router { inputs.in { type = null, to = out }, outputs.out { type = null } }");
        var reader = Started(new Peer(Files.Path, "bash", ["-c", $"exec dotnet '{RouterProcess.Command}' {command}"]));

        Assert.Equal(CannotOpen, await reader.Exits());
        Assert.Contains(reader.Errors.Lines, line => line.Contains(problem, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("node1.conf", "a file of the configuration")]
    [InlineData("link.conf", "a file of the configuration")]
    [InlineData("out.log", "what outputs.out writes")]
    public async Task A_summary_takes_the_place_of_nothing_else_that_the_node_has(string summary, string what)
    {
        const string Text = "router { inputs.in { type = null, to = out }, outputs.out { type = file, path = out.log } }";
        Files.Write("node1.conf", Text);
        File.CreateSymbolicLink(Files["link.conf"], "node1.conf");
        var router = MessageRouter("run", "node1.conf", "--summary-file", summary);

        Assert.Equal(CannotOpen, await router.Exits());
        Assert.Contains(router.Errors.Lines, line => line.Contains(what, StringComparison.Ordinal));
        Assert.Equal(Text, File.ReadAllText(Files["node1.conf"]));
    }

    [SkippableFact]
    public async Task A_directory_as_standard_input_is_said_at_once()
    {
        var router = Started(new Peer(Files.Path, "sh", ["-c", "exec dotnet \"$0\" pass --input STDIN --output STDOUT < /", RouterProcess.Command]));

        Assert.Equal(CannotOpen, await router.Exits());
        Assert.Contains(router.Errors.Lines, line => line.Contains("The standard input is a directory; give a file or a pipe", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_component_that_does_not_exist_is_a_configuration_error()
    {
        var router = MessageRouter("--input", "STDIN", "--output", "Nope");

        Assert.Equal(Configuration, await router.Exits());
    }

    [SkippableFact]
    public async Task An_option_that_does_not_exist_is_a_configuration_error()
    {
        var router = MessageRouter("--input", "STDIN", "--output", "ZeroMQ", "--output_options", """{"conect":"tcp://127.0.0.1:1"}""");

        Assert.Equal(Configuration, await router.Exits());
        Assert.Contains(router.Errors.Lines, line => line.Contains("conect", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_port_in_use_cannot_be_opened()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var router = MessageRouter("--output", "STDOUT", "--input", "ZeroMQ", "--input_options", Wiring.Options(binds: true, port));

        Assert.Equal(CannotOpen, await router.Exits());
        Assert.Contains(router.Errors.Lines, line => line.Contains($"{port}", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_file_in_a_folder_that_does_not_exist_cannot_be_opened()
    {
        var router = MessageRouter("--input", "STDIN", "--output", "File", "--output_options", """{"filename":"no-such-folder/out.log"}""");

        Assert.Equal(CannotOpen, await router.Exits());
        Assert.Contains(router.Errors.Lines, line => line.Contains("no-such-folder", StringComparison.Ordinal));
    }
}
