namespace MessageRouter.Distribution;

/// <summary>The worker that has the fewest messages at the moment; among equals one after the other.</summary>
internal sealed class LeastQueued : Balancer
{
    protected override int Find(Worker? except)
    {
        var best = -1;
        for (var i = 0; i < Workers.Count; i++)
        {
            var index = (Next + i) % Workers.Count;
            var worker = Workers[index];
            if (worker.HasRoom && worker != except && (best < 0 || worker.Load < Workers[best].Load)) best = index;
        }
        return best;
    }
}
