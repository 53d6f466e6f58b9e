using System.Net;
using System.Net.Sockets;
using MessageRouter.ZeroMq;

namespace MessageRouter.Zmtp;

/// <summary>Listens on one endpoint.</summary>
internal sealed class ZmtpListener : IDisposable
{
    private const int Backlog = 512;

    /// <summary>How long it rests when the system has no room for another connection.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;

    private ZmtpListener(Socket socket)
    {
        _socket = socket;
        Endpoint = Format((IPEndPoint)socket.LocalEndPoint!);
    }

    /// <summary>The endpoint with its real port.</summary>
    public string Endpoint { get; }

    /// <summary>Who is at the other end of an accepted connection.</summary>
    public static string NameOf(Socket socket)
    {
        try
        {
            return Format((IPEndPoint)socket.RemoteEndPoint!);
        }
        catch (SocketException)
        {
            return "a peer that has gone already";
        }
    }

    /// <exception cref="EndpointException">The endpoint could not be bound.</exception>
    public static ZmtpListener Bind(ZeroMqEndpoint endpoint)
    {
        Socket? socket = null;
        try
        {
            var address = endpoint.Host == "*" ? IPAddress.Any : endpoint.Address ?? Resolve(endpoint.Host);
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, endpoint.Port));
            socket.Listen(Backlog);
            return new ZmtpListener(socket);
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            throw new EndpointException(endpoint, $"cannot be bound: {Problem(exception)}", exception);
        }
    }

    /// <summary>Accepts connections until it is disposed or told to end.</summary>
    public async Task AcceptAsync(Action<Socket> accepted, TimeProvider clock, ZmtpLog log, CancellationToken closing)
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                accepted(await _socket.AcceptAsync(closing));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                if (closing.IsCancellationRequested || exception is not SocketException problem || problem.SocketErrorCode == SocketError.OperationAborted) return;
                log.NotAccepted(Endpoint, problem);
                await Task.Delay(Rest, clock, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static IPAddress Resolve(string host)
    {
        var addresses = Dns.GetHostAddresses(host);
        return addresses.FirstOrDefault(found => found.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
    }

    private static string Format(IPEndPoint endpoint) =>
        ZeroMqEndpoint.Format((endpoint.Address.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address).ToString(), endpoint.Port);

    private static string Problem(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "it is in use by another socket or program; stop that one or take another port.",
        SocketError.AddressNotAvailable => "this machine has no such address; take one of its own or * for all.",
        SocketError.AccessDenied => "that is not allowed; ports below 1024 usually need privileges.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"its host is not known: {exception.Message}. Correct the name or give the address.",
        _ => exception.Message,
    };
}
