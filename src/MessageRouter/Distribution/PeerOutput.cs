using Akka.Event;
using MessageRouter.Components;
using MessageRouter.Links;
using MessageRouter.Monitoring;
using MessageRouter.Security;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Distribution;

/// <summary>
/// An output that knows each of its peers: what each was given, what was written to it, and how its connection ended. A message is delivered when
/// the operating system has it. After the last one peers are told that there will be no more, and left some time to read what they have.
/// </summary>
internal abstract class PeerOutput : OutputActor
{
    /// <summary>How long a restart waits to learn how much of a connection that it ends has been written; a moment does.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>What has changed is told this much later, with all that changes meanwhile.</summary>
    private static readonly TimeSpan TellingPause = TimeSpan.FromMilliseconds(250);

    private readonly IPeerEngine _engine;
    private readonly NodeSecurity _security;
    private readonly TimeSpan _farewell;
    private readonly Dictionary<IPeer, Worker> _workers = [];
    private IPeerSocket? _socket;
    private PeerEvents? _events;
    private ITimer? _farewellTimer;
    private ITimer? _tellTimer;
    private bool _farewellIsOver;
    private bool _isClosing;

    /// <param name="engine">Opens the socket.</param>
    /// <param name="security">Has the socket and its peers prove who they are.</param>
    /// <param name="answers">Whether peers answer for what they are given.</param>
    /// <param name="farewell">How long peers may take at the end to read what they have and to hang up; infinite for as long as the node drains.</param>
    protected PeerOutput(IPeerEngine engine, NodeSecurity security, bool answers, TimeSpan farewell)
    {
        _engine = engine;
        _security = security;
        _farewell = farewell;
        Roster = Cell.Kept as WorkerRoster ?? new WorkerRoster(Clock, answers);
        Cell.Kept = Roster;
        Cell.Workers = Roster.Lines;
        Receive<PeerEvents.Happened>(Handle);
        Receive<TellLosses>(HandleTell);
        Receive<FarewellIsOver>(over => _farewellIsOver |= over.Events == _events);
    }

    protected WorkerRoster Roster { get; }

    /// <summary>The peers that are there.</summary>
    protected IReadOnlyCollection<Worker> Workers => _workers.Values;

    /// <summary>What this instance's timers name, so that those of an earlier one are known.</summary>
    protected PeerEvents? Events => _events;

    /// <summary>Whether the peers have been told that there will be no more.</summary>
    protected bool IsFinishing { get; private set; }

    protected abstract PeerSettings Settings { get; }

    /// <summary>How the socket and its peers prove who they are; null for not at all.</summary>
    protected abstract EndpointSecurity? Security { get; }

    /// <summary>Whether peers that want to know it are told what they were sent and what not.</summary>
    protected abstract bool TellsLosses { get; }

    /// <summary>What was sent to whom; null where nobody is told.</summary>
    protected Downstream? Book { get; private set; }

    /// <summary>Why connections end that this output ends.</summary>
    protected virtual string ClosedReason => "The output has closed.";

    /// <summary>A peer has come.</summary>
    protected abstract void Met(Worker worker);

    /// <summary>The oldest messages that it was given are in the hands of the operating system.</summary>
    protected abstract void Written(Worker worker, int count);

    /// <summary>It has said something.</summary>
    protected abstract void Heard(Worker worker, MessageBatch messages);

    /// <summary>Its connection has ended, and it is not among <see cref="Workers"/> any more.</summary>
    /// <param name="worker">The peer.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="byItself">Whether it was not this output that ended it by closing its socket.</param>
    protected abstract void Left(Worker worker, PeerEnd end, bool byItself);

    /// <summary>A connection that was ended does not say how much of what it was given has left: that is not sent again, for it may have arrived.</summary>
    protected virtual void EndWithoutWord(Worker worker)
    {
        worker.Counts.Unknown.Add(worker.Load);
        worker.Link?.WriteUnwitnessed(worker.Load);
        Written(worker, worker.Load);
    }

    /// <summary>Runs after anything has happened to peers.</summary>
    protected abstract void AfterEvents();

    protected override void Open()
    {
        IsFinishing = _farewellIsOver = false;
        _events = new PeerEvents(Self);
        Book = TellsLosses ? Cell.Links?.Send() : null;
        var settings = Settings with { Refused = Cell.Counts.CountRefusals(), Security = _security.For(Security, Logger) };
        if (Book is not null) settings = settings with { Metadata = [.. settings.Metadata, .. Cell.Links!.End.Properties()] };
        _socket = _engine.OpenFor(settings, _events);
        SetEndpoints(_socket.Endpoints);
        Cell.Connections = ConnectionLines.Of(_socket);
    }

    protected override void Close()
    {
        _farewellTimer?.Dispose();
        _tellTimer?.Dispose();
        _tellTimer = null;
        if (_events is not { } events) return;
        _isClosing = true;
        try
        {
            // What was given to peers and is not written is not sent any more: the next instance does that. What was written must not be sent again.
            var loaded = _workers.Values.Where(worker => worker.Load > 0).Select(worker => worker.Peer!).ToList();
            foreach (var peer in loaded) peer.Disconnect(ClosedReason);
            events.AwaitEnds(loaded, EndPatience);
            ApplyAll(events);
        }
        finally
        {
            foreach (var worker in _workers.Values.Where(worker => worker.Load > 0)) EndWithoutWord(worker);
            foreach (var worker in _workers.Values) worker.Link?.SayLastWord();
            foreach (var worker in _workers.Values.ToArray()) Forget(worker, new PeerEnd(ClosedReason, worker.Peer!.Unconfirmed));
            _isClosing = false;
            _events = null;
            _ = _socket?.CloseAsync();
            _socket = null;
        }
    }

    /// <summary>Listens and connects elsewhere, and has other limits, as <see cref="Settings"/> now has it.</summary>
    protected void ChangeSocket()
    {
        if (_socket is not { } socket) return;
        socket.ChangeFor(Settings);
        SetEndpoints(socket.Endpoints);
    }

    /// <summary>Ends a peer's connection, as if it had ended by itself.</summary>
    /// <param name="worker">The peer.</param>
    /// <param name="why">Why, as a sentence.</param>
    /// <param name="refusal">The rule that it has broken, one of <see cref="Refusals"/>.</param>
    protected void End(Worker worker, string why, string refusal)
    {
        worker.Peer!.Disconnect(why, refusal);

        // Some of what it has may still be written, and nobody will say so.
        worker.Link?.WriteUnwitnessed(worker.Load);
        CloseLink(worker, unconfirmed: 0);
        Lose(worker, new PeerEnd(why, Refusal: refusal));
    }

    /// <summary>Takes in what has happened up to now.</summary>
    protected void Apply() => _events!.Apply(Apply);

    /// <summary>Whether every message has left, and every peer has read it or had the time to.</summary>
    protected bool HasSaidFarewell => IsFinishing && (_workers.Count == 0 || _farewellIsOver);

    /// <summary>Where nothing is to be sent any more, has each peer told so.</summary>
    protected void FinishWhenAllIsWritten()
    {
        if (IsFinishing || !Ended || _socket is null || Cell.Counts.Held.Value > 0 || _workers.Values.Any(worker => worker.Load > 0)) return;
        IsFinishing = true;
        _socket.TakeNoMorePeers();
        foreach (var worker in _workers.Values)
        {
            worker.Link?.SayLastWord();
            worker.Peer!.Finish();
        }

        // Who takes its place is waiting; peers that connect again find it there.
        if (_farewell == TimeSpan.Zero || Cell.IsReplaced) _farewellIsOver = true;
        else if (_farewell != Timeout.InfiniteTimeSpan) _farewellTimer = TellLater(new FarewellIsOver(_events!), _farewell);
    }

    private void Handle(PeerEvents.Happened happened)
    {
        // A late word of a socket that was closed: Close has dealt with it already.
        if (happened.Events != _events) return;
        Apply();
        AfterEvents();
        TellSoon();
    }

    /// <summary>Has peers told what has changed for them, if anything has.</summary>
    protected void TellSoon()
    {
        if (_tellTimer is null && Book is { HasNews: true } && !IsFinishing) _tellTimer = TellLater(new TellLosses(_events!), TellingPause);
    }

    private void HandleTell(TellLosses tell)
    {
        if (tell.Events != _events) return;
        _tellTimer = null;
        foreach (var worker in _workers.Values)
        {
            if (worker.Link is { IsDirty: true } link) link.Tell();
        }
        TellSoon();
    }

    /// <summary>Takes in what has happened, past whatever fails: it is for the last time.</summary>
    private void ApplyAll(PeerEvents events)
    {
        for (var isDone = false; !isDone;)
        {
            try
            {
                events.Apply(Apply);
                isDone = true;
            }
            catch (Exception exception)
            {
                ComponentLog.CloseFailed(Logger, exception);
            }
        }
    }

    private void Apply(PeerEvent happened)
    {
        if (happened is PeerEvent.Connected connected) Meet(connected.Peer);

        // Of one whose connection was ended from here nothing more counts.
        if (!_workers.TryGetValue(happened.Peer, out var worker)) return;
        switch (happened)
        {
            case PeerEvent.Written written:
                worker.Link?.Write(written.Count);
                Written(worker, written.Count);
                break;
            case PeerEvent.Received received:
                Heard(worker, received.Messages);
                break;
            case PeerEvent.Disconnected disconnected:
                Lose(worker, disconnected.End);
                break;
        }
    }

    private void Meet(IPeer peer)
    {
        var worker = peer.IsAccepted ? Roster.Add(peer.Name) : Roster.At(peer.Name);
        worker.Peer = peer;
        _workers.Add(peer, worker);
        worker.Link = Book?.Connect(peer);
        Met(worker);
        if (!IsFinishing) return;
        worker.Link?.SayLastWord();
        peer.Finish();
    }

    private void Lose(Worker worker, PeerEnd end)
    {
        worker.LastError = end.Reason;
        Forget(worker, end);
    }

    private void Forget(Worker worker, PeerEnd end)
    {
        _workers.Remove(worker.Peer!);
        worker.Peer = null;
        worker.Counts.Unknown.Add(end.Unconfirmed);
        Left(worker, end, byItself: !_isClosing);
        CloseLink(worker, end.Unconfirmed);
        Roster.Lost(worker);
    }

    /// <summary>What is known of a peer's connection goes into the book, once; what is done for it later counts no more.</summary>
    protected static void CloseLink(Worker worker, int unconfirmed)
    {
        worker.Link?.Close(unconfirmed);
        worker.Link = null;
    }

    /// <summary>Of the instance that these events are for.</summary>
    private sealed record TellLosses(PeerEvents Events) : IDeadLetterSuppression;

    /// <summary>Of the instance that these events are for.</summary>
    private sealed record FarewellIsOver(PeerEvents Events) : IDeadLetterSuppression;
}
