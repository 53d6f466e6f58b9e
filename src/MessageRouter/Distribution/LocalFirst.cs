namespace MessageRouter.Distribution;

/// <summary>One after the other of the workers in the same node; only what these have no room for goes to others, one after the other.</summary>
internal sealed class LocalFirst : Balancer
{
    protected override int Find(int messages, Worker? except, List<Worker> takers)
    {
        Find(messages, except, takers, isLocal: true);
        if (takers.Count == 0) Find(messages, except, takers, isLocal: false);
        return int.MaxValue;
    }

    private void Find(int messages, Worker? except, List<Worker> takers, bool isLocal)
    {
        for (var i = 0; i < Workers.Count && takers.Count < messages; i++)
        {
            var worker = InTurn(i);
            if (worker.IsLocal == isLocal && worker.HasRoom && worker != except) takers.Add(worker);
        }
    }
}
