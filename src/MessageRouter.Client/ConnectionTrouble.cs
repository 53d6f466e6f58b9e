namespace MessageRouter.Client;

/// <summary>Why endpoints are not connected, and what of that is worth telling: a reason once, and again when it has lasted.</summary>
internal sealed class ConnectionTrouble(TimeProvider clock)
{
    private static readonly TimeSpan Other = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Same = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Reason, long At)> _told = [];
    private (string Endpoint, string Reason)? _last;

    /// <summary>What failed last and has not succeeded since.</summary>
    public string? Last
    {
        get
        {
            lock (_lock) return _last is { } last ? $"{last.Endpoint}: {last.Reason}" : null;
        }
    }

    public void Connected(string endpoint)
    {
        lock (_lock)
        {
            _told.Remove(endpoint);
            if (_last?.Endpoint == endpoint) _last = null;
        }
    }

    /// <summary>A connection has ended, which is tried again.</summary>
    public void Lost(string endpoint, string reason)
    {
        lock (_lock) _last = (endpoint, reason);
    }

    /// <param name="endpoint">What could not be connected to.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isHeard">Whether there is anybody to tell.</param>
    /// <returns>Whether to tell it.</returns>
    public bool Failed(string endpoint, string reason, bool isHeard)
    {
        lock (_lock)
        {
            _last = (endpoint, reason);
            if (!isHeard || (_told.TryGetValue(endpoint, out var told) && clock.GetElapsedTime(told.At) < (told.Reason == reason ? Same : Other))) return false;
            _told[endpoint] = (reason, clock.GetTimestamp());
            return true;
        }
    }
}

/// <summary>A connection could not be made.</summary>
/// <param name="endpoint">What was to be connected to.</param>
/// <param name="reason">Why it could not be.</param>
public sealed class ConnectionFailedEventArgs(string endpoint, string reason) : EventArgs
{
    /// <summary>What was to be connected to.</summary>
    public string Endpoint { get; } = endpoint;

    /// <summary>Why it could not be: nobody listens there, its name is not known, or who listens is no peer for this client.</summary>
    public string Reason { get; } = reason;
}
