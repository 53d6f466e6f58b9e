namespace MessageRouter.Zmtp;

/// <summary>Receives what PUSH sockets share out: each message comes to one of their pullers, and none is lost while nobody reads.</summary>
/// <example>
/// <code>
/// await using var pull = new PullSocket(new ZmtpOptions { Bind = ["tcp://*:5223"] });
/// await foreach (var batch in pull.ReadAllAsync())
///     foreach (var message in batch)
///         Console.WriteLine(Encoding.UTF8.GetString(message.Payload.Span));
/// </code>
/// </example>
public sealed class PullSocket : ReceivingSocket
{
    /// <summary>Opens the socket.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or an endpoint is none.</exception>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound.</exception>
    public PullSocket(ZmtpOptions options)
        : base(options, PeerSocketType.Pull) => Open();
}
