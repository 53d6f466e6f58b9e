namespace MessageRouter.Testing.Running;

/// <summary>Messages that a test sends to one input.</summary>
/// <param name="Input">Its full name.</param>
/// <param name="Count">How many.</param>
/// <param name="Payload">The payload, and the frames before it, of one of them: by its number, from 1, and the time at which it is sent.</param>
internal sealed record Sending(string Input, long Count, Func<long, DateTimeOffset, Payload> Payload)
{
    /// <summary>When the first is sent, counted from the test's begin.</summary>
    public TimeSpan At { get; init; }

    /// <summary>How many are sent in a second; 0 for all at once.</summary>
    public double Rate { get; init; }

    /// <summary>Who sends them; null where that is not known.</summary>
    public MessagePeer? Peer { get; init; }
}
