using MessageRouter.Mailboxes;

namespace MessageRouter.Distribution;

/// <summary>A message that a distributor has taken from its mailbox and that has not ended yet.</summary>
/// <param name="message">The message, written by the output's codec.</param>
/// <param name="edge">The edge over which it came, and goes back where the distributor cannot finish it.</param>
/// <param name="number">Its place in the order of all that the distributor has taken.</param>
internal sealed class Work(Message message, Edge edge, long number)
{
    public Message Message { get; } = message;

    public Edge Edge { get; } = edge;

    public long Number { get; } = number;

    /// <summary>At-least-once: what it is known by, the same each time that it is delivered; null before it is given to a worker.</summary>
    public string? Id { get; set; } = message.Delivery?.Id;

    /// <summary>How often it was given to a worker before, here or, where it came over a link, upstream.</summary>
    public int Redeliveries { get; set; } = message.Delivery?.Redeliveries ?? 0;

    /// <summary>How many workers have failed on it or kept it for longer than its lease.</summary>
    public int Failures { get; set; } = (message.Receipt as ReturnedReceipt)?.Failures ?? 0;

    /// <summary>The worker that had it last and did not finish it; another one is preferred.</summary>
    public Worker? Last { get; set; }

    /// <summary>Done or given up; a worker may still be at it, and it may still stand in a queue.</summary>
    public bool Ended { get; set; }

    /// <summary>
    /// The delivery by which it goes back to the mailbox. Of one that was given to a worker it remembers how often.
    /// </summary>
    public Delivery Returned()
    {
        var message = Message;
        if (Redeliveries > 0 && Id is { } id)
            message = message.With(new ReturnedReceipt(new MessageDelivery(id, Redeliveries), Failures, Message.Receipt));
        return new Delivery(Edge, MessageBatch.Of(message));
    }
}
