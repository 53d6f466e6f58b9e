namespace MessageRouter.Zmtp.Security;

/// <summary>
/// Encrypts the frames of one connection and decrypts those of its peer. What is inside a frame begins with a byte that says what it is,
/// <see cref="FrameFlags.More"/> or <see cref="FrameFlags.Sealed.Command"/>, and ends with the payload. One thread at a time seals, and one opens.
/// </summary>
internal interface IFrameCipher : IDisposable
{
    /// <summary>By how many bytes the body of a sealed frame is longer than its payload.</summary>
    int Overhead { get; }

    /// <summary>Opens a frame.</summary>
    /// <param name="body">Its body, of <see cref="Overhead"/> bytes or more.</param>
    /// <param name="content">Gets what is in it: the flags and the payload, so <see cref="Overhead"/> - 1 bytes less than the body. It may lie in the body.</param>
    /// <exception cref="ZmtpException">It was not sealed by the peer, or not as the next one.</exception>
    void Open(ReadOnlySpan<byte> body, Span<byte> content);

    /// <summary>Seals a frame.</summary>
    /// <param name="flags">What it is.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="body">Gets the body: <see cref="Overhead"/> bytes more than the payload.</param>
    void Seal(byte flags, ReadOnlySpan<byte> payload, Span<byte> body);
}
