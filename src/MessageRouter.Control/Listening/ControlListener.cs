using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace MessageRouter.Control.Listening;

/// <summary>
/// Listens at one address and accepts, without anything of ASP.NET: that is loaded by the first who calls. Connections beyond a limit, and from
/// networks that are not allowed, are closed at once.
/// </summary>
internal sealed class ControlListener : IDisposable
{
    /// <summary>Connections at a time.</summary>
    public const int MostConnections = 256;

    private readonly Socket _socket;
    private readonly IReadOnlyList<IPNetwork> _allowed;
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>(new UnboundedChannelOptions { SingleReader = true });
    private int _open;
    private long _refused;
    private int _isClosed;

    private ControlListener(Socket socket, EndPoint endPoint, string? path, IReadOnlyList<IPNetwork> allowed)
    {
        _socket = socket;
        _allowed = allowed;
        EndPoint = endPoint;
        Path = path;
    }

    /// <summary>Where it listens.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>The path of a Unix domain socket; null for others.</summary>
    public string? Path { get; }

    /// <summary>Those who were accepted, until there are no more.</summary>
    public ChannelReader<Socket> Accepted => _accepted.Reader;

    /// <summary>Connections that there are.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Connections that were closed at once.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public static ControlListener At(IPEndPoint endPoint, IReadOnlyList<IPNetwork> allowed)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        return Listen(socket, endPoint, null, allowed);
    }

    /// <summary>At a path where nothing is, or the socket of somebody who is no more.</summary>
    public static ControlListener At(string path)
    {
        if (UnixFile.Of(path) is { IsSocket: true } && !SocketFolder.IsAlive(path)) File.Delete(path);
        var listener = Listen(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path), path, []);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return listener;
    }

    /// <summary>Accepts until it is closed.</summary>
    /// <param name="called">Told when somebody has been accepted.</param>
    public async Task AcceptAsync(Action called)
    {
        while (true)
        {
            Socket peer;
            try
            {
                peer = await _socket.AcceptAsync();
            }
            catch (Exception exception) when (exception is ObjectDisposedException || Volatile.Read(ref _isClosed) != 0)
            {
                break;
            }
            catch (SocketException)
            {
                // It has hung up already, or this process has as many open files as it may: no reason to spin.
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
                continue;
            }
            if (!IsAllowed(peer) || Interlocked.Increment(ref _open) > MostConnections)
            {
                if (IsAllowed(peer)) Interlocked.Decrement(ref _open);
                Interlocked.Increment(ref _refused);
                peer.Dispose();
                continue;
            }
            _accepted.Writer.TryWrite(peer);
            called();
        }
        _accepted.Writer.TryComplete();
    }

    /// <summary>A connection that was accepted has ended.</summary>
    public void Ended() => Interlocked.Decrement(ref _open);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        _socket.Dispose();
        if (Path is null) return;
        try
        {
            File.Delete(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next one replaces it.
        }
    }

    private static ControlListener Listen(Socket socket, EndPoint endPoint, string? path, IReadOnlyList<IPNetwork> allowed)
    {
        try
        {
            socket.Bind(endPoint);
            socket.Listen(MostConnections);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new ControlListener(socket, path is null ? socket.LocalEndPoint! : endPoint, path, allowed);
    }

    private bool IsAllowed(Socket peer)
    {
        if (_allowed.Count == 0) return true;
        if (peer.RemoteEndPoint is not IPEndPoint { Address: var address }) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return _allowed.Any(network => network.Contains(address));
    }
}
