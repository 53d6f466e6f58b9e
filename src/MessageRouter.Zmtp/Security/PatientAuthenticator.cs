namespace MessageRouter.Zmtp.Security;

/// <summary>
/// An authenticator of somebody else's, on threads of the pool: what it throws refuses the peer, a peer whose time is over waits for it no longer, and it is asked about so many peers at a time that one that
/// hangs does not take all threads.
/// </summary>
/// <param name="inner">The authenticator.</param>
/// <param name="failed">Told of what it throws, and on whom.</param>
internal sealed class PatientAuthenticator(IPeerAuthenticator inner, Action<string, Exception>? failed = null) : IPeerAuthenticator
{
    /// <summary>Peers at a time.</summary>
    internal const int Most = 16;

    private readonly SemaphoreSlim _free = new(Most);

    public async ValueTask<PeerVerdict> AuthenticateAsync(PeerCredentials peer, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);

        // It counts until it comes back, whether or not anybody waits for it.
        var asked = Task.Run(() => AskAsync(peer, cancellation), CancellationToken.None);
        return await asked.WaitAsync(cancellation);
    }

    private async Task<PeerVerdict> AskAsync(PeerCredentials peer, CancellationToken cancellation)
    {
        try
        {
            return await inner.AuthenticateAsync(peer, cancellation) ?? PeerVerdict.Refuse("The authenticator has given no verdict.");
        }
        catch (Exception exception)
        {
            if (exception is not OperationCanceledException || !cancellation.IsCancellationRequested) failed?.Invoke(peer.Address, exception);
            return PeerVerdict.Refuse($"The authenticator has failed: {exception.Message}");
        }
        finally
        {
            _free.Release();
        }
    }
}
