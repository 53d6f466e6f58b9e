using MessageRouter.Ledger;

namespace MessageRouter.Links;

/// <summary>
/// The deliveries of an at-least-once link, as one end counts them: each that was given is answered for, or comes back and goes to another, or is under way. Any thread may count.
/// </summary>
/// <param name="peer">Who is at the other end; null for those who do not say.</param>
internal sealed class AnsweredAccount(LinkEnd? peer)
{
    public LinkEnd? Peer => peer;

    /// <summary>Connections up to now.</summary>
    public Counter Connections { get; } = new();

    /// <summary>Connections that there are.</summary>
    public Counter Open { get; } = new();

    /// <summary>Given to the peer, or taken from it.</summary>
    public Counter Messages { get; } = new();

    /// <summary>The peer is done with them, perhaps late.</summary>
    public Counter Answered { get; } = new();

    /// <summary>The peer has failed on them or gave them back, or its connection ended before it had answered.</summary>
    public Counter Returned { get; } = new();

    /// <summary>A connection has ended.</summary>
    public void Close() => Open.Add(-1);

    public void Add(AnsweredAccount other)
    {
        Connections.Add(other.Connections.Value);
        Messages.Add(other.Messages.Value);
        Answered.Add(other.Answered.Value);
        Returned.Add(other.Returned.Value);
    }

    /// <remarks>What is later in a delivery's life is read first: none seems to have ended before it was given.</remarks>
    public DownstreamLine Downstream(string state)
    {
        var (answered, returned) = (Answered.Value, Returned.Value);
        return new DownstreamLine
        {
            Node = peer?.Node,
            Epoch = peer?.Epoch,
            Component = peer?.Component,
            State = state,
            Connections = Connections.Value,
            Sent = Messages.Value,
            Answered = answered,
            Returned = returned,
        };
    }

    public UpstreamLine Upstream(string state)
    {
        var received = Messages.Value;
        return new UpstreamLine
        {
            Node = peer?.Node,
            Epoch = peer?.Epoch,
            Component = peer?.Component,
            State = state,
            Connections = Connections.Value,
            Sent = received,
            Received = received,
        };
    }
}
