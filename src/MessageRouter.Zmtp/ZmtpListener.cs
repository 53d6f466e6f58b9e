using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Zmtp;

/// <summary>Listens on one endpoint.</summary>
internal sealed class ZmtpListener : IDisposable
{
    private const int Backlog = 512;

    /// <summary>How long it rests when the system has no room for another connection.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;

    private ZmtpListener(Socket socket, string endpoint)
    {
        _socket = socket;
        Endpoint = endpoint;
    }

    /// <summary>The endpoint with its real port.</summary>
    public string Endpoint { get; }

    /// <summary>The <see cref="Endpoint"/> that an endpoint will have whose port is known.</summary>
    public static string KeyOf(ZmtpEndpoint endpoint)
    {
        try
        {
            return endpoint.IsIpc ? endpoint.ToString() : Format(new IPEndPoint(AddressOf(endpoint), endpoint.Port));
        }
        catch (SocketException)
        {
            // Binding it says what is wrong.
            return endpoint.ToString();
        }
    }

    /// <summary>The name of who is at the other end of an accepted connection.</summary>
    public string NameOf(EndPoint? peer) => peer is IPEndPoint address ? Format(address) : Endpoint;

    /// <exception cref="ZmtpEndpointException">The endpoint could not be bound.</exception>
    public static ZmtpListener Bind(ZmtpEndpoint endpoint)
    {
        Socket? socket = null;
        try
        {
            if (endpoint.IsIpc) return BindIpc(endpoint, out socket);
            var address = AddressOf(endpoint);
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, endpoint.Port));
            socket.Listen(Backlog);
            return new ZmtpListener(socket, Format((IPEndPoint)socket.LocalEndPoint!));
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            throw new ZmtpEndpointException(endpoint, $"cannot be bound: {(endpoint.IsIpc ? IpcProblem(endpoint.Host, exception) : Problem(exception))}", exception);
        }
    }

    private static ZmtpListener BindIpc(ZmtpEndpoint endpoint, out Socket socket)
    {
        RemoveStale(endpoint);
        socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(endpoint.UnixEndPoint);
        socket.Listen(Backlog);
        return new ZmtpListener(socket, endpoint.ToString());
    }

    /// <summary>The file of a socket stays when its program is killed. Where nobody answers there any more, it goes; anything else than a socket stays.</summary>
    private static void RemoveStale(ZmtpEndpoint endpoint)
    {
        if (!FileKind.IsSocket(endpoint.Host)) return;
        try
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            probe.Connect(endpoint.UnixEndPoint);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(endpoint.Host);
        }
    }

    /// <summary>Accepts connections until it is disposed or told to end, whatever has failed.</summary>
    /// <param name="accepted">Gets each of them, and where it is from.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="log">Hears of what could not be accepted.</param>
    /// <param name="closing">Ends it.</param>
    public async Task AcceptAsync(Action<Socket, EndPoint?> accepted, TimeProvider clock, IConnectionLog log, CancellationToken closing)
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(closing);
                if (TryEndPointOf(socket, out var peer)) accepted(socket, peer);
                else socket.Dispose();
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // Who hangs up before it was accepted must not hold up the others.
            }
            catch (Exception exception)
            {
                if (closing.IsCancellationRequested || exception is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted }) return;
                log.NotAccepted(Endpoint, exception);
                await Task.Delay(Rest, clock, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <returns>False where the peer has gone already.</returns>
    private static bool TryEndPointOf(Socket socket, out EndPoint? peer)
    {
        peer = null;
        try
        {
            peer = socket.RemoteEndPoint;
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static IPAddress AddressOf(ZmtpEndpoint endpoint) => endpoint.Host == "*" ? IPAddress.Any : endpoint.Address ?? Resolve(endpoint.Host);

    private static IPAddress Resolve(string host)
    {
        var addresses = Dns.GetHostAddresses(host);
        return addresses.FirstOrDefault(found => found.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
    }

    private static string Format(IPEndPoint endpoint) =>
        ZmtpEndpoint.Format((endpoint.Address.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address).ToString(), endpoint.Port);

    private static string IpcProblem(string path, SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse when Directory.Exists(path) => "that is a folder; name a file in it that is not there yet.",
        SocketError.AddressAlreadyInUse when File.Exists(path) && !FileKind.IsSocket(path) => "there is another file; name one that is not there yet.",
        SocketError.AddressAlreadyInUse => "another program listens there; stop that one or take another path.",
        _ when path[0] == '/' && !Directory.Exists(Path.GetDirectoryName(path)) => "its folder is not there; make it, or take another path.",
        SocketError.AccessDenied => "that is not allowed; take a folder that this user may write to.",
        _ => exception.Message,
    };

    private static string Problem(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "it is in use by another socket or program; stop that one or take another port.",
        SocketError.AddressNotAvailable => "this machine has no such address; take one of its own or * for all.",
        SocketError.AccessDenied => "that is not allowed; ports below 1024 usually need privileges.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"its host is not known: {exception.Message}. Correct the name or give the address.",
        _ => exception.Message,
    };
}
