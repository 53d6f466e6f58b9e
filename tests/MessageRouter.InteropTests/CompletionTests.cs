namespace MessageRouter.InteropTests;

/// <summary>Completion as somebody at a prompt of bash has it.</summary>
public sealed class CompletionTests(ITestOutputHelper output) : InteropTest(output)
{
    private const string Node = """
        router {
          name = shop
          inputs { orders { type = generator, rate = 1, to = [priced, kept] } }
          filters { priced { type = tee, instances = 2, to = kept } }
          outputs { kept { type = null } }
        }
        """;

    [Fact]
    public async Task Bash_completes_commands_options_values_components_and_running_nodes()
    {
        Files.Write("message-router", $"#!/bin/sh\nexec dotnet '{RouterProcess.Command}' \"$@\"\n");
        File.SetUnixFileMode(Files["message-router"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Files.Write("node.conf", Node);
        var sockets = ("MESSAGE_ROUTER_SOCKETS", Files["sockets"]);
        var node = Started(new Peer(Files.Path, Files["message-router"], ["run", "node.conf"], sockets));
        await node.Reports(line => line.Contains(" started with ", StringComparison.Ordinal), "the node to start");
        Files.Write("completions.sh", """
            PATH=$PWD:$PATH
            source <(message-router completion bash)
            complete -p message-router
            completed() {
              COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
              _message_router
              echo "${COMPREPLY[*]}"
            }

            # Nobody at a prompt waits for a node that does not answer at once: he asks again.
            answered() {
              local answer
              until answer=$(completed "$@") && [ -n "$answer" ]; do :; done
              echo "$answer"
            }
            completed message-router stat
            completed message-router status --no
            completed message-router status --format = j
            completed message-router components gen
            completed message-router status --node ''
            answered message-router tap --node shop p
            answered message-router tap --node shop filters.
            answered message-router resize ''
            completed ./message-router run --log-format ''
            completed message-router run ''
            """);

        var bash = Started(new Peer(Files.Path, "bash", ["--norc", "completions.sh"], sockets));

        Assert.Equal(0, await bash.Exits());
        Assert.Equal(
            ["complete -F _message_router message-router", "status", "--node", "json", "generator", "shop", "priced", "filters.priced", "filters.priced priced", "json text", ""],
            bash.Output.Lines);
        Assert.Empty(bash.Errors.Lines);
    }

    [Fact]
    public async Task Commands_and_options_are_completed_without_a_look_at_Akka()
    {
        // It is there, and whoever opens it fails.
        Directory.CreateDirectory(Files["command"]);
        foreach (var path in Directory.GetFileSystemEntries(AppContext.BaseDirectory))
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith("message-router.", StringComparison.Ordinal)) File.Copy(path, Files[$"command/{name}"]);
            else if (name.StartsWith("Akka", StringComparison.Ordinal)) Files.Write($"command/{name}", "");
            else File.CreateSymbolicLink(Files[$"command/{name}"], path);
        }

        var complete = Started(new Peer(Files.Path, "dotnet", [Files["command/message-router.dll"], "complete", "--", "status", "--fo"]));

        Assert.Equal(0, await complete.Exits());
        Assert.Equal(["--format\tHow it is written"], complete.Output.Lines);
        Assert.Empty(complete.Errors.Lines);
    }

    [Fact]
    public async Task The_scripts_for_shells_that_are_there_have_no_mistake()
    {
        foreach (var (shell, check) in ((string, string)[])[("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")])
        {
            if (!File.Exists($"/usr/bin/{shell}")) continue;
            var script = MessageRouter("completion", shell);
            Assert.Equal(0, await script.Exits());
            Files.Write($"script.{shell}", string.Join('\n', script.Output.Lines) + "\n");

            var checking = Started(new Peer(Files.Path, shell, [check, $"script.{shell}"]));

            Assert.True(await checking.Exits() == 0, checking.Describe());
        }
    }

    [Fact]
    public async Task Man_shows_the_manual_without_a_complaint()
    {
        var manual = MessageRouter("help", "--man");
        Assert.Equal(0, await manual.Exits());
        Files.Write("message-router.1", string.Join('\n', manual.Output.Lines) + "\n");
        if (!File.Exists("/usr/bin/groff")) return;

        var shown = Started(new Peer(Files.Path, "groff", ["-man", "-ww", "-Tutf8", "-P-cbou", "message-router.1"]));

        Assert.Equal(0, await shown.Exits());
        Assert.Empty(shown.Errors.Lines);
        Assert.Contains(shown.Output.Lines, line => line.Contains("EXIT STATUS", StringComparison.Ordinal));
    }
}
