namespace MessageRouter.InteropTests.Support;

/// <summary>A node whose socket is in a folder of its own, so that commands see no other, and the commands that look at it.</summary>
internal sealed class WatchedNode : IAsyncDisposable
{
    /// <summary>Everything that can be looked at: losses with a reason, a pool, an output that nobody is at.</summary>
    public const string Shop = """
        router {
          name = shop
          shutdown.drain-timeout = 3s
          control.http { bind = "127.0.0.1:0", token-file = "token" }
          inputs.web { type = generator, rate = 200, to = [errors-only, bus, warehouse] }
          filters.errors-only { type = key, key = level, match = error, instances = 2, to = archive }
          outputs {
            archive { type = file, path = archive.log }
            bus { type = zeromq, bind = "tcp://127.0.0.1:*", socket-type = pub }
            warehouse { type = zeromq, bind = "tcp://127.0.0.1:*", socket-type = push, mailbox { capacity = 50, overflow = drop-oldest } }
          }
        }
        """;

    public const string Token = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryDirectory _files = new();
    private readonly List<Peer> _peers = [];

    public WatchedNode(string configuration)
    {
        _files.Write("node.conf", configuration);
        _files.Write("token", Token);
        File.SetUnixFileMode(_files["token"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _files.Write("wrong-token", Token + "x");
        Node = Run();
    }

    /// <summary>The process that runs the node.</summary>
    public Peer Node { get; private set; }

    public string this[string file] => _files[file];

    /// <summary>The address of its control endpoint over HTTP.</summary>
    public async Task<string> AddressAsync()
    {
        var line = await Node.Reports(line => line.Contains("can be looked at", StringComparison.Ordinal), "the address of the control endpoint");
        return line[line.IndexOf("http", StringComparison.Ordinal)..].TrimEnd('/');
    }

    public Task StartsAsync() => Node.Reports(line => line.Contains(" started with ", StringComparison.Ordinal), "the node to start");

    /// <summary>Runs it again, in another process.</summary>
    public void RunAgain() => Node = Run();

    /// <summary>Begins a command.</summary>
    public Peer Begin(params IEnumerable<string> arguments) => BeginProgram("env", ["--default-signal=HUP,INT,TERM", "dotnet", RouterProcess.Command, .. arguments]);

    /// <summary>Begins it in a terminal of its own.</summary>
    public Peer BeginInTerminal(string size, params IEnumerable<string> arguments) =>
        BeginProgram(ZmqPeer.Python, [Path.Combine(AppContext.BaseDirectory, "Peers", "terminal.py"), size, "env", "--default-signal=HUP,INT,TERM", "dotnet", RouterProcess.Command, .. arguments]);

    /// <summary>Does a command, which must end with an exit code.</summary>
    /// <returns>What it has written: to the standard output, and to the error output.</returns>
    public async Task<(string Output, string Errors)> Does(int exitCode, params IEnumerable<string> arguments)
    {
        var command = Begin(arguments);
        var code = await command.Exits();
        Assert.True(code == exitCode, $"{exitCode} was expected:\n{command.Describe()}");
        return (string.Join('\n', command.Output.Lines), string.Join('\n', command.Errors.Lines));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers) await peer.DisposeAsync();
        _files.Dispose();
    }

    private Peer Run() => Begin("run", "node.conf");

    private Peer BeginProgram(string program, IEnumerable<string> arguments)
    {
        var peer = new Peer(_files.Path, program, arguments, ("MESSAGE_ROUTER_SOCKETS", _files["sockets"]));
        _peers.Add(peer);
        return peer;
    }
}
