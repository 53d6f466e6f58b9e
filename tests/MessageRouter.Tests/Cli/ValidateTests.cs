using System.Diagnostics;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Cli;

public sealed class ValidateTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_valid_file_is_summed_up()
    {
        var file = _cli.Write("node.conf", """
            router {
              inputs { a { type = null, to = [b, c] } }
              outputs { b { type = null }, c { type = null } }
            }
            """);

        Assert.Equal(0, await _cli.RunAsync("validate", file));
        Assert.Equal("""
            node.conf is valid: 1 input, 0 filters, 2 outputs.

            from  to  promise  because
            a     b   lossy    b: it drops the newest when its mailbox is full (drop-newest) (node.conf:3)
            a     c   lossy    c: it drops the newest when its mailbox is full (drop-newest) (node.conf:3)

            """, _cli.Output);
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task Worker_processes_are_summed_up_where_there_are_any()
    {
        var file = _cli.Write("node.conf", """
            router {
              inputs { a { type = null, to = b } }
              outputs { b { type = null } }
              workers { c { command = no-such-program, instances = 3 }, d { command = no-such-program } }
            }
            """);

        Assert.Equal(0, await _cli.RunAsync("validate", file));
        Assert.StartsWith($"node.conf is valid: 1 input, 0 filters, 1 output, 4 worker processes.{Environment.NewLine}", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory.limit = 50MiB", "", "64 MiB may come to wait in this node, and its memory limit is 50 MiB; the largest part in output `out`: 16 MiB in its mailbox, 16 MiB for its peers")]
    [InlineData("memory.limit = 1GiB", "mailbox.max-bytes = 2GiB", "2 GiB may come to wait in this node, and its memory limit is 1 GiB; the largest part in output `out`: 2 GiB in its mailbox, 16 MiB for its peers")]
    [InlineData("memory.limit = 1GiB", "high-water-bytes = 0", "any amount may come to wait in this node, and its memory limit is 1 GiB; the largest part in output `out`: 16 MiB in its mailbox, any amount for its peers")]
    [InlineData("memory.limit = 1GiB", "engine = netmq", "156.3 GiB may come to wait in this node, and its memory limit is 1 GiB; the largest part in output `out`: 16 MiB in its mailbox, 156.3 GiB for its peers")]
    [InlineData("memory.limit = 1GiB", "", null)]
    [InlineData("memory.limit = off", "mailbox.max-bytes = 900GiB", null)]
    [InlineData("", "", null)]
    public async Task Bounds_that_allow_more_than_the_nodes_memory_limit_are_warned_of(string routerKey, string outputKey, string? warning)
    {
        var file = _cli.Write("node.conf", $$"""
            router {
              {{routerKey}}
              inputs.in { type = stdin, to = [out] }
              outputs.out {
                type = zeromq, bind = "tcp://127.0.0.1:5558"
                {{outputKey}}
              }
            }
            """);

        Assert.Equal(0, await _cli.RunAsync("validate", file));
        if (warning is null) Assert.Empty(_cli.Error);
        else Assert.StartsWith($"warning: {warning}", _cli.Error, StringComparison.Ordinal);
        if (warning is not null) Assert.Contains("node.conf:4:", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "warning: 104 MiB may come to wait in this node, 20 MiB of it in messages of which only a part has come, and its memory limit is 80 MiB; the largest part in output `out`")]
    [InlineData("engine = netmq", null)]
    public async Task Messages_of_which_only_a_part_has_come_are_in_that_sum(string inputKey, string? warning)
    {
        var file = _cli.Write("node.conf", $$"""
            router {
              memory.limit = 80MiB
              errors { type = null }
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:5558", mailbox.max-bytes = 20MiB, socket-type = pull, to = f, {{inputKey}} }
              filters.f { type = all, to = out }
              outputs.out { type = null, mailbox.max-bytes = 32MiB }
            }
            """);

        Assert.Equal(0, await _cli.RunAsync("validate", file));
        if (warning is null) Assert.DoesNotContain("only a part has come", _cli.Error, StringComparison.Ordinal);
        else Assert.StartsWith(warning, _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_that_nobody_writes_to_is_waited_for_with_a_word_and_read_when_somebody_does()
    {
        var pipe = _cli["node.conf"];
        using (var mkfifo = Process.Start("mkfifo", [pipe])) await mkfifo.WaitForExitAsync();

        var running = Task.Run(() => _cli.RunAsync("validate", pipe));
        await Eventually.IsTrueAsync(() => _cli.Error.StartsWith("Waiting for `node.conf`, a pipe or device: ", StringComparison.Ordinal), () => _cli.Error);
        await File.WriteAllTextAsync(pipe, "router { inputs { a { type = null, to = b } }, outputs { b { type = null } } }");

        Assert.Equal(0, await running);
        Assert.StartsWith("node.conf is valid: 1 input, 0 filters, 1 output.", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("run")]
    public async Task All_mistakes_are_shown_at_once_with_their_places(string command)
    {
        _cli.Write("out.conf", """
            outputs {
              bus {
                type = zeromq
                connect = "tcp://127.0.0.1:5558"
                subscribe-dealy = 200ms
              }
            }
            """);
        var file = _cli.Write("node.conf", """
            router {
              inputs { a { type = nul, to = bus } }
              include "out.conf"
            }
            """);

        Assert.Equal(78, await _cli.RunAsync(command, file));
        Assert.Equal("""
            error: unknown type `nul` for input `a`
             --> node.conf:2:23
              |
            2 |   inputs { a { type = nul, to = bus } }
              |                       ^^^ did you mean `null`?

            error: unknown key `subscribe-dealy` for output `bus` (zeromq)
             --> out.conf:5:5
              |
            5 |     subscribe-dealy = 200ms
              |     ^^^^^^^^^^^^^^^ did you mean `subscribe-delay`?
              = included from node.conf:3

            2 errors; nothing was started.

            """, _cli.Error);
        Assert.Empty(_cli.Output);
    }

    [Fact]
    public async Task Settings_win_over_files_and_later_files_over_earlier_ones()
    {
        var first = _cli.Write("first.conf", "router { inputs { a { type = wrong, to = b } }, outputs { b { type = wrong } } }");
        var second = _cli.Write("second.conf", "router.inputs.a.type = null");

        Assert.Equal(0, await _cli.RunAsync("validate", first, second, "--set", "router.outputs.b.type=null"));
        Assert.StartsWith($"first.conf with second.conf is valid: 1 input, 0 filters, 1 output.{Environment.NewLine}", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_stands_for_its_files_in_the_order_of_their_names()
    {
        Directory.CreateDirectory(_cli["conf.d/10-more.conf"]);
        _cli.Write("conf.d/10-b.conf", "router.name = b, router.outputs.b.type = null");
        _cli.Write("conf.d/9-last.conf", "router.name = last");
        _cli.Write("conf.d/10-B.conf", "router { name = a, inputs.a { type = null, to = b } }");
        _cli.Write("conf.d/.hidden.conf", "{{{");
        _cli.Write("conf.d/notes.txt", "{{{");
        var later = _cli.Write("later.conf", "router.outputs.b.encode = text");

        Assert.Equal(0, await _cli.RunAsync("graph", _cli["conf.d"], later));

        Assert.StartsWith("last: 1 input, 0 filters, 1 output\n", _cli.Output, StringComparison.Ordinal);
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task A_folder_without_files_is_a_mistake()
    {
        Directory.CreateDirectory(_cli["conf.d"]);

        Assert.Equal(78, await _cli.RunAsync("validate", _cli["conf.d"]));
        Assert.Equal("""
            error: the folder `conf.d` has no *.conf
              = put the node's files there, such as 10-inputs.conf; they are read in the order of their names

            1 error; nothing was started.

            """, _cli.Error);
    }

    [Theory]
    [InlineData("bind = \"0.0.0.0:9600\", token-file = t", true)]
    [InlineData("bind = \"0.0.0.0:9600\", token-file = t, tls { certificate = c, key = k }", false)]
    [InlineData("bind = \"127.0.0.1:9600\"", false)]
    public async Task A_token_that_goes_unencrypted_over_a_network_is_said(string http, bool isSaid)
    {
        Assert.Equal(0, await _cli.RunAsync("validate", _cli.Write("node.conf", $"router {{ control.http {{ {http} }}, inputs.a {{ type = stdin, to = b }}, outputs.b {{ type = null }} }}")));

        Assert.Equal(isSaid, _cli.Output.Contains("\nUnencrypted, token included: the control endpoint http://0.0.0.0:9600;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_a_node_is_open_to_others_is_said()
    {
        Assert.Equal(0, await _cli.RunAsync("validate", _cli.Write("node.conf", """router { inputs.a { type = zeromq, bind = ["tcp://*:5222", "tcp://127.0.0.1:5223"], to = b }, outputs.b { type = null } }""")));

        Assert.EndsWith("\nOpen to whoever reaches this machine: tcp://*:5222 (inputs.a)\n", _cli.Output, StringComparison.Ordinal);
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task A_mistake_in_a_setting_points_into_it()
    {
        var file = _cli.Write("node.conf", "router { inputs { a { type = null, to = b } }, outputs { b { type = null } } }");

        Assert.Equal(78, await _cli.RunAsync("validate", file, "--set", "router.nam=x"));
        Assert.Equal("""
            error: unknown key `nam` for the router
             --> --set:1:8
              |
            1 | router.nam=x
              |        ^^^ did you mean `name`?

            1 error; nothing was started.

            """, _cli.Error);
    }

    [Fact]
    public async Task A_missing_file_is_a_mistake_in_the_configuration()
    {
        Assert.Equal(78, await _cli.RunAsync("validate", _cli["nowhere.conf"]));
        Assert.StartsWith("error: cannot read `nowhere.conf`: there is no such file\n", _cli.Error, StringComparison.Ordinal);
    }
}
