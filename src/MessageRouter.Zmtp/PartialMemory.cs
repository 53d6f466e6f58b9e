namespace MessageRouter.Zmtp;

/// <summary>
/// What messages take of which only a part has come, all connections together. Each peer may announce a large one, send most of it and stop: so many peers must not
/// take more than this. Who finds no room waits for it, and is not read meanwhile.
/// </summary>
/// <param name="limit">In bytes. One message has room always where there is no other.</param>
internal sealed class PartialMemory(long limit)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _changed;
    private long _taken;

    /// <summary>How much is taken.</summary>
    public long Taken
    {
        get
        {
            lock (_lock) return _taken;
        }
    }

    /// <summary>Whether somebody waits for room.</summary>
    public bool IsWanted
    {
        get
        {
            lock (_lock) return _changed is not null;
        }
    }

    /// <param name="bytes">How much more.</param>
    /// <param name="own">How much of what is taken is for the same message.</param>
    public bool TryTake(long bytes, long own)
    {
        lock (_lock)
        {
            if (_taken + bytes > limit && _taken > own) return false;
            _taken += bytes;
            return true;
        }
    }

    public void Give(long bytes)
    {
        if (bytes == 0) return;
        lock (_lock)
        {
            _taken -= bytes;
            _changed?.TrySetResult();
            _changed = null;
        }
    }

    /// <summary>Waits until there is room, and takes it.</summary>
    /// <returns>False where that took too long.</returns>
    public async Task<bool> TakeAsync(long bytes, long own, TimeSpan patience, TimeProvider clock, CancellationToken end)
    {
        using var limit = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, end);
        try
        {
            while (true)
            {
                Task changed;
                lock (_lock)
                {
                    if (TryTake(bytes, own)) return true;
                    changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return false;
        }
    }
}
