using MessageRouter.Clustering;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;

namespace MessageRouter.Components;

/// <summary>
/// The door through which an input's messages come into the node: anything that reads hands batches in here, one
/// thread at a time. Its bound is the input's mailbox.
/// </summary>
public sealed class Intake
{
    private readonly Edge _edge;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _space;
    private bool _standsBy;

    internal Intake(Edge edge, MessageFormat format)
    {
        _edge = edge;
        Format = format;
        edge.Blocked = OnBlocked;
    }

    /// <summary>Called, on any thread, when messages may be handed in again after <see cref="TryAdd"/> said false. Must return at once and add nothing itself.</summary>
    public event Action? SpaceAvailable;

    internal Edge Edge => _edge;

    /// <summary>What the payloads of its messages are.</summary>
    internal MessageFormat Format { get; }

    /// <summary>Of an input that reads on one node of the cluster at a time; null for all others.</summary>
    internal ISingletonClaim? Turn { get; set; }

    /// <summary>Whether it is closed, so that another node may have its turn: what a read brings that was under way then is not its to bring any more.</summary>
    internal bool StandsBy
    {
        get => Volatile.Read(ref _standsBy);
        set => Volatile.Write(ref _standsBy, value);
    }

    /// <summary>Whether the input has been told to read no more.</summary>
    internal bool IsStopping { get; set; }

    /// <summary>Held, while messages are handed in, by those who do it on several threads.</summary>
    internal Lock Entry { get; } = new();

    /// <summary>Makes a message of what was read; the input's codec checks it when the input's turn comes.</summary>
    /// <param name="payload">The bytes, which the message then owns.</param>
    /// <param name="leadingFrames">For multipart messages the frames before the payload.</param>
    public Message NewMessage(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>[]? leadingFrames = null) =>
        NewMessage(payload, leadingFrames, receipt: null, peer: null);

    internal Message NewMessage(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>[]? leadingFrames, Receipt? receipt, MessagePeer? peer = null) =>
        new(payload, Format, leadingFrames, receipt, peer);

    /// <summary>
    /// Hands messages in. All of them are taken or counted as dropped; never hand the same ones in again.
    /// </summary>
    /// <returns>False where the node is full and the input should read no more until <see cref="SpaceAvailable"/>.</returns>
    public bool TryAdd(MessageBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count == 0 || Turn is null || (Turn.Counts && !StandsBy)) return batch.Count == 0 || _edge.Send(batch.Written());
        _edge.Refuse(DropReasons.Standby, batch);
        return true;
    }

    /// <summary>Hands messages in; done when there is room for more.</summary>
    /// <param name="batch">The messages, which are in when this returns.</param>
    /// <param name="cancellation">Ends the wait for room, and takes nothing back.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Task AddAsync(MessageBatch batch, CancellationToken cancellation = default)
    {
        if (TryAdd(batch)) return Task.CompletedTask;
        lock (_lock) return _space?.Task.WaitAsync(cancellation) ?? Task.CompletedTask;
    }

    /// <summary>Says that nothing more will come: the end of the input, or what follows being told to stop.</summary>
    public void Complete()
    {
        _edge.Target.Complete();

        // One that has come to its end by itself is not begun again elsewhere.
        if (IsStopping) Turn?.Dispose();
    }

    private void OnBlocked(bool blocked)
    {
        TaskCompletionSource? space;
        lock (_lock)
        {
            space = _space;
            _space = blocked ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        }
        if (blocked) return;
        space?.TrySetResult();
        SpaceAvailable?.Invoke();
    }
}
