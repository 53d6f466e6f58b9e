namespace MessageRouter.Monitoring;

/// <summary>The last messages that failed in a component, at most one a second, for who asks later what was wrong. Callable from any thread.</summary>
internal sealed class RecentErrors(TimeProvider clock)
{
    /// <summary>How many are kept.</summary>
    public const int Most = 8;

    /// <summary>Bytes of a payload that are kept.</summary>
    private const int MostBytes = 2048;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<RecentError> _errors = new();
    private long? _lastAt;

    /// <summary>The newest first.</summary>
    public IReadOnlyList<RecentError> All
    {
        get
        {
            lock (_lock) return [.. _errors.Reverse()];
        }
    }

    public void Add(Message message, string problem)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_lastAt is { } last && clock.GetElapsedTime(last, now) < Pause) return;
            _lastAt = now;
        }
        byte[] payload = [];
        try
        {
            payload = message.Payload.Span[..Math.Min(message.Payload.Length, MostBytes)].ToArray();
        }
        catch (Exception)
        {
            // What cannot be written is the problem itself.
        }
        lock (_lock)
        {
            _errors.Enqueue(new RecentError(clock.GetUtcNow(), problem, payload));
            if (_errors.Count > Most) _errors.Dequeue();
        }
    }
}

/// <summary>A message that failed.</summary>
/// <param name="Time">When.</param>
/// <param name="Problem">Why.</param>
/// <param name="Payload">The first bytes of its payload.</param>
internal sealed record RecentError(DateTimeOffset Time, string Problem, byte[] Payload);
