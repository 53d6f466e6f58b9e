using System.Collections.Concurrent;
using MessageRouter.Zmtp;

namespace MessageRouter.Links;

/// <summary>Counts what comes over a socket's connections, and hears what its senders say that they have sent. Callable from any thread, for one peer from one at a time.</summary>
internal sealed class LossListener(ComponentLinks links)
{
    private readonly Upstream _book = links.Receive();
    private readonly ConcurrentDictionary<IPeer, UpstreamConnection> _connections = new();

    public void Connected(IPeer peer) => _connections[peer] = _book.Connect(peer);

    public void Received(IPeer peer, int count) => _connections[peer].Add(count);

    public void NotWanted(IPeer peer, int count) => _book.NotWanted(_connections[peer], count);

    /// <summary>A peer that has agreed on it must say it well; of others it means nothing.</summary>
    public void Commanded(IPeer peer, ReadOnlySpan<byte> body)
    {
        var connection = _connections[peer];
        if (connection.Sender is null || !Tally.Is(body)) return;
        if (Tally.Read(body) is { } tally) _book.Hear(connection, tally);
        else peer.Disconnect("What it says of lost messages is malformed.");
    }

    /// <param name="peer">The peer.</param>
    /// <param name="hasLeft">The socket closes: the end is this side's own.</param>
    public void Disconnected(IPeer peer, bool hasLeft)
    {
        if (_connections.TryRemove(peer, out var connection)) _book.End(connection, hasLeft);
    }
}
