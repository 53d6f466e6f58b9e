namespace MessageRouter.ZeroMq;

/// <summary>Ends waits when there is room again. Who asks for the wait before it finds that there is none misses no word of it.</summary>
internal sealed class Room
{
    private TaskCompletionSource? _next;

    /// <summary>Done when there is room after this was called.</summary>
    public Task Next()
    {
        if (Volatile.Read(ref _next) is { } known) return known.Task;
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _next, next, null) ?? next).Task;
    }

    /// <summary>There is room.</summary>
    public void Open() => Interlocked.Exchange(ref _next, null)?.TrySetResult();
}
