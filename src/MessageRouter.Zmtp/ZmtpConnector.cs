using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Zmtp;

/// <summary>Keeps one endpoint connected: asks the name service anew for each try, and waits longer from try to try.</summary>
internal sealed class ZmtpConnector(ZmtpEndpoint endpoint, PeerSettings settings, TimeProvider clock, IConnectionLog log)
{
    /// <summary>How long one try may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Makes the socket of a try.</summary>
    public Func<Socket> NewSocket { get; init; } = () => endpoint.IsIpc ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Connects, has the connection served until it ends, and begins again, whatever has failed.</summary>
    /// <param name="serve">Serves a connection, which is its own from then on; says whether the peer had introduced itself.</param>
    /// <param name="closing">Ends the tries, but no connection.</param>
    public async Task ConnectAsync(Func<Socket, Task<bool>> serve, CancellationToken closing)
    {
        var pause = settings.ReconnectMin;
        while (!closing.IsCancellationRequested)
        {
            if (await TryAsync(serve, closing)) pause = settings.ReconnectMin;

            // So that those who lost the same peer do not all come back at the same moment.
            var jitter = pause * (Random.Shared.NextDouble() / 4);
            await Task.Delay(pause + jitter, clock, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < settings.ReconnectMax ? pause * 2 : settings.ReconnectMax;
        }
    }

    /// <returns>Whether there was a peer that had introduced itself.</returns>
    private async Task<bool> TryAsync(Func<Socket, Task<bool>> serve, CancellationToken closing)
    {
        try
        {
            return await serve(await OpenAsync(closing));
        }
        catch (Exception exception)
        {
            if (!closing.IsCancellationRequested) log.NotConnected(endpoint.ToString(), exception is OperationCanceledException ? "no answer" : exception.Message);
            return false;
        }
    }

    private async Task<Socket> OpenAsync(CancellationToken closing)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, closing);
        var socket = NewSocket();
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
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
