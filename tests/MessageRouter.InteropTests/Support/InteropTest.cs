namespace MessageRouter.InteropTests.Support;

/// <summary>Starts the peers of one test, and afterwards shows what they said and ends them.</summary>
public abstract class InteropTest(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly List<Peer> peers = [];
    private int nodes;

    private protected TemporaryDirectory Files { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var peer in peers)
        {
            output.WriteLine(peer.Describe());
            await peer.DisposeAsync();
        }

        Files.Dispose();
    }

    /// <summary>Runs the Perl original.</summary>
    private protected PerlPeer MessagePass(params IEnumerable<string> arguments) => Started(PerlPeer.MessagePass(Files.Path, arguments));

    /// <summary>Runs the product with these arguments.</summary>
    private protected RouterProcess MessageRouter(params IEnumerable<string> arguments) =>
        Started(new RouterProcess(Files.Path, arguments));

    /// <summary>Runs a node of the product from a configuration.</summary>
    /// <param name="configuration">The text of its file.</param>
    /// <param name="place">What runs a program where the node is to run; nothing for here.</param>
    private protected RouterProcess RunNode(string configuration, params IEnumerable<string> place) => RunNodeBy(RouterProcess.Command, configuration, place);

    /// <summary>Runs a node from a configuration by another build of the product.</summary>
    /// <param name="command">The assembly of its command.</param>
    /// <param name="configuration">The text of its file.</param>
    /// <param name="place">What runs a program where the node is to run; nothing for here.</param>
    private protected RouterProcess RunNodeBy(string command, string configuration, params IEnumerable<string> place)
    {
        var node = ++nodes;
        Files.Write($"node{node}.conf", configuration);
        return Started(new RouterProcess(place, Files.Path, ["run", $"node{node}.conf", "--summary-file", $"ledger{node}.json"], command));
    }

    /// <summary>Runs a libzmq socket that binds or connects to a port of this machine.</summary>
    private protected ZmqPeer Zmq(string socketType, string side, int port, params IEnumerable<string> more) =>
        ZmqScript("peer.py", [socketType, side, $"tcp://127.0.0.1:{port}", .. more]);

    private protected ZmqPeer ZmqScript(string script, params IEnumerable<string> arguments) =>
        Started(new ZmqPeer(Files.Path, script, arguments));

    private protected T Started<T>(T peer)
        where T : Peer
    {
        peers.Add(peer);
        return peer;
    }
}
