using MessageRouter.Distribution;

namespace MessageRouter.ZeroMq;

/// <summary>One subscriber of a publisher: what it wants, and what it was given that is not written to it yet.</summary>
internal sealed class Subscriber(Worker worker)
{
    private readonly Queue<Part> _parts = [];
    private int _endedOfFirst;

    public Worker Worker => worker;

    public Subscriptions Subscriptions { get; } = new();

    /// <summary>The places in a publication of messages that it is given together.</summary>
    public List<int> Gathered { get; } = [];

    /// <summary>Gives it messages as far as it has room; what it has none for it misses.</summary>
    /// <param name="publication">What they are of.</param>
    /// <param name="places">Their places there; null for all.</param>
    /// <returns>How many it misses.</returns>
    public int Give(Publication publication, int[]? places)
    {
        var count = places?.Length ?? publication.Batch.Count;
        var given = Math.Clamp(worker.Room, 0, count);
        var missed = count - given;
        worker.Counts.Missed.Add(missed);
        if (given == 0) return missed;

        var part = new Part(publication, places, given);
        for (var i = 0; i < given; i++) publication.Give(part.PlaceAt(i));
        _parts.Enqueue(part);
        worker.Published += given;
        worker.Counts.In.Add(given);
        worker.Peer!.Send(places is null ? publication.Batch.Slice(0, given).Trimmed() : MessageBatch.Of(places.Take(given).Select(place => publication.Batch[place])));
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
                if (part.Publication.Write(part.PlaceAt(_endedOfFirst + i))) first++;
            }
            count -= ended;
            _endedOfFirst += ended;
            if (_endedOfFirst < part.Count) break;
            _parts.Dequeue();
            _endedOfFirst = 0;
        }
        return first;
    }

    /// <summary>It has gone.</summary>
    /// <param name="lost">Called for each message that nobody else has, and that was written to nobody.</param>
    public void Leave(Action<Publication, int> lost)
    {
        worker.Published = 0;
        while (_parts.TryDequeue(out var part))
        {
            for (var i = _endedOfFirst; i < part.Count; i++)
            {
                if (part.Publication.Lose(part.PlaceAt(i))) lost(part.Publication, part.PlaceAt(i));
            }
            _endedOfFirst = 0;
        }
    }

    /// <summary>Messages of one publication.</summary>
    private readonly record struct Part(Publication Publication, int[]? Places, int Count)
    {
        public int PlaceAt(int index) => Places is null ? index : Places[index];
    }
}
