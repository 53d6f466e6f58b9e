using MessageRouter.Ledger;

namespace MessageRouter.Distribution;

/// <summary>
/// The workers of a distributor, those that are there and the last that were, with their counts. It outlives the
/// instances of the distributor's actor, which alone changes it; its lines may be asked for on any thread.
/// </summary>
internal sealed class WorkerRoster(TimeProvider clock, bool answers)
{
    private const int MostGone = 16;

    private readonly Lock _lock = new();
    private readonly List<Worker> _present = [];
    private readonly Queue<Worker> _gone = new();
    private readonly WorkerCounts _earlier = new();
    private int _countOfEarlier;

    /// <summary>The worker at an endpoint that is connected to, whether it is there or not.</summary>
    public Worker At(string endpoint)
    {
        lock (_lock)
        {
            if (_present.Find(worker => worker.Endpoint == endpoint) is { } known) return known;
            var worker = new Worker(endpoint, clock) { Endpoint = endpoint };
            _present.Add(worker);
            return worker;
        }
    }

    /// <summary>A worker that has connected by itself.</summary>
    public Worker Add(string name)
    {
        var worker = new Worker(name, clock);
        lock (_lock) _present.Add(worker);
        return worker;
    }

    /// <summary>
    /// A worker's connection has ended. One that is connected to is tried again; any other is gone for good, and of those
    /// long gone only the sum of their counts is kept.
    /// </summary>
    public void Lost(Worker worker)
    {
        lock (_lock)
        {
            worker.State = worker.Endpoint is null ? WorkerState.Gone : WorkerState.Connecting;
            if (worker.Endpoint is null) Forget(worker);
        }
    }

    /// <summary>Of endpoints that are connected to only these are left; a worker that is still there at another one is as one that has connected by itself.</summary>
    public void Keep(IEnumerable<string> endpoints)
    {
        var kept = endpoints.ToHashSet();
        lock (_lock)
        {
            foreach (var worker in _present.Where(worker => worker.Endpoint is { } endpoint && !kept.Contains(endpoint)).ToList())
            {
                worker.Endpoint = null;
                if (worker.State != WorkerState.Connecting) continue;
                worker.State = WorkerState.Gone;
                Forget(worker);
            }
        }
    }

    private void Forget(Worker worker)
    {
        _present.Remove(worker);
        _gone.Enqueue(worker);
        if (_gone.Count <= MostGone) return;
        _earlier.Add(_gone.Dequeue().Counts);
        _countOfEarlier++;
    }

    public IReadOnlyList<WorkerLine> Lines()
    {
        lock (_lock)
        {
            var lines = _present.Concat(_gone).Select(worker => worker.Line(answers)).ToList();
            if (_countOfEarlier > 0)
                lines.Add(_earlier.Line($"{_countOfEarlier} earlier", "gone", load: 0, rate: 0, answers));
            return lines;
        }
    }
}
