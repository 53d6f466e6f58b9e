namespace MessageRouter.Zmtp;

/// <summary>The poller of many sockets, which is made when the first connection needs it. Where the system has nothing left for one, only that connection fails: the next one tries again.</summary>
/// <param name="make">Makes it.</param>
internal sealed class SharedPoller(Func<ReadPoller?> make) : IDisposable
{
    private readonly Lock _lock = new();
    private ReadPoller? _poller;

    public SharedPoller()
        : this(() => ReadPoller.IsSupported ? new ReadPoller() : null)
    {
    }

    /// <summary>Null where .NET says when there is something to read.</summary>
    /// <exception cref="IOException">The system has no descriptor left for it.</exception>
    public ReadPoller? Get()
    {
        lock (_lock) return _poller ??= make();
    }

    public void Dispose()
    {
        lock (_lock) _poller?.Dispose();
    }
}
