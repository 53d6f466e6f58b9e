namespace MessageRouter.ZeroMq;

/// <summary>An open socket that sends. Its methods may be called from any thread and never wait.</summary>
internal interface IZeroMqSender
{
    /// <summary>The bound endpoints with their real ports, then the ones connected to.</summary>
    IReadOnlyList<string> Endpoints { get; }

    /// <summary>Sends messages as soon as a peer can take them. The sink learns of each, in order.</summary>
    void Send(MessageBatch batch);

    /// <summary>PUB: sends, or drops, what was held for the first subscriber.</summary>
    void StopHolding();

    /// <summary>
    /// Sends no more; what was not sent stays unsent, and the sink has learnt of everything else when this returns.
    /// What the socket was given may still leave within its linger time.
    /// </summary>
    void Close();
}

/// <summary>Learns what became of messages, in order; called on the engine's thread, which it must not hold up.</summary>
internal interface ISenderSink
{
    /// <summary>The oldest messages were handed to the socket.</summary>
    void Sent(int count);

    /// <summary>The oldest messages will not be sent.</summary>
    void Dropped(int count, string reason);

    /// <inheritdoc cref="IReceiverSink.PeerChanged"/>
    void PeerChanged(PeerChange change);

    /// <summary>The socket has failed and sends no more.</summary>
    void Failed(Exception exception);
}
