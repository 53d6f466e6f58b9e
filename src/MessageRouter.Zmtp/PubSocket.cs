namespace MessageRouter.Zmtp;

/// <summary>
/// Sends each message to all SUB sockets that subscribe to what its first frame begins with. It never waits: a subscriber that has as many as it may
/// misses what comes meanwhile, and what nobody subscribes to is dropped. Both are counted.
/// </summary>
public sealed class PubSocket : ZmtpSocket
{
    /// <summary>What those subscribe to who were given something; used again for each batch.</summary>
    private readonly List<Subscriptions> _given = [];

    private TaskCompletionSource? _emptied;
    private TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent;
    private long _dropped;

    /// <summary>Opens the socket.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or an endpoint is none.</exception>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound.</exception>
    public PubSocket(ZmtpOptions options)
        : base(options, PeerSocketType.Pub) => Open();

    /// <summary>Publishes a message.</summary>
    /// <returns>Whether somebody was given it.</returns>
    /// <exception cref="ObjectDisposedException">The socket has been disposed.</exception>
    public bool Send(ZmtpMessage message) => Send(new ZmtpBatch(message)) > 0;

    /// <summary>Publishes messages.</summary>
    /// <returns>How many of them somebody was given.</returns>
    /// <exception cref="ObjectDisposedException">The socket has been disposed.</exception>
    public int Send(ZmtpBatch batch)
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            if (!Members.Values.Any(member => member.Subscriptions.MatchesAll)) _dropped += batch.Count - batch.CountWanted(Members.Values.Select(member => member.Subscriptions));
            _given.Clear();
            foreach (var member in Members.Values)
            {
                if (TryGive(member, batch.Where(member.Subscriptions))) _given.Add(member.Subscriptions);
            }
            return batch.CountWanted(_given);
        }
    }

    /// <summary>Waits until somebody has subscribed to anything: what is published before is lost.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Task WaitForSubscriberAsync(CancellationToken cancellation = default)
    {
        lock (Gate) return _subscribed.Task.WaitAsync(cancellation);
    }

    /// <summary>Waits until the operating system has all that subscribers were given before.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Task FlushAsync(CancellationToken cancellation = default) => Emptied().WaitAsync(cancellation);

    private protected override Task Heard(Member member, ZmtpBatch batch)
    {
        lock (Gate)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var word = batch.FirstFrameAt(i);
                if (word.IsEmpty) continue;
                if (word[0] == 1) member.Subscriptions.Add(word[1..]);
                else if (word[0] == 0) member.Subscriptions.Remove(word[1..]);
            }
            if (member.Subscriptions.Any) _subscribed.TrySetResult();
        }
        return Task.CompletedTask;
    }

    private protected override void Written(Member member, int count)
    {
        _sent += count;
        CheckEmpty();
    }

    private protected override void Left(Member member)
    {
        _dropped += member.Given.Messages;
        if (_subscribed.Task.IsCompleted && !Members.Values.Any(other => other.Subscriptions.Any))
            _subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CheckEmpty();
    }

    private protected override ZmtpStatistics Count(long refused) =>
        new() { Sent = _sent, Waiting = Members.Values.Sum(member => member.Given.Messages), Dropped = _dropped, Refused = refused };

    private protected override Task Emptied()
    {
        lock (Gate) return IsEmpty ? Task.CompletedTask : (_emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    private protected override void End() => CheckEmpty();

    private bool IsEmpty => Members.Values.All(member => member.Given.Messages == 0);

    private bool TryGive(Member member, ZmtpBatch wanted)
    {
        if (wanted.Count == 0) return false;
        if (member.Given.HasRoom(wanted, Options.HighWaterMark, Options.HighWaterBytes))
        {
            member.Give(wanted);
            return true;
        }
        member.Missed += wanted.Count;
        _dropped += wanted.Count;
        return false;
    }

    private void CheckEmpty()
    {
        if (_emptied is null || !IsEmpty) return;
        _emptied.TrySetResult();
        _emptied = null;
    }
}
