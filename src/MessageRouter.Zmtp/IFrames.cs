namespace MessageRouter.Zmtp;

/// <summary>The frames of messages, whoever holds them.</summary>
internal interface IFrames
{
    /// <summary>The last frame of a message.</summary>
    ReadOnlyMemory<byte> PayloadAt(int index);

    /// <inheritdoc cref="PayloadAt"/>
    ReadOnlySpan<byte> BytesAt(int index);

    /// <summary>The frames before the last one.</summary>
    ReadOnlySpan<ReadOnlyMemory<byte>> LeadingFramesAt(int index);

    /// <summary>The same messages as payloads, where they are nothing else.</summary>
    /// <param name="payloads">The payloads.</param>
    /// <param name="start">Which of them the first message is.</param>
    bool TryGetPayloads(out Payloads payloads, out int start);
}
