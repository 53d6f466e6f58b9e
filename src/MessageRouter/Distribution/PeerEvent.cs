using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>Something that has happened on a connection.</summary>
internal abstract record PeerEvent(IPeer Peer)
{
    internal sealed record Connected(IPeer Peer) : PeerEvent(Peer);

    internal sealed record Received(IPeer Peer, MessageBatch Messages) : PeerEvent(Peer);

    internal sealed record Written(IPeer Peer, int Count) : PeerEvent(Peer);

    internal sealed record Disconnected(IPeer Peer, PeerEnd End) : PeerEvent(Peer);
}
