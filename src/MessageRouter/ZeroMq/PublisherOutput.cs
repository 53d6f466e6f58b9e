using Akka.Event;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Monitoring.Taps;
using MessageRouter.Security;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.ZeroMq;

/// <summary>
/// A PUB socket of the router's own engine: gives each message to every peer that subscribes to it. A peer that has as many messages unwritten as the
/// high-water mark allows misses what comes then; it holds up neither the others nor the mailbox.
/// </summary>
internal class PublisherOutput : PeerOutput
{
    /// <summary>The longest frame that a peer may send here: a subscription.</summary>
    private const int MaxSubscription = 4 << 10;

    private ZeroMqOutput.Options _options;
    private readonly PeerLog _log;
    private readonly Dictionary<Worker, Subscriber> _subscribers = [];
    private readonly SubscriptionIndex _index = new();
    private readonly SubscriberLimit _limit;
    private readonly KeptForSubscribers _kept = new();
    private long _published;

    /// <summary>Those of which there are messages that are neither delivered nor lost, in order; each takes itself out.</summary>
    private readonly LinkedList<Publication> _open = [];

    /// <summary>What is held for the first subscriber; null when nothing is held any more.</summary>
    private Queue<Delivery>? _held = [];

    private ITimer? _holding;
    private bool _nobodyListens;

    public PublisherOutput(ZeroMqOutput.Options options, IPeerEngine engine, NodeSecurity security)
        : base(engine, security, answers: false, options.Linger)
    {
        _options = options;
        _limit = new SubscriberLimit(_index);
        _log = new PeerLog(Logger, Clock, maxMessageSize: null);
        Receive<HeldLongEnough>(_ => StopHolding());
    }

    protected override PeerSettings Settings => ZeroMqEngine.PeerSettings(
        _options.Fill(new SenderSettings { Name = Name, Socket = SenderSocket.Pub }, Cell.Endpoints), PeerSocketType.Pub, MaxSubscription);

    protected override EndpointSecurity? Security => _options.Security;

    protected override bool TellsLosses => _options.LossAccounting;

    protected override void Open()
    {
        base.Open();
        _limit.Kept = Book;
        if (_options.SubscribeDelay <= TimeSpan.Zero) StopHolding();
        else _holding = TellLater(HeldLongEnough.Instance, _options.SubscribeDelay);
    }

    protected override void Change(object options)
    {
        _options = (ZeroMqOutput.Options)options;
        ChangeSocket();
    }

    protected override void Close()
    {
        _holding?.Dispose();
        base.Close();
    }

    private protected override void Handle(Delivery delivery)
    {
        delivery = delivery with { Batch = Encode(delivery.Batch) };
        if (delivery.Batch.Count == 0) return;
        if (_held is null) Publish(delivery);
        else Hold(_held, delivery);
    }

    /// <summary>Holds no more than the mailbox has room for; then that fills up, and its policy decides.</summary>
    private void Hold(Queue<Delivery> held, Delivery delivery)
    {
        held.Enqueue(delivery);
        if (Cell.Counts.Held.Value >= Cell.Mailbox.Capacity || Cell.Counts.Held.Bytes >= Cell.Mailbox.MaxBytes) PauseTaking();
    }

    private protected override void HandleEnd() => FinishWhenAllIsWritten();

    private protected override bool IsDrained => base.IsDrained && HasSaidFarewell;

    private protected override IEnumerable<Delivery> TakeUnfinished()
    {
        var published = _open.SelectMany(publication => publication.TakeOpen()).ToList();
        Book?.TakeBack(published.Sum(delivery => delivery.Batch.Count));
        var unfinished = published.Concat(_held ?? []).ToList();
        _open.Clear();
        _held = null;
        return unfinished;
    }

    protected override void Met(Worker worker)
    {
        worker.State = WorkerState.Connected;
        worker.Limit = _options.HighWaterMark == 0 ? int.MaxValue : _options.HighWaterMark;
        worker.LimitBytes = PeerQueue.Bound(_options.HighWaterBytes);
        var subscriber = new Subscriber(worker, _kept, _index);
        _subscribers.Add(worker, subscriber);
        _limit.Met(subscriber.Subscriptions, AddressKey.Of(worker.Peer!), reason => End(worker, reason, Refusals.Subscriptions));
        _log.Write(new PeerChange(worker.Name, Connected: true));
    }

    protected override void Heard(Worker worker, MessageBatch messages)
    {
        var subscriptions = _subscribers[worker].Subscriptions;
        _limit.Heard(subscriptions, messages.Select(message => message.FirstFrame), _options.Limits.ForPeers);
        var words = messages.Count(message => message.FirstFrame.Span is [1, ..]);
        if (words > 0) worker.Link?.Subscribe(subscriptions, words);
        if (subscriptions.Any) StopHolding();
    }

    protected override void Written(Worker worker, int count) => CountDelivered(_subscribers[worker].Written(count));

    protected override void Left(Worker worker, PeerEnd end, bool byItself)
    {
        var load = worker.Load;
        _subscribers.Remove(worker, out var subscriber);
        if (byItself)
        {
            _log.Write(PeerChange.Ended(worker.Name, end, load));
            worker.Link?.Drop(load, DropReasons.SubscriberGone);
            subscriber!.Leave(Lost, DropReasons.SubscriberGone);
        }
        else
        {
            // What this output has ended itself goes back to the mailbox, and from there to who subscribes then.
            var delivered = subscriber!.Leave();
            worker.Link?.Drop(delivered, DropReasons.SubscriberGone);
            if (Cell.MustStop) Cell.MissedAtShutdown.Add(delivered);
        }

        // The book keeps what it had subscribed to.
        CloseLink(worker, end.Unconfirmed);
        _limit.Left(subscriber.Subscriptions);
    }

    protected override void AfterEvents() => FinishWhenAllIsWritten();

    private void StopHolding()
    {
        if (_held is not { } held) return;
        while (held.TryDequeue(out var delivery)) Publish(delivery);
        _held = null;
        ResumeTaking();
        AfterEvents();
    }

    private void Publish(Delivery delivery)
    {
        var publication = new Publication(delivery, ++_published);

        // Before anybody is given anything: should that fail, the next instance has to find it.
        _open.AddLast(publication.Place);
        var outcomes = new DropRun(this);
        try
        {
            Publish(publication, ref outcomes);
        }
        finally
        {
            outcomes.Count();
        }
        Book?.Publish(delivery.Batch);
        TellSoon();
        if (publication.Open > 0) _nobodyListens = false;
        while (_kept.Bytes > MostKept && _subscribers.Values.MinBy(subscriber => subscriber.Oldest) is { } last)
            End(last.Worker, $"It was furthest behind when what is kept for those that are behind took more than {SizeText.Of(MostKept)} (memory.limit).", Refusals.Memory);
    }

    /// <summary>What subscribers that do not read may have kept in memory together; a few of them always as much as they may each.</summary>
    private long MostKept => Cell.Counts.Memory.Limit is > 0 and var limit ? Math.Max(limit / 4, 4 * Math.Min(PeerQueue.Bound(_options.HighWaterBytes), long.MaxValue / 4)) : long.MaxValue;

    private void Publish(Publication publication, ref DropRun outcomes)
    {
        var batch = publication.Batch;
        var allFit = AllFit(batch);
        var wanted = _index.Look(batch.ToWire());
        foreach (var all in _index.OfEverything) Give(all, publication, places: null, allFit);
        foreach (var some in _index.Wanting) Give(some, publication, some.Places.Count < batch.Count ? some.Places : null, allFit);
        if (wanted is null && allFit && _index.Wanting.IsEmpty)
        {
            // All were given the first ones.
            for (var i = batch.Count - 1; i >= 0 && publication.IsGivenToNobody(i); i--) outcomes.Add(publication, i, DropReasons.SubscriberFull);
            return;
        }
        for (var i = 0; i < batch.Count; i++)
        {
            if (!Fits(batch, i)) outcomes.Add(publication, i, DropReasons.TooLarge);
            else if (wanted?[i] == false) outcomes.Add(publication, i, DropReasons.NoSubscriber);
            else if (publication.IsGivenToNobody(i)) outcomes.Add(publication, i, DropReasons.SubscriberFull);
        }
    }

    /// <param name="subscriptions">Whose messages they are.</param>
    /// <param name="publication">What they are of.</param>
    /// <param name="places">Those that it wants; null for all.</param>
    /// <param name="allFit">Whether none is too large.</param>
    private void Give(Subscriptions subscriptions, Publication publication, IReadOnlyList<int>? places, bool allFit)
    {
        var subscriber = _subscribers[(Worker)subscriptions.Subscriber!];
        var batch = publication.Batch;
        var given = places?.ToArray();
        if (!allFit)
        {
            given = [.. (places ?? Enumerable.Range(0, batch.Count)).Where(place => Fits(batch, place))];
            var tooLarge = (places?.Count ?? batch.Count) - given.Length;
            if (tooLarge > 0) subscriber.Worker.Link?.Drop(tooLarge, DropReasons.TooLarge);
            if (given.Length == 0) return;
        }
        if (Cell.Counts.Tap.IsWatched) Cell.Counts.Tap.Saw(TapSide.Out, given is null ? batch : MessageBatch.Of(given.Select(place => batch[place])), subscriber.Worker.Name);
        if (subscriber.Give(publication, given) is > 0 and var missed) _log.TooSlow(subscriber.Worker.Name, missed);
    }

    private void Lost() => CountDropped(1, DropReasons.SubscriberGone);

    private void CountDropped(int count, string reason)
    {
        lock (Cell.Books) DropTaken(count, reason);
        if (reason == DropReasons.TooLarge) _log.NotSent(count, _options.MaxMessageSize);
        if (reason != DropReasons.NoSubscriber || _nobodyListens) return;

        // Publishing to nobody is no fault, but who has just started a node wants to know: said once until somebody listens.
        _log.NoSubscriber(count);
        _nobodyListens = true;
    }

    private bool Fits(MessageBatch batch, int place) => batch.SizeAt(place) <= _options.MaxMessageSize;

    private bool AllFit(MessageBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (!Fits(batch, i)) return false;
        }
        return true;
    }

    /// <summary>Counts messages in a row that are dropped for the same reason together.</summary>
    private struct DropRun(PublisherOutput output)
    {
        private int _count;
        private string _reason = "";

        public void Add(Publication publication, int place, string reason)
        {
            if (output.Cell.Counts.Tap.IsWatched) output.Cell.Counts.Tap.Saw(TapSide.Dropped, publication.Batch.Slice(place, 1), why: reason);
            publication.Drop(place, reason);
            if (_reason != reason) Count();
            _reason = reason;
            _count++;
        }

        public void Count()
        {
            if (_count > 0) output.CountDropped(_count, _reason);
            _count = 0;
        }
    }

    private sealed class HeldLongEnough : IDeadLetterSuppression
    {
        public static readonly HeldLongEnough Instance = new();
    }
}
