using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>
/// Sends each message to all SUB sockets that subscribe to what its first frame begins with. It never waits: a subscriber that has as many as it may
/// misses what comes meanwhile, and what nobody subscribes to is dropped. Both are counted.
/// </summary>
public sealed class PubSocket : SendingSocket
{
    /// <summary>What those subscribe to who were given something; used again for each batch.</summary>
    private readonly List<Subscriptions> _given = [];

    private readonly SubscriberLimit _limit = new();
    private TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
            if (!Members.Values.Any(member => member.Subscriptions.MatchesAll)) Dropped += batch.Count - batch.CountWanted(Members.Values.Select(member => member.Subscriptions));
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

    private protected override Task Heard(Member member, ZmtpBatch batch)
    {
        lock (Gate)
        {
            _limit.Heard(member.Subscriptions, Enumerable.Range(0, batch.Count).Select(i => batch[i].FrameAt(0)), Options.Limits);
            if (member.Subscriptions.Any) _subscribed.TrySetResult();
        }
        return Task.CompletedTask;
    }

    private protected override void Met(Member member) => _limit.Met(member.Subscriptions, reason => member.Peer.Disconnect(reason, Refusals.Subscriptions));

    private protected override void Left(Member member)
    {
        _limit.Left(member.Subscriptions);
        Dropped += member.Given.Messages;
        if (_subscribed.Task.IsCompleted && !Members.Values.Any(other => other.Subscriptions.Any))
            _subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        base.Left(member);
    }

    private bool TryGive(Member member, ZmtpBatch wanted)
    {
        if (wanted.Count == 0) return false;
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
