namespace MessageRouter.Distribution;

/// <summary>
/// One worker after the other. In each round every worker gets a turn; one that is full when it would be its turn keeps it
/// and takes it as soon as it has room, before the next round begins. So workers that are equally fast get equally many
/// messages, to within one, although they are full at different moments. One of a weight has so many turns in a round.
/// </summary>
/// <param name="mostTurns">
/// Turns that a worker keeps at most, for its weight: one that is always full is slower than the others, and they do not wait for it.
/// </param>
internal sealed class RoundRobin(int mostTurns) : Balancer
{
    private const int RoundsOfWeighted = 16;

    protected override int Find(int messages, Worker? except, List<Worker> takers)
    {
        var rounds = int.MaxValue;
        for (var i = 0; i < Workers.Count && takers.Count < messages; i++)
        {
            var worker = InTurn(i);
            if (!worker.HasRoom || worker == except || worker.Turns == 0) continue;
            takers.Add(worker);
            rounds = Math.Min(rounds, worker.Turns);
        }
        if (takers.Count > 0) return rounds;

        // A new round begins, and as many more as all of these have room for; where some have more turns than others, few enough that none waits long.
        for (var i = 0; i < Workers.Count && takers.Count < messages; i++)
        {
            var worker = InTurn(i);
            if (!worker.HasRoom || worker == except) continue;
            takers.Add(worker);
            if (worker.Weight > 1) rounds = RoundsOfWeighted;
        }
        return rounds;
    }

    protected override void Chosen(IReadOnlyList<Worker> takers, int rounds)
    {
        var begin = takers[0].Turns == 0;
        if (begin)
        {
            foreach (var worker in Workers) worker.Turns = (int)Math.Min(int.MaxValue, worker.Turns + ((long)rounds * worker.Weight));
        }
        foreach (var taker in takers) taker.Turns -= rounds;
        if (!begin) return;
        foreach (var worker in Workers) worker.Turns = (int)Math.Min(worker.Turns, (long)mostTurns * worker.Weight);
    }
}
