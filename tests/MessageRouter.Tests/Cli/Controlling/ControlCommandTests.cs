using System.Net.Sockets;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Cli.Controlling;

public sealed class ControlCommandTests : IDisposable
{
    private readonly CliRun _cli = new();
    private readonly TempFolder _sockets = new();
    private readonly List<Socket> _listening = [];

    public ControlCommandTests() => _cli.Environment["MESSAGE_ROUTER_SOCKETS"] = _sockets.Path;

    public void Dispose()
    {
        foreach (var socket in _listening) socket.Dispose();
        _sockets.Dispose();
        _cli.Dispose();
    }

    [Theory]
    [InlineData("status --node a --control b", "error: `--node` and `--control` both say which node; give one of them\nTry `message-router status --help`.\n")]
    [InlineData("health --token-file t", "error: `--token-file` goes with `--control http://…`; a socket needs no token\nTry `message-router health --help`.\n")]
    [InlineData("status --format xml", "error: `--format` takes text or json\nTry `message-router status --help`.\n")]
    [InlineData("tap a --format xml", "error: `--format` takes pretty, json or raw\nTry `message-router tap --help`.\n")]
    [InlineData("tap a --side lost", "error: `--side` takes in, out, dropped or failed, not `lost`\nTry `message-router tap --help`.\n")]
    [InlineData("tap a --limit 0", "error: `--limit` takes a number, 1 or more\nTry `message-router tap --help`.\n")]
    [InlineData("tap a --duration 10", "error: `--duration` takes a time with its unit, such as 500ms, 10s or 5m\nTry `message-router tap --help`.\n")]
    [InlineData("top --interval fast", "error: `--interval` takes a time with its unit, such as 500ms, 10s or 5m\nTry `message-router top --help`.\n")]
    [InlineData("stauts", "error: unknown command `stauts` for `message-router`; did you mean `status`?\nTry `message-router --help`.\n")]
    [InlineData("resize redact many", "error: Cannot parse argument 'many' for command 'resize' as expected type 'System.Int32'\nTry `message-router resize --help`.\n")]
    [InlineData("status --control http://user@x/", "error: `http://user@x/` is no address; write http://127.0.0.1:9600.\n")]
    public async Task What_is_wrong_with_a_command_line_is_said(string arguments, string expected)
    {
        Assert.Equal(64, await _cli.RunAsync(arguments.Split(' ')));
        Assert.Equal(expected, _cli.Error);
    }

    [Theory]
    [InlineData("nodes")]
    [InlineData("status")]
    [InlineData("health")]
    [InlineData("top")]
    [InlineData("tap")]
    [InlineData("stop")]
    [InlineData("resize")]
    [InlineData("config")]
    public async Task Help_begins_with_examples(string command)
    {
        Assert.Equal(0, await _cli.RunAsync(command, "--help"));
        Assert.StartsWith($"Examples:\n  message-router {command}", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("health")]
    [InlineData("top")]
    [InlineData("tap x")]
    [InlineData("stop")]
    [InlineData("resize x 2")]
    [InlineData("top --cluster")]
    [InlineData("ledger check --cluster")]
    [InlineData("graph --cluster")]
    [InlineData("config")]
    [InlineData("config --live --origin")]
    public async Task Where_no_node_runs_it_is_said_what_to_do(string arguments)
    {
        Assert.Equal(69, await _cli.RunAsync(arguments.Split(' ')));
        Assert.StartsWith("error: no node runs that this user can see.\n  `message-router run node.conf` starts one.\n", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("control = off", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_no_nodes_is_empty()
    {
        Assert.Equal(0, await _cli.RunAsync("nodes", "--format", "json"));
        Assert.Equal("[]\n", _cli.Output);
    }

    [Fact]
    public async Task Of_several_nodes_one_must_be_chosen()
    {
        Listen("a-12.sock");
        Listen("b-c-34.sock");

        Assert.Equal(64, await _cli.RunAsync("status"));
        Assert.Equal($"error: 2 nodes run; say which one is meant, with --node:\n  a-12    {_sockets["a-12.sock"]}\n  b-c-34    {_sockets["b-c-34.sock"]}\n", _cli.Error);
    }

    [Theory]
    [InlineData("b", "error: no node `b` runs; these do:\n  a-12 ")]
    [InlineData("a", "error: 2 nodes are called `a`; say which one is meant, with --node:\n  a-12 ")]
    public async Task A_name_must_be_that_of_one_node(string name, string begin)
    {
        Listen("a-12.sock");
        Listen("a-13.sock");

        Assert.NotEqual(0, await _cli.RunAsync("status", "--node", name));
        Assert.StartsWith(begin, _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_its_process_has_left_behind_is_no_node()
    {
        Listen("a-12.sock");
        _listening[0].Dispose();

        Assert.Equal(69, await _cli.RunAsync("status"));
    }

    [Fact]
    public async Task Where_nobody_is_it_is_said_where_that_was()
    {
        Assert.Equal(69, await _cli.RunAsync("status", "--control", _sockets["none.sock"]));
        Assert.Equal($"error: no node is at {_sockets["none.sock"]}; `message-router nodes` lists those that run.\n", _cli.Error);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_wait_for_a_node_that_does_not_answer()
    {
        Listen("a-12.sock");

        var status = _cli.RunAsync("status");
        await _cli.StopAsync();

        Assert.Equal(130, await status);
        Assert.Empty(_cli.Error);
    }

    private void Listen(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_sockets[name]));
        socket.Listen();
        _listening.Add(socket);
    }
}
