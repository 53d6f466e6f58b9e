using System.Collections.Concurrent;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>What the messages of each peer of a socket say of it: one object for a connection, found once for a batch.</summary>
internal sealed class MessagePeers
{
    private readonly ConcurrentDictionary<IPeer, MessagePeer> _known = new(ReferenceEqualityComparer.Instance);

    public MessagePeer Of(IPeer peer) => _known.GetOrAdd(peer, MessagePeer.Of);

    /// <summary>Its connection has ended; its messages may still be under way.</summary>
    public void Forget(IPeer peer) => _known.TryRemove(peer, out _);
}
