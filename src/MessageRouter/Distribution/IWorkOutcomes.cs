namespace MessageRouter.Distribution;

/// <summary>What becomes of a distributor's workers and of the messages that they were given.</summary>
internal interface IWorkOutcomes
{
    /// <summary>The worker takes messages from now on.</summary>
    void Ready(Worker worker);

    /// <summary>The worker is to be given no more messages.</summary>
    void Leaving(Worker worker);

    /// <summary>The worker has dealt with so many messages, whose receipts know it.</summary>
    void Done(Worker worker, int count);

    /// <summary>The message goes to a worker again.</summary>
    void Again(Work work);

    /// <summary>No worker could deal with the message.</summary>
    void GiveUp(Work work, string reason);

    /// <summary>Ends the worker's connection, as if it had ended by itself.</summary>
    void End(Worker worker, string why);
}
