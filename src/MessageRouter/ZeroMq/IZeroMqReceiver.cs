using MessageRouter.Monitoring;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.ZeroMq;

/// <summary>An open socket that receives. Its methods may be called from any thread.</summary>
internal interface IZeroMqReceiver
{
    /// <summary>The bound endpoints with their real ports, then the ones connected to.</summary>
    IReadOnlyList<string> Endpoints { get; }

    /// <summary>Says on any thread what connections there are; null where the engine knows no peers.</summary>
    Func<IReadOnlyList<ConnectionLine>>? Connections { get; }

    /// <summary>Listens and connects elsewhere; what was there before stays as it is. Only of the router's own engine.</summary>
    void Change(SocketSettings settings) => throw new NotSupportedException("The endpoints of this socket stay as they are.");

    /// <summary>Reads on after the sink had no room.</summary>
    void Resume();

    /// <summary>
    /// Receives no more, hands over what had already arrived, and closes. The sink is not called any more when this is
    /// done. Further calls share the first one's result.
    /// </summary>
    Task CloseAsync();
}

/// <summary>Takes what a receiver receives; called on the engine's thread, which it must not hold up.</summary>
internal interface IReceiverSink
{
    /// <summary>What the payloads are.</summary>
    MessageFormat Format { get; }

    /// <summary>Whether there is no room; the receiver is told to resume when there is.</summary>
    bool IsFull { get; }

    /// <summary>Takes messages.</summary>
    /// <returns>False where the receiver should read no more until <see cref="IZeroMqReceiver.Resume"/>.</returns>
    bool Take(MessageBatch batch);

    /// <summary>A message was dropped because its frames together are larger than allowed.</summary>
    void TooLarge(long size);

    /// <summary>Messages were dropped that are more than their peer may send in a second.</summary>
    void OverRate(MessageBatch batch);

    /// <summary>A message was dropped of which a part has come, since there was no memory for the rest.</summary>
    void NoRoom();

    /// <summary>A connection to a peer was opened or has ended.</summary>
    void PeerChanged(PeerChange change);

    /// <summary>The socket has failed and receives no more.</summary>
    void Failed(Exception exception);
}

/// <summary>A connection was opened, accepted or has ended.</summary>
/// <param name="Endpoint">Who is at the other end, or where the engine does not know that the own endpoint; of one that was connected to its endpoint.</param>
/// <param name="Connected">Whether it was opened.</param>
/// <param name="Reason">Why it ended, as a sentence; null where the engine does not know.</param>
/// <param name="Refusal">The rule that the peer has broken, one of <see cref="Refusals"/>; null where it has broken none.</param>
internal readonly record struct PeerChange(string Endpoint, bool Connected, string? Reason = null, string? Refusal = null)
{
    /// <param name="peer">Who was at the other end.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="unsent">How many messages that it was given have not left and go to nobody else.</param>
    public static PeerChange Ended(string peer, PeerEnd end, int unsent = 0) =>
        new(peer, Connected: false, unsent == 0 ? end.Reason : $"{end.Reason} Messages for it that have not left: {unsent}.", end.Refusal);
}
