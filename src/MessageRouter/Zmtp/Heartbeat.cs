namespace MessageRouter.Zmtp;

/// <summary>Asks a peer from time to time whether it is there, and notices when it says nothing more.</summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly Action _ping;
    private readonly ITimer? _asking;
    private readonly ITimer? _patience;
    private int _waiting;

    public Heartbeat(TimeProvider clock, TimeSpan interval, TimeSpan timeout, Action ping, Action silent)
    {
        _timeout = timeout;
        _ping = ping;
        if (interval <= TimeSpan.Zero) return;
        _patience = clock.CreateTimer(_ => OnPatienceOver(silent), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _asking = clock.CreateTimer(_ => Ask(), null, interval, interval);
    }

    /// <summary>The peer has said something.</summary>
    public void Heard()
    {
        if (Volatile.Read(ref _waiting) == 0) return;
        _patience!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Volatile.Write(ref _waiting, 0);
    }

    public void Dispose()
    {
        _asking?.Dispose();
        _patience?.Dispose();
    }

    private void Ask()
    {
        _ping();
        if (Interlocked.Exchange(ref _waiting, 1) == 0) _patience!.Change(_timeout, Timeout.InfiniteTimeSpan);
    }

    /// <remarks>It may have been heard while the timer ran out.</remarks>
    private void OnPatienceOver(Action silent)
    {
        if (Volatile.Read(ref _waiting) == 1) silent();
    }
}
