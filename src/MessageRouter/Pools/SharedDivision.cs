using MessageRouter.Mailboxes;

namespace MessageRouter.Pools;

/// <summary>Where any copy may have any message: each gets a run of neighbours, without a copy of the batch.</summary>
internal abstract class SharedDivision : Division
{
    private int[] _shares = [];

    /// <summary>Where the first run begins.</summary>
    protected int First { get; set; }

    public override void Use(IReadOnlyList<PoolCopy> copies)
    {
        base.Use(copies);
        _shares = new int[copies.Count];
        First = 0;
    }

    public override IEnumerable<Delivery> Divide(Delivery delivery, List<PoolCopy> full)
    {
        List<Delivery> left = [delivery];
        for (var given = 1; given > 0 && left.Count > 0;)
        {
            // Where messages are of different sizes, a copy may not have room for all that its share turns out to be: another may.
            var rest = new List<Delivery>();
            given = left.Sum(part => Divide(part, rest));
            left = rest;
        }
        if (left.Count > 0) full.AddRange(Copies);
        return left;
    }

    /// <summary>Says how many messages each copy gets, as far as there is room.</summary>
    protected abstract void Share(MessageBatch batch, int[] shares);

    /// <returns>How many messages were given to copies.</returns>
    private int Divide(Delivery delivery, List<Delivery> rest)
    {
        Array.Clear(_shares);
        var first = First;
        Share(delivery.Batch, _shares);
        var (begin, given) = (0, 0);
        for (var i = 0; i < _shares.Length; i++)
        {
            var turn = (first + i) % _shares.Length;
            if (_shares[turn] == 0) continue;
            var part = delivery with { Batch = delivery.Batch.Slice(begin, _shares[turn]) };
            begin += part.Batch.Count;
            var fitting = Room(Copies[turn], part.Batch);
            given += fitting;
            if (fitting > 0) Give(Copies[turn], part with { Batch = part.Batch.Slice(0, fitting) });
            if (fitting < part.Batch.Count) rest.Add(part.Skip(fitting));
        }
        if (begin < delivery.Batch.Count) rest.Add(delivery.Skip(begin));
        return given;
    }
}
