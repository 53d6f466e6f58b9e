namespace MessageRouter.Client.Logging;

/// <summary>How many log events were written of which something is not as the application logged it.</summary>
/// <param name="endpoint">Where they count too; null for nowhere.</param>
internal sealed class EventFlaws(EndpointCounts? endpoint = null)
{
    private long _cut;
    private long _failed;

    public long Cut => Volatile.Read(ref _cut);

    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Counts an event.</summary>
    public void Add(bool isCut, bool hasFailed)
    {
        if (isCut) Interlocked.Increment(ref _cut);
        if (hasFailed) Interlocked.Increment(ref _failed);
        endpoint?.Flawed(isCut, hasFailed);
    }
}
