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
        Array.Clear(_shares);
        var first = First;
        Share(delivery.Batch.Count, _shares);
        var given = 0;
        for (var i = 0; i < _shares.Length; i++)
        {
            var turn = (first + i) % _shares.Length;
            if (_shares[turn] == 0) continue;
            Give(Copies[turn], delivery with { Batch = delivery.Batch.Slice(given, _shares[turn]) });
            given += _shares[turn];
        }
        if (given == delivery.Batch.Count) return [];
        full.AddRange(Copies);
        return [delivery.Skip(given)];
    }

    /// <summary>Says how many messages each copy gets, as far as there is room.</summary>
    protected abstract void Share(int count, int[] shares);
}
