using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Zmtp;

/// <summary>Keeps one endpoint connected: asks the name service anew for each try, and waits longer from try to try.</summary>
internal sealed class ZmtpConnector(ZmtpEndpoint endpoint, PeerSettings settings, TimeProvider clock, IConnectionLog log)
{
    /// <summary>How long one try may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Connects, has the connection served until it ends, and begins again.</summary>
    /// <param name="serve">Serves a connection; says whether the peer had introduced itself.</param>
    /// <param name="closing">Ends the tries, but no connection.</param>
    public async Task ConnectAsync(Func<Socket, Task<bool>> serve, CancellationToken closing)
    {
        var pause = settings.ReconnectMin;
        while (!closing.IsCancellationRequested)
        {
            if (await TryAsync(closing) is { } socket && await serve(socket)) pause = settings.ReconnectMin;

            // So that those who lost the same peer do not all come back at the same moment.
            var jitter = pause * (Random.Shared.NextDouble() / 4);
            await Task.Delay(pause + jitter, clock, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < settings.ReconnectMax ? pause * 2 : settings.ReconnectMax;
        }
    }

    private async Task<Socket?> TryAsync(CancellationToken closing)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, closing);
        var socket = endpoint.IsIpc ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.IsIpc)
            {
                await socket.ConnectAsync(endpoint.UnixEndPoint, either.Token);
                return socket;
            }
            var addresses = endpoint.Address is { } address ? [address] : await Dns.GetHostAddressesAsync(endpoint.Host, either.Token);
            await socket.ConnectAsync(addresses, endpoint.Port, either.Token);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            if (!closing.IsCancellationRequested) log.NotConnected(endpoint.ToString(), exception is SocketException ? exception.Message : "no answer");
            return null;
        }
    }
}
