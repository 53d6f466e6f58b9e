namespace MessageRouter.Monitoring.Taps;

/// <summary>A message as somebody looked at it, with a copy of its bytes: nothing of the node is kept by it.</summary>
/// <param name="Time">When.</param>
/// <param name="Component">The component's full name.</param>
/// <param name="Side">Which side of it.</param>
/// <param name="Peer">Who it came from, or goes to; null where that is not known, or many.</param>
/// <param name="Why">Why it is dropped, or failed; null for all others.</param>
/// <param name="Payload">Its payload, cut to <see cref="MessageTap.MostBytes"/>.</param>
/// <param name="Length">How many bytes the payload has.</param>
/// <param name="Frames">The frames before the payload, each cut in the same way.</param>
internal sealed record TappedMessage(
    DateTimeOffset Time, string Component, TapSide Side, string? Peer, string? Why, byte[] Payload, int Length, IReadOnlyList<byte[]> Frames)
{
    /// <summary>Whether the payload is cut.</summary>
    public bool IsCut => Payload.Length < Length;

    /// <summary>It as a message, for who judges it.</summary>
    public Message ToMessage(MessageFormat format) => new(Payload, format, [.. Frames.Select(frame => (ReadOnlyMemory<byte>)frame)]);
}
