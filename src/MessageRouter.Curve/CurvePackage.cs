using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>What a node finds here by itself when its configuration names <c>curve</c>.</summary>
public sealed class CurvePackage : ICurvePackage
{
    ICurveIdentity ICurvePackage.Identity(string path) => CurveKeys.Load(path);

    string ICurvePackage.PublicKey(string text, string path)
    {
        if (!File.Exists(path) && Z85.TryDecodeKey(text, out _)) return text;
        if (!File.Exists(path) && text.Length == Z85.KeyLength && !text.Contains('/', StringComparison.Ordinal))
            throw new SecurityFileException(text, "has 40 characters that are no public key in Z85, and names no file", "copy the key again, as it is, or name the server's public certificate");
        using var file = KeyFile.Public(path);
        return Z85.Encode(file.PublicKey);
    }

    ICurveList ICurvePackage.List(CurveSources sources) => new KeyList(sources, TimeProvider.System);

    ZmtpSecurity ICurvePackage.Secure(ICurveIdentity identity, IReadOnlyList<ICurveList>? allow, string? serverKey, IPeerAuthenticator? authenticator)
    {
        var keys = (CurveKeys)identity;
        if (allow is null) return CurveSecurity.Client(keys, serverKey!);
        CurvePeers peers = allow is [] ? CurvePeers.Any : new PeerGroup([.. allow.Cast<CurvePeers>()]);
        return serverKey is null ? CurveSecurity.Server(keys, peers, authenticator) : CurveSecurity.Both(keys, peers, serverKey, authenticator);
    }
}
