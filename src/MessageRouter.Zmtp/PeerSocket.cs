using System.Net.Sockets;

namespace MessageRouter.Zmtp;

/// <summary>A socket: where it listens, what it connects to, and the connections that come of both.</summary>
internal sealed class PeerSocket(PeerSettings settings, IPeerSink sink, TimeProvider clock, IConnectionLog log, ReadPoller? poller, ListenerShelf shelf) : IPeerSocket
{
    /// <summary>How long a peer may take to introduce itself.</summary>
    public static readonly TimeSpan Introduction = TimeSpan.FromSeconds(3);

    /// <summary>Accepted connections that have not introduced themselves; when there are more the oldest ends.</summary>
    public const int MostStrangers = 1000;

    /// <summary>Accepted connections in all.</summary>
    public const int MostAccepted = 10_000;

    private const string SocketClosed = "This side has closed the socket.";

    private readonly Lock _lock = new();
    private readonly List<ZmtpListener> _listeners = [];
    private readonly List<Task> _loops = [];
    private readonly HashSet<ZmtpConnection> _connections = [];
    private readonly List<ZmtpConnection> _strangers = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _closed;

    public IReadOnlyList<string> Endpoints { get; private set; } = [];

    public PeerSocketType Type => settings.Socket;

    public IReadOnlyList<IPeer> Peers => [.. Connections().Where(connection => connection.IsThere)];

    /// <summary>Whether it was closed and everything of it has ended.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock) return _closed is { IsCompleted: true };
        }
    }

    /// <summary>Binds, and begins to listen and to connect.</summary>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound, or is neither of TCP nor of a Unix domain socket.</exception>
    public void Open()
    {
        try
        {
            if (settings.Connect.Concat(settings.Bind).FirstOrDefault(endpoint => endpoint is { IsTcp: false, IsIpc: false }) is { } other)
                throw new ZmtpEndpointException(other, "cannot be used: only tcp:// and ipc:// can be here.");
            foreach (var endpoint in settings.Bind) _listeners.Add(shelf.Bind(endpoint));
        }
        catch
        {
            foreach (var listener in _listeners) shelf.Release(listener);
            throw;
        }
        Endpoints = [.. _listeners.Select(listener => listener.Endpoint), .. settings.Connect.Select(endpoint => endpoint.ToString())];
        var closing = _closing.Token;
        foreach (var listener in _listeners) _loops.Add(Task.Run(() => listener.AcceptAsync(socket => _ = ServeAsync(socket, listener.NameOf(socket), accepted: true), clock, log, closing)));
        foreach (var endpoint in settings.Connect)
        {
            var connector = new ZmtpConnector(endpoint, settings, clock, log);
            _loops.Add(Task.Run(() => connector.ConnectAsync(socket => ServeAsync(socket, endpoint.ToString(), accepted: false), closing)));
        }
    }

    public void TakeNoMorePeers()
    {
        _ = _closing.CancelAsync();
        foreach (var listener in _listeners) shelf.Release(listener);
    }

    public Task CloseAsync()
    {
        TakeNoMorePeers();
        lock (_lock)
        {
            if (_closed is not null) return _closed;
            if (_connections.Count == 0) _empty.SetResult();
            _closed = Task.WhenAll([.. _loops, _empty.Task]);
        }
        foreach (var connection in Connections()) connection.Close(SocketClosed);
        return _closed;
    }

    /// <summary>Ends at once what <see cref="CloseAsync"/> still leaves time.</summary>
    public void Abort()
    {
        foreach (var connection in Connections()) connection.Disconnect(SocketClosed);
    }

    /// <returns>Whether the peer had introduced itself.</returns>
    private async Task<bool> ServeAsync(Socket socket, string name, bool accepted)
    {
        if (Connection(socket, name, accepted) is not { } connection) return false;
        if (!Add(connection, accepted))
        {
            connection.Dispose();
            return false;
        }
        try
        {
            if (!await connection.IntroduceAsync(Introduction))
            {
                log.Refused(name, connection.Reason);
                return false;
            }
            if (accepted) Introduced(connection);
            await connection.RunAsync();
            return true;
        }
        catch (Exception exception)
        {
            log.Failed(name, exception);
            return true;
        }
        finally
        {
            // In this order: who waits for the socket to have closed may rely on there being nothing left of it.
            connection.Dispose();
            Remove(connection);
        }
    }

    /// <returns>Null where the peer has broken the connection off already.</returns>
    private ZmtpConnection? Connection(Socket socket, string name, bool accepted)
    {
        try
        {
            return new ZmtpConnection(socket, name, accepted, settings, clock, sink, poller);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private bool Add(ZmtpConnection connection, bool accepted)
    {
        ZmtpConnection? oldest = null;
        lock (_lock)
        {
            if (_closed is not null || _closing.IsCancellationRequested || (accepted && _connections.Count >= MostAccepted)) return false;
            _connections.Add(connection);
            if (accepted) _strangers.Add(connection);
            if (_strangers.Count > MostStrangers)
            {
                oldest = _strangers[0];
                _strangers.RemoveAt(0);
            }
        }
        oldest?.Disconnect($"It had not introduced itself when {MostStrangers} others had not either.");
        return true;
    }

    private void Introduced(ZmtpConnection connection)
    {
        lock (_lock) _strangers.Remove(connection);
    }

    private void Remove(ZmtpConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
            _strangers.Remove(connection);
            if (_closed is not null && _connections.Count == 0) _empty.TrySetResult();
        }
    }

    private ZmtpConnection[] Connections()
    {
        lock (_lock) return [.. _connections];
    }
}
