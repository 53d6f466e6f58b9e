using MessageRouter.Components;
using MessageRouter.Links;
using MessageRouter.Monitoring;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Distribution;

/// <summary>
/// The worker's end of at-least-once links: introduces the node to each distributor, brings what they send into the
/// node, and keeps the links until everything is answered.
/// </summary>
internal sealed class DistributorLinks : IPeerSink
{
    private readonly Lock _lock = new();

    private readonly Dictionary<IPeer, DistributorLink> _links = [];

    /// <summary>Links that have ended, of which something is left in the node.</summary>
    private readonly List<DistributorLink> _ended = [];
    private readonly List<IPeerSocket> _sockets = [];
    private readonly AnsweredLinks? _accounts;
    private readonly Occasion _room = new();
    private readonly LinkWord.Hello _hello;
    private readonly Intake _intake;
    private readonly TimeProvider _clock;
    private readonly DistributorLinkLog _log;
    private readonly ILinkGuard? _guard;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _leaving;

    /// <param name="engine">Opens the sockets.</param>
    /// <param name="settings">How.</param>
    /// <param name="window">How many messages of one distributor the node has at a time.</param>
    /// <param name="intake">Where they go.</param>
    /// <param name="accounts">What comes from whom; null where nobody counts that.</param>
    /// <param name="clock">The node's clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="guard">Says whose messages count; null where everybody's do.</param>
    /// <exception cref="EndpointException">An endpoint could not be bound.</exception>
    public DistributorLinks(IPeerEngine engine, PeerSettings settings, int window, Intake intake, AnsweredLinks? accounts, TimeProvider clock, ILogger logger, ILinkGuard? guard = null)
    {
        _guard = guard;
        _hello = new LinkWord.Hello(LinkWord.Version, (uint)window, $"{Environment.MachineName}/{Environment.ProcessId}");
        _intake = intake;
        _accounts = accounts;
        _clock = clock;
        intake.SpaceAvailable += _room.Come;
        _log = new DistributorLinkLog(logger, clock);
        settings = settings with { MaxMessageSize = Math.Min(int.MaxValue, settings.MaxMessageSize + LinkWord.LongestDeliver) };
        if (settings.Bind.Count > 0) _sockets.Add(engine.OpenFor(settings with { Socket = PeerSocketType.Router, Connect = [] }, this));
        if (settings.Connect.Count > 0) _sockets.Add(engine.OpenFor(settings with { Socket = PeerSocketType.Dealer, Bind = [] }, this));
        Endpoints = [.. _sockets.SelectMany(socket => socket.Endpoints)];
    }

    public IReadOnlyList<string> Endpoints { get; }

    /// <summary>Says on any thread what connections there are.</summary>
    public Func<IReadOnlyList<ConnectionLine>> Connections => ConnectionLines.Of(_sockets);

    /// <summary>Done when everything that has come is answered, and the answers have left or their connections ended.</summary>
    public Task Left => _left.Task;

    /// <summary>Ends links by which nothing counts any more.</summary>
    /// <returns>Whether there is none, and nothing is left in the node of those that have ended.</returns>
    public bool EndThoseThatDoNotCount()
    {
        DistributorLink[] links;
        lock (_lock)
        {
            links = [.. _links.Values];
            _ended.RemoveAll(link => link.IsFinished);
            if (_ended.Count > 0) return false;
        }
        return links.Count(link => !link.StillCounts()) == 0;
    }

    /// <summary>Takes no more messages, and ends each link when all that came by it is answered.</summary>
    public void Leave()
    {
        foreach (var socket in _sockets) socket.TakeNoMorePeers();
        DistributorLink[] links;
        lock (_lock)
        {
            _leaving = true;
            links = [.. _links.Values];
        }
        foreach (var link in links)
        {
            // What has been read is in the node before it takes no more.
            lock (link.Reading) link.Leave();
        }
        CloseWhenAllHaveLeft();
    }

    void IPeerSink.Connected(IPeer peer)
    {
        var link = new DistributorLink(peer, _hello, _clock, _log, guard: _guard) { Account = _accounts?.Connect(peer) };
        lock (_lock)
        {
            _links.Add(peer, link);
            if (_leaving) link.Leave();
        }
    }

    Task IPeerSink.Received(IPeer peer, ZmtpBatch batch)
    {
        DistributorLink link;
        lock (_lock) link = _links[peer];
        return Take(link, batch) is { } room ? link.WithoutHearingAsync(room) : Task.CompletedTask;
    }

    /// <returns>What has to be waited for before more may come; null for nothing.</returns>
    private Task? Take(DistributorLink link, ZmtpBatch batch)
    {
        lock (link.Reading)
        {
            var messages = link.Read(MessageBatch.Of(batch, MessageFormat.Bytes), _intake);
            if (messages.Count == 0) return null;
            link.Account?.Messages.Add(messages.Count);
            return HandIn(new MessageBatch([.. messages], messages.Count));
        }
    }

    private Task? HandIn(MessageBatch messages)
    {
        // The node may have no room, and keeps them all the same: the window bounds how many there are. How large they are it does not: beyond what the mailbox may have, who brings more waits.
        var room = _room.Next();
        lock (_intake.Entry)
        {
            return _intake.TryAdd(messages) || _intake.Edge.Waiting.Bytes <= _intake.Edge.Target.MaxBytes ? null : room;
        }
    }

    void IPeerSink.Written(IPeer peer, int count)
    {
    }

    void IPeerSink.Disconnected(IPeer peer, PeerEnd end)
    {
        lock (_lock)
        {
            if (_links.Remove(peer, out var link))
            {
                link.Account?.Close();
                _log.Ended(peer.Name, end, link.End());
                _ended.RemoveAll(each => each.IsFinished);
                if (!link.IsFinished) _ended.Add(link);
            }
        }
        _guard?.Finished();
        CloseWhenAllHaveLeft();
    }

    private void CloseWhenAllHaveLeft()
    {
        lock (_lock)
        {
            if (!_leaving || _links.Count > 0) return;
        }
        _intake.SpaceAvailable -= _room.Come;
        foreach (var socket in _sockets) _ = socket.CloseAsync();
        _left.TrySetResult();
    }
}
