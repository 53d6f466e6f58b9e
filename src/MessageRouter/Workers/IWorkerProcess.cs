namespace MessageRouter.Workers;

/// <summary>One running process.</summary>
internal interface IWorkerProcess
{
    int Id { get; }

    /// <summary>Done when it has ended and all that it has written was handed on. Never fails.</summary>
    Task<WorkerExit> Exited { get; }

    /// <summary>Asks it, and what it has started, to end: SIGTERM.</summary>
    void Terminate();

    /// <summary>Ends it, and what it has started: SIGKILL.</summary>
    void Kill();
}
