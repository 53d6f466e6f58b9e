namespace MessageRouter.Pools;

/// <summary>Each message to the copy that has the fewest queued and in work.</summary>
internal sealed class LeastBusyDivision : SharedDivision
{
    private readonly PriorityQueue<(int Turn, int Room), long> _byLoad = new();

    protected override void Share(MessageBatch batch, int[] shares)
    {
        var count = batch.Count;
        _byLoad.Clear();
        for (var i = 0; i < shares.Length; i++)
        {
            if (Room(Copies[i], batch) is > 0 and var room) _byLoad.Enqueue((i, room), Copies[i].Load);
        }
        while (count > 0 && _byLoad.TryDequeue(out var copy, out var load))
        {
            shares[copy.Turn]++;
            count--;
            if (shares[copy.Turn] < copy.Room) _byLoad.Enqueue(copy, load + 1);
        }
    }
}
