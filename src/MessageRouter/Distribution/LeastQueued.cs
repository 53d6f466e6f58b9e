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
        return more - fewest;
    }
}
