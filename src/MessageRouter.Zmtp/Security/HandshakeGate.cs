namespace MessageRouter.Zmtp.Security;

/// <summary>
/// Where handshakes compute: on threads of the pool, never on the one that reads from all connections, and in half of the processors at once at most, so that however many strangers come, who is there already has
/// the rest.
/// </summary>
internal sealed class HandshakeGate
{
    /// <summary>For multiplications on the curve: one takes some 50 µs, and a handshake four of them. Nobody waits there for a password.</summary>
    public static readonly HandshakeGate Keys = new();

    /// <summary>For passwords: one takes some 0.1 s.</summary>
    public static readonly HandshakeGate Passwords = new();

    private readonly SemaphoreSlim _free = new(Math.Max(1, Environment.ProcessorCount / 2));

    private HandshakeGate()
    {
    }

    /// <summary>Waits for a place.</summary>
    /// <exception cref="OperationCanceledException">The connection has ended meanwhile.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken ended)
    {
        await _free.WaitAsync(ended).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return new Place(_free);
    }

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
