using System.Net;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>One connection to a peer that has introduced itself. Its methods may be called from any thread and never wait.</summary>
internal interface IPeer
{
    /// <summary>Of a peer that has connected its address, of one that was connected to the endpoint as configured, both as <c>tcp://10.0.0.7:4711</c>.</summary>
    string Name { get; }

    /// <summary>Whether the peer has connected by itself.</summary>
    bool IsAccepted { get; }

    /// <summary>From where the peer has connected; null for a Unix domain socket, and where this side has connected.</summary>
    IPAddress? Address => null;

    /// <summary>Who it is, as far as that was proven.</summary>
    PeerIdentity Identity => PeerIdentity.Unknown;

    /// <summary>What it says of itself.</summary>
    PeerMetadata Metadata => PeerMetadata.Empty;

    /// <summary>
    /// How many messages that were written the peer's machine has not confirmed to have. Known on Linux only, and while
    /// nothing is being written; else 0.
    /// </summary>
    int Unconfirmed { get; }

    /// <summary>What has gone over the connection up to now. Whoever reads from it or writes to it is not held up.</summary>
    PeerTraffic Traffic { get; }

    /// <summary>
    /// Sends messages, in order and after all earlier ones. The sink learns of each that is written; whoever sends
    /// bounds how many are not. What is sent to a peer that is gone is ignored.
    /// </summary>
    void Send(ZmtpBatch batch);

    /// <summary>Sends a command of this side's own, in order with messages. It is for peers that have agreed to it; of what waits to be written few may be commands.</summary>
    /// <param name="command">As a frame, see <see cref="Command.Frame"/>.</param>
    /// <returns>Whether there was room for it; not where the peer is gone, or nothing more is taken for it.</returns>
    bool TrySend(byte[] command) => false;

    /// <summary>
    /// Takes nothing more to send, and tells the peer when everything is written that nothing more will come. The
    /// connection stays until the peer ends it.
    /// </summary>
    void Finish();

    /// <summary>
    /// Takes nothing more to send, lets what was sent leave, for at most the linger time, and ends the connection; the
    /// sink is told with this reason, a sentence. Until then the peer's messages still come.
    /// </summary>
    void Close(string reason);

    /// <summary>Ends the connection without writing anything more; the sink is told why.</summary>
    /// <param name="reason">Why, as a sentence.</param>
    /// <param name="refusal">The rule that the peer has broken, one of <see cref="Refusals"/>; null where it has broken none.</param>
    void Disconnect(string reason, string? refusal = null);
}

/// <summary>What has gone over a connection up to now: numbers that are read one after the other while it goes on. Subscriptions are no messages here.</summary>
/// <param name="MessagesIn">Messages that have come.</param>
/// <param name="BytesIn">Bytes that have come, those of the protocol included.</param>
/// <param name="MessagesOut">Messages that the operating system has been given.</param>
/// <param name="BytesOut">Bytes that it has been given, those of the protocol included.</param>
/// <param name="Waiting">Messages that were sent to the peer and are not written yet.</param>
/// <param name="Age">How long the connection has been there.</param>
/// <param name="Silence">For how long nothing has come, of whatever kind.</param>
internal readonly record struct PeerTraffic(long MessagesIn, long BytesIn, long MessagesOut, long BytesOut, long Waiting, TimeSpan Age, TimeSpan Silence);

/// <summary>
/// Learns what happens to the peers of a socket, on any thread: one event of a peer after the other, those of several
/// peers at the same time. It must not wait: the peer is neither read from nor written to meanwhile.
/// </summary>
internal interface IPeerSink
{
    void Connected(IPeer peer);

    /// <summary>Messages of a peer, whose bytes the sink may keep.</summary>
    /// <returns>Done when the peer may be read on.</returns>
    Task Received(IPeer peer, ZmtpBatch batch);

    /// <summary>Messages of a peer that are more than it may send in a second, and are to be dropped (<see cref="Limits.RateExcess.Drop"/>); they came before those that it is told of next.</summary>
    void Dropped(IPeer peer, ZmtpBatch batch)
    {
    }

    /// <summary>A command that ZMTP does not know, in order with messages; the sink need not know it either.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="body">The command, until this returns.</param>
    void Commanded(IPeer peer, ReadOnlySpan<byte> body)
    {
    }

    /// <summary>The oldest <paramref name="count"/> messages that were sent to the peer and not written are in the hands of the operating system.</summary>
    void Written(IPeer peer, int count);

    /// <summary>The last word of a peer. What was sent to it and never said to be written has not arrived as a whole.</summary>
    void Disconnected(IPeer peer, PeerEnd end);
}

/// <summary>How a connection ended.</summary>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Unconfirmed">
/// How many of the messages that were written last the peer's machine had not confirmed to have. Known on Linux only;
/// elsewhere 0.
/// </param>
/// <param name="TooLarge">The size of the message over which it ended because that is larger than allowed, as far as it was announced; null where it did not.</param>
/// <param name="Refusal">The rule that the peer has broken, one of <see cref="Refusals"/>; null where it has broken none.</param>
internal sealed record PeerEnd(string Reason, int Unconfirmed = 0, long? TooLarge = null, string? Refusal = null)
{
    /// <summary>Whether it ended over a message for which there was no room.</summary>
    public bool NoRoom => Refusal == Refusals.Memory;
}
