namespace MessageRouter.Workers;

/// <summary>What a worker process is at.</summary>
internal enum WorkerState
{
    /// <summary>Not running; its start is due, at once or after a pause.</summary>
    Waiting,

    Running,

    /// <summary>It has been sent SIGTERM.</summary>
    Stopping,

    /// <summary>It has ended and is not started again.</summary>
    Stopped,
}
