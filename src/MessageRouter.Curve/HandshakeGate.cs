namespace MessageRouter.Curve;

/// <summary>
/// Where handshakes compute: on threads of the pool, never on the one that reads from all connections, and in half of the processors at once at most, so that however many strangers come, who is there already has
/// the rest. A multiplication on the curve takes some 50 µs, and a handshake four of them.
/// </summary>
internal static class HandshakeGate
{
    private static readonly SemaphoreSlim Free = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Waits for a place.</summary>
    /// <exception cref="OperationCanceledException">The connection has ended meanwhile.</exception>
    public static async ValueTask<IDisposable> EnterAsync(CancellationToken ended)
    {
        await Free.WaitAsync(ended).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return new Place();
    }

    private sealed class Place : IDisposable
    {
        public void Dispose() => Free.Release();
    }
}
