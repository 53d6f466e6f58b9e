namespace MessageRouter.Zmtp;

/// <summary>One endpoint of a socket, as long as it is served.</summary>
/// <param name="listener">What listens there; null where it is connected to.</param>
/// <param name="closing">The socket closes.</param>
internal sealed class ServedEndpoint(ZmtpListener? listener, CancellationToken closing)
{
    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(closing);

    public ZmtpListener? Listener => listener;

    /// <summary>No more peers are taken here.</summary>
    public CancellationToken Ending => _ending.Token;

    public void End() => _ending.Cancel();
}
