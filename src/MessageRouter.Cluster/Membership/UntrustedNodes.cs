using System.Collections.Concurrent;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Membership;

/// <summary>Where this node has connected to and found a certificate that it refuses, as of the last try. Callable from any thread.</summary>
internal sealed class UntrustedNodes
{
    private readonly ConcurrentDictionary<string, string> _problems = new();

    /// <summary>Why the certificate there is refused; null where it is not, or nobody has answered.</summary>
    public string? this[ClusterAddress address] => _problems.GetValueOrDefault(address.ToString());

    /// <param name="peer">As Akka names it: <c>tcp://system@host:port</c> where this node has connected to, and an address alone of who came.</param>
    /// <param name="problem">Why its certificate is refused; null where it is not.</param>
    public void Set(string peer, string? problem)
    {
        if (peer.Split('@') is not [_, var place] || !ClusterAddress.TryParse(place, ClusterOptions.DefaultPort, out var address)) return;
        var key = address.ToString();
        if (problem is null) _problems.TryRemove(key, out _);
        else _problems[key] = problem;
    }

    /// <summary>Forgets all but these.</summary>
    public void Keep(IEnumerable<ClusterAddress> addresses)
    {
        foreach (var gone in _problems.Keys.Except(addresses.Select(address => address.ToString()))) _problems.TryRemove(gone, out _);
    }
}
