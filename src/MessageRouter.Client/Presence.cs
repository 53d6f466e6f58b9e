using MessageRouter.Zmtp;

namespace MessageRouter.Client;

/// <summary>Waits for peers of a socket, of which some may have been there before it was looked at.</summary>
internal sealed class Presence
{
    private readonly ZmtpSocket _socket;
    private readonly Occasion _arrival = new();

    public Presence(ZmtpSocket socket)
    {
        _socket = socket;
        socket.PeerConnected += (_, _) => _arrival.Come();
    }

    /// <summary>Waits until somebody is connected.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async ValueTask SomebodyAsync(CancellationToken cancellation)
    {
        while (!_socket.HasPeers)
        {
            var arrival = _arrival.Next();
            if (!_socket.HasPeers) await arrival.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
