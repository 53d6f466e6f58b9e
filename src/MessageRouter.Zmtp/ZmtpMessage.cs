namespace MessageRouter.Zmtp;

/// <summary>One message: a payload and, before it, any number of other frames.</summary>
/// <remarks>The bytes are shared, never copied: who gives them away must not change them any more.</remarks>
public readonly struct ZmtpMessage
{
    /// <summary>Frames that a message has at most where this side sends it.</summary>
    internal const int MostFrames = 1000;

    private readonly ReadOnlyMemory<byte>[]? _leading;

    /// <summary>Makes a message of one frame.</summary>
    /// <param name="payload">The frame.</param>
    public ZmtpMessage(ReadOnlyMemory<byte> payload) => Payload = payload;

    internal ZmtpMessage(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>[] leading)
    {
        Payload = payload;
        _leading = leading;
    }

    /// <summary>Makes a message of several frames, the payload last.</summary>
    /// <param name="frames">One to 1000 frames.</param>
    /// <exception cref="ArgumentException">There is no frame, or there are too many.</exception>
    public static ZmtpMessage Of(params ReadOnlySpan<ReadOnlyMemory<byte>> frames)
    {
        if (frames.Length is 0 or > MostFrames)
            throw new ArgumentException($"A message has 1 to {MostFrames} frames, not {frames.Length}.", nameof(frames));
        return new ZmtpMessage(frames[^1], frames[..^1].ToArray());
    }

    /// <summary>The last frame; of most messages the only one.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>How many frames there are: 1 or more.</summary>
    public int FrameCount => Leading.Length + 1;

    /// <summary>The frame at <paramref name="index"/>, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public ReadOnlyMemory<byte> FrameAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, (uint)Leading.Length, nameof(index));
        return index < Leading.Length ? Leading[index] : Payload;
    }

    /// <summary>The bytes of all frames together.</summary>
    public long Size
    {
        get
        {
            long size = Payload.Length;
            foreach (var frame in Leading) size += frame.Length;
            return size;
        }
    }

    internal ReadOnlySpan<ReadOnlyMemory<byte>> Leading => _leading;
}
