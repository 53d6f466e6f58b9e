namespace MessageRouter.Distribution;

/// <summary>The worker that has the fewest messages at the moment, for its weight; among equals one after the other.</summary>
internal sealed class LeastQueued : Balancer
{
    protected override int Find(int messages, Worker? except, List<Worker> takers)
    {
        var (fewest, more) = (int.MaxValue, int.MaxValue);
        for (var i = 0; i < Workers.Count; i++)
        {
            var worker = InTurn(i);
            if (!worker.HasRoom || worker == except) continue;
            var load = worker.Load / worker.Weight;
            if (load < fewest)
            {
                more = fewest;
                fewest = load;
                takers.Clear();
            }
            if (load == fewest) takers.Add(worker);
            else more = Math.Min(more, load);
        }
        return takers.Count == 0 ? 0 : Rounds(takers, fewest, more);
    }

    /// <summary>For how many rounds these are those who have the fewest for their weight: where they are alike until others have as few, else until the first of them has more.</summary>
    private static int Rounds(List<Worker> takers, int fewest, int more)
    {
        var (first, areAlike, rounds) = (takers[0], true, long.MaxValue);
        foreach (var taker in takers)
        {
            areAlike &= taker.Weight == first.Weight && taker.Load == first.Load;
            rounds = Math.Min(rounds, ((fewest + 1L) * taker.Weight) - taker.Load);
        }
        return (int)Math.Min(int.MaxValue, areAlike ? ((long)more * first.Weight) - first.Load : rounds);
    }
}
