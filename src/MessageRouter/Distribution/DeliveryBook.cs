using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Distribution;

/// <summary>
/// Keeps, for at-least-once delivery, who has which message and what follows from each answer: every message is done or
/// given up once, however often it was delivered. A tag names one delivery, not a message.
/// </summary>
/// <param name="maxDeliveries">How many workers may fail on a message, or keep it for longer than its lease.</param>
/// <param name="lease">How long a worker may keep a message.</param>
/// <param name="clock">Measures the leases.</param>
internal sealed class DeliveryBook(int maxDeliveries, TimeSpan lease, TimeProvider clock)
{
    // All leases are equally long, so that they end in the order in which they began.
    private readonly LinkedList<Handover> _leases = [];
    private ulong _lastTag;

    /// <summary>Notes that a worker is given a message.</summary>
    /// <returns>The tag under which it answers.</returns>
    public ulong Deliver(Work work, Worker worker)
    {
        var handover = new Handover(work, worker, clock.GetTimestamp());
        handover.Lease = _leases.AddLast(handover);
        worker.Unanswered.Add(++_lastTag, handover);
        worker.UnansweredBytes += work.Message.Bytes;
        work.Last = worker;
        return _lastTag;
    }

    /// <summary>The worker is done with a message. Also late: that it was given to another one since does not undo it.</summary>
    public Verdict Done(Worker worker, ulong tag, out Work? work) =>
        TryAnswer(worker, tag, out work, out _) ? End(work, Verdict.Done) : Verdict.None;


    /// <summary>The worker has failed on a message.</summary>
    public Verdict Failed(Worker worker, ulong tag, out Work? work) =>
        TryAnswer(worker, tag, out work, out var late) && !late ? Failed(work) : Verdict.None;

    /// <summary>The worker gives a message back that it did not work on.</summary>
    public Verdict Returned(Worker worker, ulong tag, out Work? work) =>
        TryAnswer(worker, tag, out work, out var late) && !late ? Again(work) : Verdict.None;

    /// <summary>The worker's connection has ended: it will not answer any more.</summary>
    /// <returns>The messages that go to another worker.</returns>
    public IReadOnlyList<Work> Gone(Worker worker)
    {
        var again = new List<Work>();
        foreach (var handover in worker.Unanswered.Values)
        {
            var late = handover.IsLate;
            EndLease(handover);
            if (!late && Again(handover.Work) == Verdict.Again) again.Add(handover.Work);
        }
        worker.Unanswered.Clear();
        worker.UnansweredBytes = 0;
        return again;
    }

    /// <summary>Takes the next delivery whose lease is over.</summary>
    public bool TryEndLease([NotNullWhen(true)] out Handover? ended, out Verdict verdict)
    {
        ended = _leases.First?.Value;
        verdict = Verdict.None;
        if (ended is null || clock.GetElapsedTime(ended.Given) < lease) return false;
        EndLease(ended);
        verdict = Failed(ended.Work);
        return true;
    }

    private void EndLease(Handover handover)
    {
        if (handover.Lease is not { } lease) return;
        _leases.Remove(lease);
        handover.Lease = null;
    }

    private static Verdict End(Work work, Verdict verdict)
    {
        if (work.Ended) return Verdict.None;
        work.Ended = true;
        return verdict;
    }

    private static Verdict Again(Work work)
    {
        if (work.Ended) return Verdict.None;
        work.Redeliveries++;
        return Verdict.Again;
    }

    private bool TryAnswer(Worker worker, ulong tag, [NotNullWhen(true)] out Work? work, out bool late)
    {
        (work, late) = (null, false);
        if (!worker.Unanswered.Remove(tag, out var handover)) return false;
        worker.UnansweredBytes -= handover.Work.Message.Bytes;
        (work, late) = (handover.Work, handover.IsLate);
        EndLease(handover);
        return true;
    }

    private Verdict Failed(Work work)
    {
        if (work.Ended) return Verdict.None;
        return ++work.Failures >= maxDeliveries ? End(work, Verdict.GivenUp) : Again(work);
    }
}
