namespace MessageRouter.Pools;

/// <summary>Even shares within one message; a copy that has no room is passed over.</summary>
internal sealed class RoundRobinDivision : SharedDivision
{
    private int[] _rooms = [];

    public override void Use(IReadOnlyList<PoolCopy> copies)
    {
        base.Use(copies);
        _rooms = new int[copies.Count];
    }

    protected override void Share(MessageBatch batch, int[] shares)
    {
        var room = 0L;
        for (var i = 0; i < _rooms.Length; i++) room += _rooms[i] = Room(Copies[i], batch);

        var turn = First;
        for (var left = Math.Min(batch.Count, room); left > 0; turn = turn + 1 == shares.Length ? 0 : turn + 1)
        {
            if (shares[turn] == _rooms[turn]) continue;
            shares[turn]++;
            left--;
        }
        First = turn;
    }
}
