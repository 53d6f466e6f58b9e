namespace MessageRouter.Workers;

/// <summary>One running process.</summary>
internal interface IWorkerProcess
{
    int Id { get; }

    /// <summary>Done when it has ended and all that it has written was handed on. Never fails.</summary>
    Task<WorkerExit> Exited { get; }

    /// <summary>Whether it has given a sign of life since this was asked last; asked only where its group expects signs.</summary>
    bool TakeSign();

    /// <summary>Asks it, and what it has started, to end: SIGTERM.</summary>
    void Terminate();

    /// <summary>Ends it, and what it has started: SIGKILL.</summary>
    void Kill();
}
