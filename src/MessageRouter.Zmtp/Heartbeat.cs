namespace MessageRouter.Zmtp;

/// <summary>Asks a peer from time to time whether it is there, and notices when it says nothing more.</summary>
/// <remarks>
/// The question stands in the stream behind the messages: a peer that is at work on them has not read it yet, and must
/// not be taken for one that has gone. While it can be behind, only that its machine answers no more counts.
/// </remarks>
internal sealed class Heartbeat : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly Action _ping;
    private readonly ITimer? _asking;
    private readonly ITimer? _patience;
    private int _waiting;
    private bool _isDeaf;

    /// <param name="clock">Runs the timers.</param>
    /// <param name="interval">How often the peer is asked; zero for never.</param>
    /// <param name="timeout">How long it may be silent.</param>
    /// <param name="ping">Asks.</param>
    /// <param name="silent">Called when the peer has been silent for too long.</param>
    public Heartbeat(TimeProvider clock, TimeSpan interval, TimeSpan timeout, Action ping, Action silent)
    {
        _timeout = timeout;
        _ping = ping;
        if (interval <= TimeSpan.Zero) return;
        _patience = clock.CreateTimer(_ => OnPatienceOver(silent), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _asking = clock.CreateTimer(_ => Ask(), null, interval, interval);
    }

    /// <summary>Whether the peer may not have come to the question yet.</summary>
    public Func<bool> IsBehind { get; init; } = () => false;

    /// <summary>Whether the peer's machine has stopped to answer what it was sent.</summary>
    public Func<bool> HostIsSilent { get; init; } = () => true;

    /// <summary>Whether nobody listens to the peer at the moment.</summary>
    public bool IsDeaf
    {
        get => Volatile.Read(ref _isDeaf);
        set => Volatile.Write(ref _isDeaf, value);
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
        if (Volatile.Read(ref _waiting) == 0) return;
        if (!IsDeaf && (!IsBehind() || HostIsSilent())) silent();
        else _patience!.Change(_timeout, Timeout.InfiniteTimeSpan);
    }
}
