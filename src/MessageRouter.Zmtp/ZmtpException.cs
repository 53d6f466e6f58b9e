namespace MessageRouter.Zmtp;

/// <summary>A peer has broken the protocol or a limit; the message says how and ends its connection.</summary>
internal class ZmtpException(string message) : IOException(message);

/// <summary>A peer has sent a message that is larger than allowed.</summary>
/// <param name="size">Its size as far as it was announced.</param>
/// <param name="limit">The most that is allowed.</param>
internal sealed class MessageTooLargeException(long size, long limit)
    : ZmtpException($"It sent a message of more than {limit} bytes (max-message-size).")
{
    public long Size { get; } = size;
}
