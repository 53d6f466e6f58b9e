namespace MessageRouter.Client;

/// <summary>Whether any peer is connected, and a way to wait for one. Callable from any thread.</summary>
internal sealed class Presence
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _somebody = New();
    private int _peers;

    /// <summary>Done while somebody is there.</summary>
    public Task Somebody
    {
        get
        {
            lock (_lock) return _somebody.Task;
        }
    }

    public void Connected()
    {
        lock (_lock)
        {
            if (++_peers == 1) _somebody.TrySetResult();
        }
    }

    public void Gone()
    {
        lock (_lock)
        {
            if (--_peers == 0) _somebody = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
