namespace MessageRouter.Zmtp;

/// <summary>A socket that sends. What it was given and the operating system does not have yet waits, bounded for each peer.</summary>
public abstract class SendingSocket : ZmtpSocket
{
    private TaskCompletionSource? _emptied;
    private long _sent;

    private protected SendingSocket(ZmtpOptions options, PeerSocketType type)
        : base(options, type)
    {
    }

    /// <summary>Waits until the operating system has all that was sent before.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Task FlushAsync(CancellationToken cancellation = default) => Emptied().WaitAsync(cancellation);

    /// <summary>Messages that will not be sent; under the gate.</summary>
    private protected long Dropped { get; set; }

    /// <summary>Messages that no peer was given yet; under the gate.</summary>
    private protected virtual long Unassigned => 0;

    private protected override void Written(Member member, int count)
    {
        _sent += count;
        CheckEmpty();
    }

    private protected override void Left(Member member) => CheckEmpty();

    private protected override ZmtpStatistics Count(long refused, IReadOnlyDictionary<string, long> refusals) =>
        new() { Sent = _sent, Waiting = Waiting, Dropped = Dropped, Refused = refused, Refusals = refusals };

    private protected override Task Emptied()
    {
        lock (Gate) return Waiting == 0 ? Task.CompletedTask : (_emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    private protected override void End() => CheckEmpty();

    private long Waiting => Unassigned + Members.Values.Sum(member => member.Given.Messages);

    private void CheckEmpty()
    {
        if (_emptied is null || Waiting > 0) return;
        _emptied.TrySetResult();
        _emptied = null;
    }
}
