namespace MessageRouter.Zmtp;

/// <summary>Ends waits when something comes about, as often as it does. Who asks for the wait before it finds that it is not so misses no word of it.</summary>
internal sealed class Occasion
{
    private TaskCompletionSource? _next;

    /// <summary>Done when it comes about after this was called.</summary>
    public Task Next()
    {
        if (Volatile.Read(ref _next) is { } known) return known.Task;
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _next, next, null) ?? next).Task;
    }

    /// <summary>It has come about.</summary>
    public void Come() => Interlocked.Exchange(ref _next, null)?.TrySetResult();
}
