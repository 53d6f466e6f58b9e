namespace MessageRouter.Zmtp;

/// <summary>A socket that sends. What it was given and the operating system does not have yet waits, bounded for each peer.</summary>
public abstract class SendingSocket : ZmtpSocket
{
    private TaskCompletionSource? _flush;

    /// <summary>Waited for by who came while others waited already: for what was there when those are done.</summary>
    private TaskCompletionSource? _nextFlush;

    private long _sent;

    private protected SendingSocket(ZmtpOptions options, PeerSocketType type)
        : base(options, type)
    {
    }

    /// <summary>Waits until the operating system has all that was sent before, or it is lost. What is sent meanwhile is not waited for, or only a part of it.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Task FlushAsync(CancellationToken cancellation = default) => Emptied().WaitAsync(cancellation);

    /// <summary>Messages that will not be sent; under the gate.</summary>
    private protected long Dropped { get; set; }

    /// <summary>Messages that no peer was given yet; under the gate.</summary>
    private protected virtual long Unassigned => 0;

    /// <summary>How many of these, the oldest, somebody waits for.</summary>
    private protected long AwaitedUnassigned { get; set; }

    private protected override void Written(Member member, int count)
    {
        _sent += count;
        TellFlushes();
    }

    private protected override void Left(Member member) => TellFlushes();

    private protected override ZmtpStatistics Count(long refused, IReadOnlyDictionary<string, long> refusals) =>
        new() { Sent = _sent, Waiting = Waiting, Dropped = Dropped, Refused = refused, Refusals = refusals };

    private protected override Task Emptied()
    {
        lock (Gate)
        {
            if (Waiting == 0) return Task.CompletedTask;
            if (_flush is not null) return (_nextFlush ??= NewFlush()).Task;
            Await(NewFlush());
            return _flush!.Task;
        }
    }

    private protected override void End() => TellFlushes();

    private long Waiting => Unassigned + Members.Values.Sum(member => member.Given.Messages);

    private static TaskCompletionSource NewFlush() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Await(TaskCompletionSource? flush)
    {
        _flush = flush;
        if (flush is null) return;
        AwaitedUnassigned = Unassigned;
        foreach (var member in Members.Values) member.Awaited = member.Given.Messages;
    }

    private void TellFlushes()
    {
        while (_flush is not null && AwaitedUnassigned == 0 && Members.Values.All(member => member.Awaited == 0))
        {
            _flush.SetResult();
            var next = _nextFlush;
            _nextFlush = null;
            Await(next);
        }
    }
}
