using MessageRouter.Zmtp;

namespace MessageRouter.Monitoring;

/// <summary>Lines of the connections that sockets of the native engine have.</summary>
internal static class ConnectionLines
{
    /// <summary>
    /// Looks at these sockets whenever it is asked, on any thread. What a closed socket still lets leave or waits for is there until it ends, and
    /// nothing after that: who has closed a socket need not take this back.
    /// </summary>
    public static Func<IReadOnlyList<ConnectionLine>> Of(params IReadOnlyList<IPeerSocket> sockets) =>
        () => [.. sockets.SelectMany(socket => socket.Peers, (socket, peer) => Line(socket.Type, peer))];

    private static ConnectionLine Line(PeerSocketType socket, IPeer peer)
    {
        var traffic = peer.Traffic;
        return new ConnectionLine(
            peer.Name, peer.IsAccepted ? "accepted" : "connected", Word(socket), Math.Round(traffic.Age.TotalSeconds, 1),
            traffic.MessagesIn, traffic.BytesIn, traffic.MessagesOut, traffic.BytesOut, traffic.Waiting, peer.Unconfirmed, Math.Round(traffic.Silence.TotalSeconds, 1));
    }

    private static string Word(PeerSocketType socket) => socket switch
    {
        PeerSocketType.Push => "push",
        PeerSocketType.Pull => "pull",
        PeerSocketType.Pub => "pub",
        PeerSocketType.Sub => "sub",
        PeerSocketType.Dealer => "dealer",
        _ => "router",
    };
}
