using MessageRouter.Components;
using MessageRouter.Links;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>
/// Workers answer for each message. What a worker has not answered when its connection ends goes to others, and so does
/// what it keeps for longer than the lease.
/// </summary>
/// <param name="settings">The distributor's options.</param>
/// <param name="clock">Measures the leases.</param>
/// <param name="outcomes">Is told what follows.</param>
/// <param name="accounts">What is given to whom; null where nobody counts that.</param>
internal sealed class AtLeastOnceLink(DistributorOutput.Options settings, TimeProvider clock, IWorkOutcomes outcomes, AnsweredLinks? accounts = null) : IWorkLink
{
    private static readonly MessageBatch Ping = MessageBatch.Of(LinkCodec.ToMessage(new LinkWord.DistributorPing()));

    private readonly ulong _session = (ulong)Random.Shared.NextInt64();
    private readonly DeliveryBook _book = new(settings.MaxDeliveries, settings.Lease, clock);
    private readonly List<Worker> _connected = [];

    /// <summary>Messages that the word that is being read says are done.</summary>
    private int _done;

    public PeerSocketType Socket => settings.Bind.Count > 0 ? PeerSocketType.Router : PeerSocketType.Dealer;

    public void Connected(Worker worker)
    {
        worker.Silent = TimeSpan.Zero;
        worker.Account = accounts?.Connect(worker.Peer!);
        _connected.Add(worker);
    }

    public void Give(Work work, Worker worker)
    {
        var tag = _book.Deliver(work, worker);
        worker.Account?.Messages.Add(1);
        work.Id ??= $"{_session:x16}-{work.Number}";
        if (work.Redeliveries > 0) worker.Counts.Redelivered.Add(1);
        worker.Outgoing.Add(LinkCodec.ToMessage(new LinkWord.Deliver(_session, tag, (uint)work.Redeliveries, work.Id), work.Message));
    }

    public void Give(WorkRun run, Worker worker)
    {
        foreach (var work in run.Works) Give(work, worker);
    }

    /// <summary>That a message is written says nothing: what counts is the answer.</summary>
    public void Written(Worker worker, int count)
    {
    }

    public void Received(Worker worker, MessageBatch messages)
    {
        worker.Silent = TimeSpan.Zero;
        _done = 0;
        string? problem = null;
        try
        {
            foreach (var message in messages.Messages)
            {
                problem = LinkCodec.TryRead(message, out var word) ? Hear(worker, word) : "It said something that is no word of an at-least-once link.";
                if (problem is not null) break;
            }
        }
        finally
        {
            if (_done > 0) outcomes.Done(worker, _done);
        }
        if (problem is not null) outcomes.End(worker, problem);
    }

    public void Ended(Worker worker, PeerEnd end)
    {
        _connected.Remove(worker);
        worker.Account?.Returned.Add(worker.Unanswered.Count);
        worker.Account?.Close();
        worker.Account = null;
        foreach (var work in _book.Gone(worker)) outcomes.Again(work);
    }

    public void Tick()
    {
        // Only time in which this node was awake counts: a worker is not silent because nobody listened.
        foreach (var worker in _connected.ToArray())
        {
            worker.Silent += settings.Tick;
            if (worker.Silent > settings.Heartbeat.Timeout) outcomes.End(worker, $"It was silent for {settings.Heartbeat.Timeout.TotalSeconds:0.###} s.");
            else if (worker.State != WorkerState.Connecting) worker.Peer!.Send(Ping);
        }
        while (_book.TryEndLease(out var handover, out var verdict))
            Fail(handover.Worker, verdict, handover.Work, $"It had a message for {settings.Lease.TotalSeconds:0.###} s, its lease, and was not done with it.");
    }

    /// <returns>Why the worker cannot stay; null where it can.</returns>
    private string? Hear(Worker worker, LinkWord word)
    {
        switch (word)
        {
            case LinkWord.Hello hello when worker.State == WorkerState.Connecting:
                Greet(worker, hello);
                return null;
            case LinkWord.WorkerPing:
                return null;
            case var _ when worker.State == WorkerState.Connecting:
                return "It did not say HELLO first.";
            case LinkWord.Leaving:
                outcomes.Leaving(worker);
                return null;
            case LinkWord.Done done when done.Session == _session:
                foreach (var tag in done.Tags)
                {
                    var verdict = _book.Done(worker, tag, out var work);
                    if (work is not null) worker.Account?.Answered.Add(1);
                    if (verdict != Verdict.Done) continue;
                    work!.Message.Receipt?.Settle(Fate.Done);
                    _done++;
                }
                return null;
            case LinkWord.Return returned when returned.Session == _session:
                foreach (var tag in returned.Tags)
                {
                    var verdict = _book.Returned(worker, tag, out var work);
                    if (work is not null) worker.Account?.Returned.Add(1);
                    if (verdict == Verdict.Again) outcomes.Again(work!);
                }
                return null;
            case LinkWord.Failed failed when failed.Session == _session:
                var failure = _book.Failed(worker, failed.Tag, out var failedOn);
                if (failedOn is null) return null;
                worker.Account?.Returned.Add(1);
                Fail(worker, failure, failedOn, failed.Reason);
                return null;
            case LinkWord.Done or LinkWord.Return or LinkWord.Failed:
                // Of an earlier life of this distributor.
                return null;
            default:
                return "It said something that a worker does not say there.";
        }
    }

    private void Greet(Worker worker, LinkWord.Hello hello)
    {
        if (hello.Speaks != LinkWord.Version)
        {
            worker.Peer!.Send(MessageBatch.Of(LinkCodec.ToMessage(new LinkWord.Refused($"Version {LinkWord.Version} of the protocol is spoken here, not {hello.Speaks}."))));
            worker.Peer!.Close($"It was refused: it speaks version {hello.Speaks} of the protocol, not {LinkWord.Version}.");
            return;
        }
        if (worker.Endpoint is null && hello.Name.Length > 0) worker.Name = $"{hello.Name} ({worker.Name})";
        worker.Limit = (int)Math.Min(hello.Window, settings.Queue);
        worker.LimitBytes = settings.MostBytesQueued;
        worker.Peer!.Send(MessageBatch.Of(LinkCodec.ToMessage(new LinkWord.Welcome(LinkWord.Version, _session, settings.Heartbeat.Interval, settings.Heartbeat.Timeout))));
        outcomes.Ready(worker);
    }

    private void Fail(Worker worker, Verdict verdict, Work work, string reason)
    {
        if (verdict == Verdict.None) return;
        worker.Counts.Failed.Add(1);
        worker.LastError = reason;
        if (verdict == Verdict.Again) outcomes.Again(work);
        else outcomes.GiveUp(work, $"Given up after {work.Failures} deliveries on which workers failed. The last: {reason}");
    }
}
