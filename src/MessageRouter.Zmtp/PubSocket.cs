using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>
/// Sends each message to all SUB sockets that subscribe to what its first frame begins with. It never waits: a subscriber that has as many as it may
/// misses what comes meanwhile, and what nobody subscribes to is dropped. Both are counted.
/// </summary>
public sealed class PubSocket : SendingSocket
{
    private readonly SubscriptionIndex _index = new();
    private readonly SubscriberLimit _limit;
    private TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Opens the socket.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or an endpoint is none.</exception>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound.</exception>
    public PubSocket(ZmtpOptions options)
        : base(options, PeerSocketType.Pub)
    {
        _limit = new SubscriberLimit(_index);
        Open();
    }

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
            var wanted = _index.Look(batch);
            if (wanted is not null) Dropped += wanted.AsSpan().Count(false);
            var isAllGiven = false;
            foreach (var all in _index.OfEverything) isAllGiven |= TryGive(all, batch);
            var given = wanted ?? (isAllGiven ? [] : new bool[batch.Count]);
            Array.Clear(given);
            foreach (var some in _index.Wanting)
            {
                if (!TryGive(some, batch.At(some.Places)) || isAllGiven) continue;
                foreach (var place in some.Places) given[place] = true;
            }
            return isAllGiven ? batch.Count : given.AsSpan().Count(true);
        }
    }

    /// <summary>Waits until somebody has subscribed to anything: what is published before is lost.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Task WaitForSubscriberAsync(CancellationToken cancellation = default)
    {
        lock (Gate) return _subscribed.Task.WaitAsync(cancellation);
    }

    private protected override Task Heard(Member member, ZmtpBatch batch)
    {
        lock (Gate)
        {
            _limit.Heard(member.Subscriptions!, Enumerable.Range(0, batch.Count).Select(i => batch[i].FrameAt(0)), Options.Limits);
            if (_index.Any) _subscribed.TrySetResult();
        }
        return Task.CompletedTask;
    }

    private protected override void Met(Member member)
    {
        member.Subscriptions = new Subscriptions(_index, member);
        _limit.Met(member.Subscriptions, AddressKey.Of(member.Peer), reason => member.Peer.Disconnect(reason, Refusals.Subscriptions));
    }

    private protected override void Left(Member member)
    {
        _limit.Left(member.Subscriptions!);
        Dropped += member.Given.Messages;
        if (_subscribed.Task.IsCompleted && !_index.Any)
            _subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        base.Left(member);
    }

    private bool TryGive(Subscriptions subscriptions, ZmtpBatch wanted)
    {
        if (wanted.Count == 0) return false;
        var member = (Member)subscriptions.Subscriber!;
        if (member.Given.HasRoom(wanted, Options.HighWaterMark, Options.HighWaterBytes))
        {
            member.Give(wanted);
            return true;
        }
        member.Missed += wanted.Count;
        Dropped += wanted.Count;
        return false;
    }
}
