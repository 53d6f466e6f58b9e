using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Zmtp;

/// <summary>Hears what goes wrong before a peer is one. Called on any thread; it must not wait.</summary>
internal interface IConnectionLog
{
    /// <summary>A connection was ended before the peer had introduced itself.</summary>
    /// <param name="peer">Its address, or the endpoint that was connected to.</param>
    /// <param name="reason">Why, as a sentence.</param>
    /// <param name="refusal">The same as one of <see cref="Security.Refusals"/>.</param>
    void Refused(string peer, string reason, string refusal);

    /// <summary>A connection was closed straight after it was accepted. There may be many thousands a second.</summary>
    void TurnedAway(TurnedAway connection);

    /// <summary>An endpoint cannot be connected to now; it is tried again.</summary>
    void NotConnected(string endpoint, string reason);

    /// <summary>A connection could not be accepted; it is tried again.</summary>
    void NotAccepted(string endpoint, Exception exception);

    /// <summary>A connection ended by a failure on this side.</summary>
    void Failed(string peer, Exception exception);
}
