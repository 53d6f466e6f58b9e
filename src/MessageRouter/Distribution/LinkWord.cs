namespace MessageRouter.Distribution;

/// <summary>
/// What the two ends of an at-least-once link say to each other: the first frame of each of their messages. PROTOCOL.md
/// beside this file describes the bytes; <see cref="LinkCodec"/> reads and writes them.
/// </summary>
internal abstract record LinkWord
{
    /// <summary>The version of the protocol that is spoken here.</summary>
    public const byte Version = 1;

    /// <summary>Deliveries that one word answers at most.</summary>
    public const int MostTags = 1000;

    /// <summary>Bytes of a message's id at most.</summary>
    public const int LongestId = 64;

    /// <summary>Bytes of a reason or a name at most.</summary>
    public const int LongestText = 1024;

    /// <summary>Bytes of <see cref="Deliver"/> at most, which come on top of the message's own.</summary>
    public const int LongestDeliver = 21 + LongestId;

    private LinkWord()
    {
    }

    /// <summary>A worker's first word on a connection.</summary>
    /// <param name="Speaks">The version that it speaks.</param>
    /// <param name="Window">How many unanswered deliveries it takes at most; 1 or more.</param>
    /// <param name="Name">What it calls itself.</param>
    public sealed record Hello(byte Speaks, uint Window, string Name) : LinkWord;

    /// <summary>A worker's whole chain is done with these deliveries.</summary>
    public sealed record Done(ulong Session, ulong[] Tags) : LinkWord;

    /// <summary>A worker's chain has failed on this delivery.</summary>
    public sealed record Failed(ulong Session, ulong Tag, string Reason) : LinkWord;

    /// <summary>A worker has not worked on these deliveries and will not.</summary>
    public sealed record Return(ulong Session, ulong[] Tags) : LinkWord;

    /// <summary>A worker takes no more, and will still answer for what it has.</summary>
    public sealed record Leaving : LinkWord;

    /// <summary>A worker is alive.</summary>
    public sealed record WorkerPing : LinkWord;

    /// <summary>A distributor's answer to <see cref="Hello"/>.</summary>
    /// <param name="Speaks">The version that it speaks.</param>
    /// <param name="Session">A number of this life of the distributor.</param>
    /// <param name="HeartbeatInterval">How often either end is to say something, in whole milliseconds.</param>
    /// <param name="HeartbeatTimeout">After how much silence either end takes the other for dead, in whole milliseconds.</param>
    public sealed record Welcome(byte Speaks, ulong Session, TimeSpan HeartbeatInterval, TimeSpan HeartbeatTimeout) : LinkWord;

    /// <summary>A message to work on follows in the next frames.</summary>
    /// <param name="Session">As in <see cref="Welcome"/>.</param>
    /// <param name="Tag">A number of this delivery alone, to answer with.</param>
    /// <param name="Redeliveries">How often the message was delivered before.</param>
    /// <param name="Id">The message's id, the same each time.</param>
    public sealed record Deliver(ulong Session, ulong Tag, uint Redeliveries, string Id) : LinkWord;

    /// <summary>A distributor is alive.</summary>
    public sealed record DistributorPing : LinkWord;

    /// <summary>A distributor does not take this worker; it disconnects next.</summary>
    public sealed record Refused(string Reason) : LinkWord;
}
