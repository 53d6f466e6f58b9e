namespace MessageRouter.InteropTests.Support;

/// <summary>
/// What the tests of a class hold while they run. Tests that work are as many at a time as there are processors, on the two of continuous integration; those of clusters mostly wait, for nodes that notice
/// something after seconds, and one of them goes on beside.
/// </summary>
/// <param name="turns">Those that there are.</param>
public abstract class Turn(SemaphoreSlim turns) : IAsyncLifetime
{
    /// <inheritdoc/>
    public Task InitializeAsync() => turns.WaitAsync();

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        turns.Release();
        return Task.CompletedTask;
    }
}

/// <summary>Of tests that work.</summary>
public sealed class WorkingTurn() : Turn(Turns)
{
    private static readonly SemaphoreSlim Turns = new(2);
}

/// <summary>Of tests that mostly wait.</summary>
public sealed class WaitingTurn() : Turn(Turns)
{
    private static readonly SemaphoreSlim Turns = new(1);
}
