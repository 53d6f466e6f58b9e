using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>A peer has broken the protocol or a limit; the message says how and ends its connection.</summary>
/// <param name="message">How, as a sentence.</param>
/// <param name="refusal">The same as one of <see cref="Refusals"/>; null where the peer has only gone.</param>
internal class ZmtpException(string message, string? refusal = Refusals.Protocol) : IOException(message)
{
    public string? Refusal { get; } = refusal;
}

/// <summary>A peer has sent a message that is larger than allowed.</summary>
/// <param name="size">Its size as far as it was announced.</param>
/// <param name="limit">The most that is allowed.</param>
internal sealed class MessageTooLargeException(long size, long limit)
    : ZmtpException($"It sent a message of more than {limit} bytes (max-message-size).", Refusals.TooLarge)
{
    public long Size { get; } = size;
}

/// <summary>Messages of other peers, of which only a part has come, take all the memory that there is for such.</summary>
internal sealed class NoRoomException()
    : ZmtpException("There was no room for its message beside those of others of which only a part has come.", Refusals.Memory);
