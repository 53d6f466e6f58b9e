using MessageRouter.Zmtp;

namespace MessageRouter.Client;

/// <summary>Waits for peers of a socket, of which some may have been there before it was looked at.</summary>
internal sealed class Presence
{
    private readonly ZmtpSocket _socket;
    private TaskCompletionSource _next = New();

    public Presence(ZmtpSocket socket)
    {
        _socket = socket;
        socket.PeerConnected += (_, _) => Interlocked.Exchange(ref _next, New()).TrySetResult();
    }

    /// <summary>Waits until somebody is connected.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async ValueTask SomebodyAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // Looked at first, so that nobody comes in between.
            var next = Volatile.Read(ref _next).Task;
            if (_socket.HasPeers) return;
            await next.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
