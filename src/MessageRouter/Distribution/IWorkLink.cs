using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>
/// How messages get to workers and what is heard of them. What follows is told to <see cref="IWorkOutcomes"/>. Only the
/// distributor's actor calls it.
/// </summary>
internal interface IWorkLink
{
    PeerSocketType Socket { get; }

    /// <summary>A worker has a connection.</summary>
    void Connected(Worker worker);

    /// <summary>Gives a worker with room a message that has come back, by adding to its <see cref="Worker.Outgoing"/>.</summary>
    void Give(Work work, Worker worker);

    /// <summary>Gives a worker with room for them messages that no worker has had, by adding to its <see cref="Worker.Outgoing"/>.</summary>
    void Give(WorkRun run, Worker worker);

    /// <summary>The worker's oldest messages are in the hands of its connection.</summary>
    void Written(Worker worker, int count);

    /// <summary>The worker has said something.</summary>
    void Received(Worker worker, MessageBatch messages);

    /// <summary>The worker's connection has ended.</summary>
    void Ended(Worker worker, PeerEnd end);

    /// <summary>Some time has passed.</summary>
    void Tick();
}
