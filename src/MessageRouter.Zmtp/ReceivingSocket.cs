using System.Runtime.CompilerServices;

namespace MessageRouter.Zmtp;

/// <summary>
/// A socket that receives. What nobody has taken waits up to <see cref="ZmtpOptions.HighWaterMark"/> and <see cref="ZmtpOptions.HighWaterBytes"/>; then
/// peers are not read from, until half of it has been taken: pushers wait, publishers drop.
/// </summary>
public abstract class ReceivingSocket : ZmtpSocket
{
    private readonly BatchQueue _waiting = new();
    private TaskCompletionSource? _arrived;
    private TaskCompletionSource? _room;
    private long _received;
    private long _dropped;
    private bool _ended;

    private protected ReceivingSocket(ZmtpOptions options, PeerSocketType type)
        : base(options, type)
    {
    }

    /// <summary>Takes the oldest batch, which holds the messages of one peer that came together.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryReceive(out ZmtpBatch batch)
    {
        lock (Gate) return TryTake(out batch);
    }

    /// <summary>Waits for a batch and takes it.</summary>
    /// <exception cref="ObjectDisposedException">The socket was disposed, and all that had come has been taken.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was taken.</exception>
    public async ValueTask<ZmtpBatch> ReceiveAsync(CancellationToken cancellation = default) =>
        await TryReceiveAsync(cancellation).ConfigureAwait(false) is { } batch ? batch : throw new ObjectDisposedException(GetType().FullName);

    /// <summary>Takes one batch after the other, until the socket is disposed and all that had come has been taken.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async IAsyncEnumerable<ZmtpBatch> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (await TryReceiveAsync(cancellation).ConfigureAwait(false) is { } batch) yield return batch;
    }

    private protected override Task Heard(Member member, ZmtpBatch batch)
    {
        lock (Gate)
        {
            _received += batch.Count;
            _waiting.Add(batch);
            _arrived?.TrySetResult();
            _arrived = null;
            if (_waiting.Messages < Options.HighWaterMark && _waiting.Bytes < Options.HighWaterBytes) return Task.CompletedTask;
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private protected override void OverRate(int count) => _dropped += count;

    private protected override ZmtpStatistics Count(long refused, IReadOnlyDictionary<string, long> refusals) =>
        new() { Waiting = _waiting.Messages, Received = _received, Dropped = _dropped, Refused = refused, Refusals = refusals };

    private protected override void End()
    {
        _ended = true;
        _arrived?.TrySetResult();
        _room?.TrySetResult();
    }

    private async ValueTask<ZmtpBatch?> TryReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task arrived;
            lock (Gate)
            {
                if (TryTake(out var batch)) return batch;
                if (_ended) return null;
                arrived = (_arrived ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await arrived.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private bool TryTake(out ZmtpBatch batch)
    {
        if (!_waiting.TryTake(out batch)) return false;
        if (_room is not null && _waiting.Messages <= Options.HighWaterMark / 2 && _waiting.Bytes <= Options.HighWaterBytes / 2)
        {
            _room.TrySetResult();
            _room = null;
        }
        return true;
    }
}
