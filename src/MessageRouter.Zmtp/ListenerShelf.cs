namespace MessageRouter.Zmtp;

/// <summary>
/// Where listeners are while one socket hands them to the next: what is kept is not closed when its socket does, and the next one that
/// binds the same endpoint gets it. Those who connect meanwhile wait.
/// </summary>
internal sealed class ListenerShelf
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ZmtpListener> _open = [];
    private readonly Dictionary<string, ZmtpListener> _waiting = [];
    private readonly HashSet<string> _kept = [];

    /// <summary>Keeps these endpoints open until it is disposed of. What nobody listens on yet is bound.</summary>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound; nothing was.</exception>
    public IDisposable Keep(IEnumerable<ZmtpEndpoint> endpoints)
    {
        var lease = new Lease(this);
        try
        {
            lock (_lock)
            {
                foreach (var endpoint in endpoints.Where(endpoint => endpoint.IsIpc || endpoint is { IsTcp: true, Port: > 0 }))
                {
                    var key = ZmtpListener.KeyOf(endpoint);
                    if (!_kept.Add(key)) continue;
                    lease.Keys.Add(key);
                    if (!_open.ContainsKey(key)) _waiting[key] = ZmtpListener.Bind(endpoint);
                }
            }
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <exception cref="ZmtpEndpointException">The endpoint could not be bound.</exception>
    public ZmtpListener Bind(ZmtpEndpoint endpoint)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || !_waiting.Remove(ZmtpListener.KeyOf(endpoint), out var listener)) listener = ZmtpListener.Bind(endpoint);
            _open[listener.Endpoint] = listener;
            return listener;
        }
    }

    /// <summary>Its socket does not listen any more.</summary>
    public void Release(ZmtpListener listener)
    {
        lock (_lock)
        {
            // A socket may say so twice.
            if (_open.GetValueOrDefault(listener.Endpoint) != listener) return;
            _open.Remove(listener.Endpoint);
            if (_kept.Contains(listener.Endpoint)) _waiting[listener.Endpoint] = listener;
            else listener.Dispose();
        }
    }

    private sealed class Lease(ListenerShelf shelf) : IDisposable
    {
        public HashSet<string> Keys { get; } = [];

        public void Dispose()
        {
            lock (shelf._lock)
            {
                foreach (var key in Keys)
                {
                    shelf._kept.Remove(key);
                    if (shelf._waiting.Remove(key, out var listener)) listener.Dispose();
                }
                Keys.Clear();
            }
        }
    }
}
