using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Ledger;

namespace MessageRouter.Cluster.Streams;

/// <summary>What outputs that feed a stream have in common: they connect to whoever takes it, and say so.</summary>
internal sealed class StreamFeed(ClusterOutput.Options options, IStreamDirectory streams, ComponentCell cell, WorkerRoster roster)
{
    private readonly StreamLog _log = new(cell.Logger, options.Stream);
    private IStreamFollowing? _following;

    /// <summary>Those who take the stream now.</summary>
    public IReadOnlyList<string> Endpoints { get; private set; } = [];

    /// <summary>Has an output told who takes the stream, and whose its keys are, on any thread.</summary>
    public IStreamFollowing Begin(Action<IReadOnlyList<StreamOffer>> changed, Action<SlotTable?> table)
    {
        cell.Mailbox.ReasonWhenFull = DropReasons.NoMember;
        var following = _following = streams.Follow(options.Feeding, changed, table);

        // An input of this node that takes the stream waits for that, and the output closes only after all inputs.
        _ = cell.Drained.Task.ContinueWith(_ => following.Dispose(), TaskScheduler.Default);
        return following;
    }

    /// <summary>On the output's own thread: these take the stream.</summary>
    public void Take(IReadOnlyList<StreamOffer> offers)
    {
        var usable = offers.Where(offer => offer.Delivery == options.Delivery).DistinctBy(offer => offer.Endpoint).ToList();

        // What goes to every node goes there once, whatever number of inputs it has.
        if (options.Route == StreamRoute.Broadcast) usable = [.. usable.OrderBy(offer => offer.Input, StringComparer.Ordinal).DistinctBy(offer => offer.Node)];
        _log.Mismatched(offers.Where(offer => offer.Delivery != options.Delivery).Select(offer => offer.Node).Distinct().ToList(), options.Delivery);
        var takers = usable.Count(offer => offer.Weight > 0);
        _log.Members(takers);
        cell.Mailbox.ReasonWhenFull = takers == 0 ? DropReasons.NoMember : null;

        // Those that are new are named before they are connected to.
        foreach (var offer in usable)
        {
            var worker = roster.At(offer.Endpoint);
            worker.Name = $"{offer.Node} ({offer.Endpoint})";
            worker.IsLocal = offer.Node == streams.Node;
            worker.Weight = offer.Weight;
        }
        Endpoints = [.. usable.Select(offer => offer.Endpoint)];
    }

    public void End()
    {
        _following?.Dispose();
        _following = null;
    }
}
