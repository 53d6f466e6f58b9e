using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Security;

/// <summary>Does what its options say.</summary>
public sealed class ScriptedAuthenticator(ScriptedAuthenticator.Options options) : IPeerAuthenticator
{
    public async ValueTask<PeerVerdict> AuthenticateAsync(PeerCredentials peer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (options.Throws) throw new InvalidOperationException("The directory is away.");
        if (options.Hangs) await Task.Delay(Timeout.Infinite, CancellationToken.None);
        return options.Accept.Length == 0 ? PeerVerdict.Refuse($"{peer.User ?? peer.PublicKey} may not.") : PeerVerdict.Accept(options.Accept, new Dictionary<string, string> { ["from"] = "script" });
    }

    public sealed record Options
    {
        public string Accept { get; init; } = "";

        public bool Throws { get; init; }

        public bool Hangs { get; init; }
    }
}
