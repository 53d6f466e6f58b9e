namespace MessageRouter.Workers;

/// <summary>Where worker processes come from: the operating system.</summary>
internal interface IWorkerProcesses
{
    /// <summary>Finds out, before anything is started, whether a group's processes can be.</summary>
    /// <exception cref="WorkerStartException">They cannot.</exception>
    void Check(WorkerGroupDefinition group);

    /// <summary>Starts one.</summary>
    /// <param name="group">What to start.</param>
    /// <param name="number">Which of the group's processes it is, from 1.</param>
    /// <param name="line">Gets each line that it writes to its standard output and error; called on any thread.</param>
    /// <exception cref="WorkerStartException">It cannot be started.</exception>
    IWorkerProcess Start(WorkerGroupDefinition group, int number, Action<string> line);
}
