namespace MessageRouter.InteropTests.Support;

/// <summary>
/// What is wrong with what nodes have written of a stream by key. Nobody has recorded when a node had a key, but it had it at some time after a message was fed that it has written, and before it wrote it. So a
/// message that was fed before another node wrote one may have been under way to its node, which may be late with it, and one that was fed afterwards shows that the key has gone over.
/// </summary>
internal static class KeyHistory
{
    /// <param name="history">What nodes have written, that of each node in its order.</param>
    /// <param name="changes">How often a key may have gone from one node to another meanwhile.</param>
    public static IEnumerable<string> Problems(IEnumerable<KeyedWrite> history, int changes)
    {
        var inTime = history.OrderBy(write => write.Written).ToList();
        foreach (var key in inTime.GroupBy(write => write.Key))
        {
            var owners = Owners(key);
            if (owners.Count > changes + 1) yield return $"key {key.Key} had one owner after the other: {string.Join(", ", owners.Take(10).Select(Shown))}{(owners.Count > 10 ? ", …" : "")}";
        }
        foreach (var feeder in inTime.GroupBy(write => (write.Feeder, write.Key)))
        {
            foreach (var problem in Disorder(feeder, "all")) yield return problem;
            foreach (var node in feeder.GroupBy(write => write.Node))
                foreach (var problem in Disorder(node, node.Key)) yield return problem;
        }
    }

    /// <summary>The first messages of those who must have had a key one after the other, whenever each wrote what it had.</summary>
    private static List<KeyedWrite> Owners(IEnumerable<KeyedWrite> key)
    {
        List<KeyedWrite> owners = [];
        foreach (var write in key)
        {
            if (owners.Count == 0 || write.Node != owners[^1].Node && write.Fed > owners[^1].Written) owners.Add(write);
        }
        return owners;
    }

    /// <summary>A message may be written again, as one that nobody has answered for is, but none for the first time after a later one.</summary>
    private static IEnumerable<string> Disorder(IEnumerable<KeyedWrite> writes, string nodes)
    {
        HashSet<int> written = [];
        KeyedWrite? last = null;
        foreach (var write in writes)
        {
            if (!written.Add(write.Number)) continue;
            if (last is not null && write.Number < last.Number) yield return $"of {nodes}, {Shown(write)} is written after {Shown(last)}";
            else last = write;
        }
    }

    private static string Shown(KeyedWrite write) => $"{write.Node} (key {write.Key}, {write.Feeder}'s {write.Number}, fed {write.Fed}, written {write.Written})";
}
