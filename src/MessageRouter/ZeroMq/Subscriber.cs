using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>One subscriber of a publisher: what it wants, and what it was given that is not written to it yet.</summary>
internal sealed class Subscriber(Worker worker, KeptForSubscribers kept, SubscriptionIndex index)
{
    private readonly Queue<Part> _parts = [];
    private int _endedOfFirst;

    public Worker Worker => worker;

    /// <summary>The number of the oldest publication that is not written to it; of one that keeps up higher than any.</summary>
    public long Oldest => _parts.TryPeek(out var part) ? part.Publication.Number : long.MaxValue;

    public Subscriptions Subscriptions { get; } = new(index, worker);

    /// <summary>Gives it messages as far as it has room; what it has none for it misses.</summary>
    /// <param name="publication">What they are of.</param>
    /// <param name="places">Their places there; null for all.</param>
    /// <returns>How many it misses.</returns>
    public int Give(Publication publication, int[]? places)
    {
        var count = places?.Length ?? publication.Batch.Count;
        var given = Fitting(publication.Batch, places, Math.Clamp(worker.Room, 0, count));
        var missed = count - given;
        worker.Counts.Missed.Add(missed);
        if (missed > 0) worker.Link?.Drop(missed, DropReasons.SubscriberFull);
        if (given == 0) return missed;

        var batch = places is null ? publication.Batch.Slice(0, given) : MessageBatch.Of(places.Take(given).Select(place => publication.Batch[place]));
        var compacted = worker.Load > Compaction.FewWaiting ? batch.Compacted() : batch;
        var part = new Part(publication, compacted, places, IsCopy: compacted != batch);
        batch = compacted;
        Keep(part);
        for (var i = 0; i < given; i++) publication.Give(part.PlaceAt(i));
        _parts.Enqueue(part);
        worker.Published += given;
        worker.PublishedBytes += batch.Bytes;
        worker.Counts.In.Add(given);
        worker.Peer!.Send(batch);
        worker.Link?.Give(given);
        return missed;
    }

    /// <summary>The oldest messages that it was given have been written.</summary>
    /// <returns>How many of them had been written to nobody before.</returns>
    public int Written(int count)
    {
        worker.Published -= count;
        worker.Finished(count);
        var first = 0;
        while (count > 0)
        {
            var part = _parts.Peek();
            var ended = Math.Min(count, part.Count - _endedOfFirst);
            for (var i = 0; i < ended; i++)
            {
                worker.PublishedBytes -= part.Batch.BytesAt(_endedOfFirst + i);
                if (part.Publication.Write(part.PlaceAt(_endedOfFirst + i))) first++;
            }
            count -= ended;
            _endedOfFirst += ended;
            if (_endedOfFirst < part.Count) break;
            Forget(_parts.Dequeue());
            _endedOfFirst = 0;
        }
        return first;
    }

    /// <summary>It has gone, and what it was given and not written it has missed.</summary>
    /// <param name="lost">Called for each of these messages that nobody else has and that was written to nobody; null where they are not lost.</param>
    /// <param name="reason">Why they are.</param>
    /// <returns>How many of those that it has missed were written to others, and so are delivered.</returns>
    public int Leave(Action? lost = null, string reason = "")
    {
        worker.Counts.Missed.Add(worker.Published);
        worker.Published = 0;
        worker.PublishedBytes = 0;
        var delivered = 0;
        while (_parts.TryDequeue(out var part))
        {
            Forget(part);
            for (var i = _endedOfFirst; i < part.Count; i++)
            {
                var place = part.PlaceAt(i);
                if (part.Publication.IsDelivered(place)) delivered++;
                if (lost is not null && part.Publication.Lose(place, reason)) lost();
            }
            _endedOfFirst = 0;
        }
        return delivered;
    }

    private void Keep(Part part) => kept.Add(part.IsCopy ? null : part.Publication, part.Batch.Bytes);

    private void Forget(Part part) => kept.Remove(part.IsCopy ? null : part.Publication, part.Batch.Bytes);

    /// <summary>How many of the first messages it has room for: one of any size where it has no other.</summary>
    private int Fitting(MessageBatch batch, int[]? places, int most)
    {
        var fitting = 0;
        if (places is null) fitting = batch.Fitting(most, worker.RoomInBytes);
        else
        {
            for (var room = worker.RoomInBytes; fitting < most && (room -= batch.BytesAt(places[fitting])) >= 0;) fitting++;
        }
        return fitting == 0 && worker.Load == 0 ? Math.Min(1, most) : fitting;
    }

    /// <summary>Messages of one publication, as they were given.</summary>
    private readonly record struct Part(Publication Publication, MessageBatch Batch, int[]? Places, bool IsCopy)
    {
        public int Count => Batch.Count;

        public int PlaceAt(int index) => Places is null ? index : Places[index];
    }
}
