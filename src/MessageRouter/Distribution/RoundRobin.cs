namespace MessageRouter.Distribution;

/// <summary>
/// One worker after the other. In each round every worker gets a turn; one that is full when it would be its turn keeps it
/// and takes it as soon as it has room, before the next round begins. So workers that are equally fast get equally many
/// messages, to within one, although they are full at different moments.
/// </summary>
/// <param name="mostTurns">
/// Turns that a worker keeps at most: one that is always full is slower than the others, and they do not wait for it.
/// </param>
internal sealed class RoundRobin(int mostTurns) : Balancer
{
    protected override int Find(Worker? except)
    {
        var found = FindTurn(except, out var anyHasRoom);
        if (found >= 0 || !anyHasRoom) return found;
        foreach (var worker in Workers) worker.Turns = Math.Min(worker.Turns + 1, mostTurns);
        return FindTurn(except, out _);
    }

    private int FindTurn(Worker? except, out bool anyHasRoom)
    {
        anyHasRoom = false;
        for (var i = 0; i < Workers.Count; i++)
        {
            var index = (Next + i) % Workers.Count;
            var worker = Workers[index];
            if (!worker.HasRoom || worker == except) continue;
            anyHasRoom = true;
            if (worker.Turns == 0) continue;
            worker.Turns--;
            return index;
        }
        return -1;
    }
}
