namespace MessageRouter.ZeroMq;

/// <summary>
/// What speaks ZeroMQ on the wire. The components above know sockets only by this and its receivers and senders, so
/// that another implementation of the protocol can take its place. Disposing it lets closed sockets send what they may
/// still send within their linger time; it may be disposed more than once.
/// </summary>
internal interface IZeroMqEngine : IAsyncDisposable
{
    /// <summary>Opens a socket that receives.</summary>
    /// <exception cref="EndpointException">An endpoint could not be bound or connected.</exception>
    IZeroMqReceiver OpenReceiver(ReceiverSettings settings, IReceiverSink sink);

    /// <summary>Opens a socket that sends.</summary>
    /// <exception cref="EndpointException">An endpoint could not be bound or connected.</exception>
    IZeroMqSender OpenSender(SenderSettings settings, ISenderSink sink);

    /// <summary>
    /// The names of closed senders of which it is not known that all they were given has left: before the engine is disposed any, after that
    /// those whose linger time was too short.
    /// </summary>
    IReadOnlyList<string> StillSending { get; }
}
