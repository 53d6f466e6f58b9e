using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>The lists of a socket as one: who stands on several is called as by the first.</summary>
internal sealed class PeerGroup(IReadOnlyList<CurvePeers> lists) : CurvePeers
{
    public override int Count => lists.Sum(list => list.Count);

    public override IReadOnlyList<string> Problems => [.. lists.SelectMany(list => list.Problems)];

    internal override PeerIdentity? Find(ReadOnlySpan<byte> publicKey)
    {
        foreach (var list in lists)
        {
            if (list.Find(publicKey) is { } peer) return peer;
        }
        return null;
    }

    internal override PeerIdentity? Known(ReadOnlySpan<byte> publicKey)
    {
        foreach (var list in lists)
        {
            if (list.Known(publicKey) is { } peer) return peer;
        }
        return null;
    }

    private protected override void Watch()
    {
        foreach (var list in lists) list.Removed += TellRemoved;
    }

    private protected override void Leave()
    {
        foreach (var list in lists) list.Removed -= TellRemoved;
    }
}
