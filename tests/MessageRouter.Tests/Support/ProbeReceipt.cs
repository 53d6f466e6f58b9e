using MessageRouter.Components;

namespace MessageRouter.Tests.Support;

/// <summary>A receipt that a test waits for.</summary>
internal sealed class ProbeReceipt() : Receipt(new MessageDelivery("probe", 2))
{
    private readonly TaskCompletionSource<(Fate Fate, string? Reason)> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _times;

    public Task<(Fate Fate, string? Reason)> Settled => _settled.Task;

    public int Times => Volatile.Read(ref _times);

    /// <summary>What became of the message, once that is settled.</summary>
    public Fate Fate { get; private set; }

    protected override void OnSettled(Fate fate, string? reason)
    {
        Fate = fate;
        Interlocked.Increment(ref _times);
        _settled.TrySetResult((fate, reason));
    }
}
