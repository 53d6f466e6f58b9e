using System.Net;
using System.Net.Sockets;
using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>A socket: where it listens, what it connects to, and the connections that come of both.</summary>
internal sealed class PeerSocket(PeerSettings settings, IPeerSink sink, TimeProvider clock, IConnectionLog log, SharedPoller poller, ListenerShelf shelf) : IPeerSocket
{
    private const string SocketClosed = "This side has closed the socket.";

    private const string EndpointLeft = "This side uses the endpoint no more.";

    private readonly Lock _lock = new();
    private readonly Dictionary<ZmtpEndpoint, ServedEndpoint> _bound = [];
    private readonly Dictionary<ZmtpEndpoint, ServedEndpoint> _connectedTo = [];
    private readonly List<Task> _loops = [];
    private readonly Dictionary<ZmtpConnection, ServedEndpoint> _connections = [];
    private readonly LimitsInForce _limits = new(settings.Limits);
    private readonly Admission _admission = new(clock);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _watch;
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
            foreach (var endpoint in settings.Bind) _bound.Add(endpoint, new ServedEndpoint(shelf.Bind(endpoint), _closing.Token));
        }
        catch
        {
            foreach (var (_, bound) in _bound) shelf.Release(bound.Listener!);
            throw;
        }
        if (settings.Security is { } security) security.Revoked += EndRevoked;
        foreach (var (_, bound) in _bound) Listen(bound);
        foreach (var endpoint in settings.Connect) Connect(endpoint);
        NameEndpoints(settings.Bind, settings.Connect);
        _watch = clock.CreateTimer(_ => EndUnfinished(), null, WatchEvery, WatchEvery);
    }

    public void Change(PeerSettings next)
    {
        ChangeEndpoints(next.Bind, next.Connect);
        _limits.Current = next.Limits;
        _watch?.Change(WatchEvery, WatchEvery);
        foreach (var connection in Connections()) EndIfUnwelcome(connection);
    }

    private void EndIfUnwelcome(ZmtpConnection connection)
    {
        if (!Admission.IsWelcome(connection.Address, _limits.Current)) connection.Disconnect("Connections are not taken from its address any more (limits.allow-from, limits.deny-from).", Refusals.Address);
    }

    private void ChangeEndpoints(IReadOnlyList<ZmtpEndpoint> bind, IReadOnlyList<ZmtpEndpoint> connect)
    {
        lock (_lock)
        {
            if (_closed is not null || _closing.IsCancellationRequested) return;

            // Where the system has chosen a port, an endpoint may be written with it or without.
            bind = [.. bind.Select(endpoint => _bound.Keys.FirstOrDefault(known => known == endpoint || _bound[known].Listener!.Endpoint == ZmtpListener.KeyOf(endpoint)) ?? endpoint)];

            // First what may fail; what is bound by then is released with the socket.
            List<ServedEndpoint> added = [];
            foreach (var endpoint in bind.Where(endpoint => !_bound.ContainsKey(endpoint)))
            {
                var served = new ServedEndpoint(shelf.Bind(endpoint), _closing.Token);
                _bound.Add(endpoint, served);
                added.Add(served);
            }
            added.ForEach(Listen);
            foreach (var endpoint in connect.Where(endpoint => !_connectedTo.ContainsKey(endpoint))) Connect(endpoint);
            foreach (var endpoint in _bound.Keys.Except(bind).ToList()) Leave(_bound, endpoint);
            foreach (var endpoint in _connectedTo.Keys.Except(connect).ToList()) Leave(_connectedTo, endpoint);
            NameEndpoints(bind, connect);
        }
    }

    public void TakeNoMorePeers()
    {
        _ = _closing.CancelAsync();
        lock (_lock)
        {
            foreach (var (_, bound) in _bound) shelf.Release(bound.Listener!);
        }
    }

    private void Listen(ServedEndpoint bound)
    {
        var listener = bound.Listener!;
        _loops.Add(Task.Run(() => listener.AcceptAsync((socket, peer) => Accept(socket, peer, bound), clock, log, bound.Ending)));
    }

    private void Accept(Socket socket, EndPoint? peer, ServedEndpoint endpoint)
    {
        var limits = _limits.Current;
        var address = Admission.AddressOf(peer);
        if (_admission.Enter(address, limits, out var visit) is { } refusal) TurnAway(socket, new TurnedAway(address, endpoint.Listener!.Endpoint, refusal, limits));
        else _ = ServeVisitAsync(socket, endpoint.Listener!.NameOf(peer), endpoint, visit!);
    }

    /// <remarks>With a reset, after which this side need not remember anything of the connection either.</remarks>
    private void TurnAway(Socket socket, TurnedAway connection)
    {
        socket.Close(timeout: 0);
        settings.Refused.Add(connection.Refusal);
        log.TurnedAway(connection);
    }

    private async Task ServeVisitAsync(Socket socket, string name, ServedEndpoint endpoint, Visit visit)
    {
        try
        {
            await ServeAsync(socket, name, endpoint, visit);
        }
        finally
        {
            _admission.Left(visit);
        }
    }

    private void Connect(ZmtpEndpoint endpoint)
    {
        var served = new ServedEndpoint(null, _closing.Token);
        _connectedTo.Add(endpoint, served);
        var connector = new ZmtpConnector(endpoint, settings, clock, log);
        _loops.Add(Task.Run(() => connector.ConnectAsync(socket => ServeAsync(socket, endpoint.ToString(), served), served.Ending)));
    }

    /// <summary>Serves an endpoint no more; its peers get what was sent to them.</summary>
    private void Leave(Dictionary<ZmtpEndpoint, ServedEndpoint> all, ZmtpEndpoint endpoint)
    {
        all.Remove(endpoint, out var left);
        left!.End();
        if (left.Listener is { } listener) shelf.Release(listener);
        foreach (var (connection, _) in _connections.Where(pair => pair.Value == left).ToList()) connection.Close(EndpointLeft);
    }

    private void NameEndpoints(IEnumerable<ZmtpEndpoint> bind, IEnumerable<ZmtpEndpoint> connect) =>
        Endpoints = [.. bind.Select(endpoint => _bound[endpoint].Listener!.Endpoint), .. connect.Select(endpoint => endpoint.ToString())];

    public Task CloseAsync() => CloseAsync(settings.Linger);

    /// <summary>The same within a time that is less than the linger time, where some of that has gone by.</summary>
    public Task CloseAsync(TimeSpan linger)
    {
        TakeNoMorePeers();
        _watch?.Dispose();
        if (settings.Security is { } security) security.Revoked -= EndRevoked;
        lock (_lock)
        {
            if (_closed is not null) return _closed;
            if (_connections.Count == 0) _empty.SetResult();
            _closed = Task.WhenAll([.. _loops, _empty.Task]);
        }
        foreach (var connection in Connections()) connection.Close(SocketClosed, linger);
        return _closed;
    }

    /// <summary>Ends at once what <see cref="CloseAsync()"/> still leaves time.</summary>
    public void Abort()
    {
        foreach (var connection in Connections()) connection.Disconnect(SocketClosed);
    }

    /// <summary>How often it is looked who does not finish a message.</summary>
    private TimeSpan WatchEvery => TimeSpan.FromMilliseconds(Math.Clamp(_limits.Current.MessageTime.TotalMilliseconds / 8, 10, 10_000));

    private void EndUnfinished()
    {
        var patience = _limits.Current.MessageTime;
        foreach (var connection in Connections().Where(connection => connection.Unfinished >= patience))
            connection.Disconnect($"It did not finish a message within {patience.TotalSeconds:0.###} s (limits.message-time).", Refusals.MessageTime);
    }

    /// <returns>Whether the peer had introduced itself.</returns>
    private async Task<bool> ServeAsync(Socket socket, string name, ServedEndpoint endpoint, Visit? visit = null)
    {
        if (Connection(socket, name, visit is not null) is not { } connection) return false;
        if (!Add(connection, endpoint))
        {
            connection.Dispose();
            return false;
        }
        try
        {
            if (visit is not null) _admission.Begin(visit, connection.Disconnect, _limits.Current);
            EndIfUnwelcome(connection);
            if (!await connection.IntroduceAsync(_limits.Current.HandshakeTime))
            {
                var refusal = connection.Refusal ?? Refusals.Gone;
                settings.Refused.Add(refusal);
                log.Refused(name, connection.Reason, refusal);
                return false;
            }
            if (visit is not null) _admission.Introduced(visit);

            // The list may have changed while they shook hands.
            EndIfRevoked(connection);
            await connection.RunAsync();
            if (connection.Refusal is { } broken) settings.Refused.Add(broken);
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

    /// <returns>Null where the peer has broken the connection off already, or nothing could be made of it.</returns>
    private ZmtpConnection? Connection(Socket socket, string name, bool accepted)
    {
        try
        {
            return new ZmtpConnection(socket, name, accepted, settings, _limits, clock, sink, poller);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is SocketException) settings.Refused.Add(Refusals.Gone);
            else log.Failed(name, exception);
            return null;
        }
    }

    private void EndRevoked()
    {
        foreach (var connection in Connections().Where(connection => connection.IsThere)) EndIfRevoked(connection);
    }

    private void EndIfRevoked(ZmtpConnection connection)
    {
        if (settings.Security is { } security && !security.StillAllows(connection.Identity, connection.IsAccepted)) connection.Disconnect("It is not among those who may connect any more.", Refusals.Revoked);
    }

    private bool Add(ZmtpConnection connection, ServedEndpoint endpoint)
    {
        lock (_lock)
        {
            if (_closed is not null || endpoint.Ending.IsCancellationRequested) return false;
            _connections.Add(connection, endpoint);
            return true;
        }
    }

    private void Remove(ZmtpConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
            if (_closed is not null && _connections.Count == 0) _empty.TrySetResult();
        }
    }

    private ZmtpConnection[] Connections()
    {
        lock (_lock) return [.. _connections.Keys];
    }
}
