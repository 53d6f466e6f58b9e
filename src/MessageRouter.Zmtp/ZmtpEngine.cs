namespace MessageRouter.Zmtp;

/// <summary>
/// ZMTP 3 over TCP without security, with nothing between it and the operating system's sockets. Whoever connects may be
/// hostile: what a peer does costs its own connection and nothing else.
/// </summary>
/// <param name="logs">Hears of each socket, by its name.</param>
/// <param name="clock">What time it is.</param>
/// <param name="partial">What messages may take of which only a part has come, those of all sockets together; null for no limit but their sizes.</param>
internal sealed class ZmtpEngine(Func<string, IConnectionLog> logs, TimeProvider clock, PartialMemory? partial = null) : IPeerEngine, IAsyncDisposable
{
    /// <summary>What closing may take beyond the longest linger time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<PeerSocket> _sockets = [];
    private readonly SharedPoller _poller = new();
    private readonly ListenerShelf _shelf = new();
    private TimeSpan _longestLinger;

    public IDisposable KeepListening(IEnumerable<ZmtpEndpoint> endpoints) => _shelf.Keep(endpoints);

    public IPeerSocket Open(PeerSettings settings, IPeerSink sink)
    {
        var socket = new PeerSocket(settings with { Partial = partial }, sink, clock, logs(settings.Name), _poller, _shelf);
        socket.Open();
        lock (_lock)
        {
            _sockets.RemoveAll(closed => closed.IsClosed);
            _sockets.Add(socket);
            if (settings.Linger > _longestLinger) _longestLinger = settings.Linger;
        }
        return socket;
    }

    /// <summary>Closes what is open, and waits until closed sockets have sent what they may still send within their linger time.</summary>
    public async ValueTask DisposeAsync()
    {
        PeerSocket[] sockets;
        lock (_lock) sockets = [.. _sockets];
        var closed = Task.WhenAll(sockets.Select(socket => socket.CloseAsync()));
        await closed.WaitAsync(_longestLinger + Grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var socket in sockets) socket.Abort();
        await closed;
        _poller.Dispose();
    }
}
