using System.Net;

namespace MessageRouter.Zmtp.Security;

/// <summary>A connection whose ends do not know each other yet.</summary>
internal abstract class HandshakeChannel
{
    /// <inheritdoc cref="IPeer.Name"/>
    public abstract string PeerName { get; }

    /// <summary>Where it has connected from; null for a Unix domain socket, and where this side has connected.</summary>
    public virtual IPAddress? PeerAddress => null;

    /// <summary>Cancelled when the connection has ended.</summary>
    public abstract CancellationToken Ended { get; }

    /// <summary>Sends a command.</summary>
    /// <param name="frame">As a frame, see <see cref="Command.Frame"/>.</param>
    public abstract ValueTask SendAsync(byte[] frame);

    /// <summary>Waits for the peer's next command.</summary>
    /// <returns>Its body, until the next call.</returns>
    /// <exception cref="ZmtpException">Something else came.</exception>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReceiveAsync();
}
