using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MessageRouter.Clustering;
using MessageRouter.Distribution;
using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Streams;

/// <summary>
/// Has an input take nothing of an output that fed the stream by key and is not in the table any more, though it may not know that yet, and nothing that came while this process stood still: whoever has sent that
/// may have given it to another one.
/// </summary>
/// <param name="streams">Says whether the process runs.</param>
/// <param name="finished">Called when nothing is left of a link, on any thread.</param>
internal sealed class SlotFence(IStreamDirectory streams, Action finished) : ILinkGuard
{
    /// <summary>The property of the handshake by which an output says which it is.</summary>
    private const string Property = "X-MessageRouter-Feeder";

    /// <summary>How many outputs that are gone are remembered: any of them would have to come back before so many others have gone.</summary>
    private const int Most = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<long> _gone = new();
    private HashSet<long> _present = [];

    /// <summary>What an output says in the handshake.</summary>
    public static KeyValuePair<string, byte[]> PropertyOf(long output) => new(Property, Encoding.ASCII.GetBytes(output.ToString(CultureInfo.InvariantCulture)));

    /// <summary>These feed the stream from now on.</summary>
    public void Take(SlotTable table)
    {
        var present = table.Feeders.Select(SlotKeeper.OutputOf).ToHashSet();
        lock (_lock)
        {
            foreach (var gone in _present.Except(present)) _gone.Enqueue(gone);
            while (_gone.Count > Most) _gone.Dequeue();
            _present = present;
        }
    }

    public Func<bool> Meet(IPeer distributor)
    {
        var awake = streams.Awake;
        var output = distributor.Metadata[Property] is { } said && Utf8Parser.TryParse(said, out long number, out _) ? number : 0;
        return output == 0 ? () => true : () => awake >= 0 && streams.Awake == awake && !IsGone(output);
    }

    public void Finished() => finished();

    private bool IsGone(long output)
    {
        lock (_lock) return !_present.Contains(output) && _gone.Contains(output);
    }
}
