namespace MessageRouter.Distribution;

/// <summary>One delivery of a message to a worker that is to answer for it.</summary>
/// <param name="work">The message.</param>
/// <param name="worker">Who has it.</param>
/// <param name="given">When, as the clock's timestamp.</param>
internal sealed class Handover(Work work, Worker worker, long given)
{
    public Work Work { get; } = work;

    public Worker Worker { get; } = worker;

    public long Given { get; } = given;

    /// <summary>Its place among all leases; null once it is answered or the lease is over.</summary>
    public LinkedListNode<Handover>? Lease { get; set; }

    /// <summary>
    /// Of a delivery that is not answered: the lease is over, the message goes to another, and of this worker only word
    /// that it is done still counts.
    /// </summary>
    public bool IsLate => Lease is null;
}
