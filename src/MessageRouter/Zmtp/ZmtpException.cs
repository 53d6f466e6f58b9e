namespace MessageRouter.Zmtp;

/// <summary>A peer has broken the protocol or a limit; the message says how and ends its connection.</summary>
internal sealed class ZmtpException(string message) : IOException(message);
