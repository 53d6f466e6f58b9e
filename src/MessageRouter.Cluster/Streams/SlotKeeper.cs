using MessageRouter.Clustering;
using MessageRouter.Distribution;

namespace MessageRouter.Cluster.Streams;

/// <summary>
/// An output's part in dividing a stream by key. It asks to feed the stream when it has nothing out, feeds it by tables that have its number, and says of each when it has nothing out any more that the table
/// takes from its owner. What it has asked for counts no more when it may have been taken to be gone; then it asks anew.
/// </summary>
/// <param name="output">A number of the output.</param>
/// <param name="balancer">Gives messages to their owners.</param>
/// <param name="streams">Says whether what the cluster has agreed on counts.</param>
/// <param name="following">Tells the others.</param>
/// <param name="workers">Those who take the stream.</param>
internal sealed class SlotKeeper(long output, ByTable balancer, IStreamDirectory streams, IStreamFollowing following, Func<IEnumerable<Worker>> workers)
{
    /// <summary>Bits of a feeder's number by which it is another one each time that the output asks.</summary>
    private const int BitsOfTries = 20;

    private SlotTable? _known;
    private Outstanding? _outstanding;
    private long _feeder;
    private long _standing;
    private long _said;
    private long _tries;

    /// <summary>Whether what it has asked for still counts.</summary>
    public bool IsInForce => _feeder != 0 && streams.Standing == _standing;

    /// <summary>A number for an output.</summary>
    public static long NewOutput() => Random.Shared.NextInt64(1, long.MaxValue >> BitsOfTries);

    /// <summary>The output that a feeder is.</summary>
    public static long OutputOf(long feeder) => feeder >> BitsOfTries;

    /// <summary>The cluster has agreed on this; null where nothing is known of that.</summary>
    public void Take(SlotTable? table)
    {
        _known = table;
        var last = balancer.Table;
        if (IsInForce && table is not null && table.Feeders.Contains(_feeder))
        {
            if (last is not null && last.Epoch >= table.Epoch) return;
            if (last is null || table.TakesFrom(last)) _outstanding = new Outstanding(workers());
            balancer.Table = table;
        }
        else if (last is not null || !IsInForce)
        {
            // It begins anew, with empty hands.
            (balancer.Table, _feeder, _said) = (null, 0, 0);
            _outstanding = new Outstanding(workers());
        }
        Look();
    }

    /// <summary>Something may have been finished.</summary>
    public void Look()
    {
        if (_feeder != 0 && !IsInForce)
        {
            Take(_known);
            return;
        }
        if (_outstanding is { IsFinished: false }) return;
        _outstanding = null;
        if (_feeder == 0)
        {
            if (streams.Standing is not (>= 0 and var standing)) return;
            (_standing, _feeder) = (standing, (output << BitsOfTries) + ++_tries);
            following.Say(_feeder, 0);
        }
        else if (balancer.Table is { Held: > 0 } table && _said < table.Epoch)
        {
            _said = table.Epoch;
            following.Say(_feeder, _said);
        }
    }
}
