using Akka.Cluster;
using Akka.DistributedData;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Membership;

/// <summary>All that the cluster has agreed on of one kind, as far as this node knows: of each by its name the newest.</summary>
/// <param name="id">Under which nodes tell it each other.</param>
internal sealed class Agreements<T>(string id)
    where T : class, IAgreement<T>
{
    private static readonly WriteAll ToAll = new(TimeSpan.FromSeconds(1));

    private readonly Dictionary<string, T> _all = [];

    public LWWDictionaryKey<string, string> Key { get; } = new(id);

    public IReadOnlyCollection<T> All => _all.Values;

    /// <summary>One of them; null where there is none.</summary>
    public T? this[string name] => _all.GetValueOrDefault(name);

    /// <summary>Nodes have told these.</summary>
    public void Keep(LWWDictionary<string, string> told)
    {
        foreach (var agreement in told.Entries.Values.Select(T.FromJson).OfType<T>())
        {
            if (!_all.TryGetValue(agreement.Name, out var known) || known.Epoch < agreement.Epoch) _all[agreement.Name] = agreement;
        }
    }

    /// <summary>This node has decided it.</summary>
    /// <returns>What has all nodes know.</returns>
    /// <param name="next">The decision.</param>
    /// <param name="self">This node.</param>
    /// <param name="consistency">Whose word is waited for; null for a moment, and all.</param>
    /// <param name="request">Comes back with the outcome.</param>
    public object Decide(T next, UniqueAddress self, IWriteConsistency? consistency = null, object? request = null)
    {
        var (name, epoch, json) = (next.Name, next.Epoch, next.ToJson());
        _all[name] = next;

        // The newest one counts, whoever writes it and whatever clocks show.
        return new Update(Key, LWWDictionary<string, string>.Empty, consistency ?? ToAll, data => Add((LWWDictionary<string, string>)data), request);

        LWWDictionary<string, string> Add(LWWDictionary<string, string> told) =>
            told.TryGetValue(name, out var known) && T.FromJson(known)?.Epoch >= epoch ? told : told.SetItem(self, name, json, (_, _) => epoch);
    }
}
