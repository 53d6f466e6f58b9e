using System.Net;
using MessageRouter.Cluster.Kubernetes;
using MessageRouter.Clustering;
using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Membership;

/// <summary>Where nodes of the cluster are found: those that the file names, or whoever is found in other ways, each time anew.</summary>
/// <param name="options">What the configuration says of the cluster.</param>
/// <param name="find">The addresses of a name, or of pods.</param>
/// <param name="clock">Measures for how long the same nodes were found.</param>
internal sealed class SeedNodes(ClusterOptions options, Func<DiscoveryOptions, CancellationToken, Task<IPAddress[]>> find, TimeProvider clock)
{
    /// <summary>For how long the same nodes must have been found before one of them begins a cluster: they are not all started at once.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private IReadOnlyList<ClusterAddress> _last = [];
    private long _since;

    /// <summary>Those that are found by what this machine, or the pod that it is, is told.</summary>
    public static SeedNodes Of(ClusterOptions options, TimeProvider clock)
    {
        var pods = new PodSearch(ServiceAccount.OfThisPod, clock);
        return new SeedNodes(options, (discovery, cancellation) => discovery.Method == DiscoveryMethod.Kubernetes ? pods.FindAsync(discovery, cancellation) : Dns.GetHostAddressesAsync(discovery.Name, cancellation), clock);
    }

    /// <summary>Looks for them. It does not fail: a problem is told.</summary>
    public async Task<Found> FindAsync(CancellationToken cancellation)
    {
        try
        {
            return options.Discovery switch
            {
                null => new Found(options.Seeds, options.Seeds[0] == options.Address),
                { Method: DiscoveryMethod.File } discovery => await OfFileAsync(discovery.Path, cancellation),
                var discovery => await OfAddressesAsync(discovery, cancellation),
            };
        }
        catch (PodSearchException exception)
        {
            return Found.Nobody(exception.Message);
        }
        catch (Exception exception) when (options.Discovery is { } discovery)
        {
            var cause = exception.Message.TrimEnd('.');
            return Found.Nobody(discovery.Method switch
            {
                DiscoveryMethod.Dns => $"`{discovery.Name}` leads to no address: {cause}",
                DiscoveryMethod.Kubernetes => $"the pods of `{discovery.Selector}` cannot be found: {cause}",
                _ => $"`{discovery.Path}` cannot be read: {cause}",
            });
        }
    }

    private async Task<Found> OfAddressesAsync(DiscoveryOptions discovery, CancellationToken cancellation)
    {
        var own = options.Address;
        var family = IPAddress.Parse(own.Host).AddressFamily;
        var addresses = (await find(discovery, cancellation)).Where(address => address.AddressFamily == family).OrderBy(address => Convert.ToHexString(address.GetAddressBytes()), StringComparer.Ordinal);
        var seeds = addresses.Select(address => new ClusterAddress(address.ToString(), discovery.Port ?? own.Port)).Distinct().ToList();
        if (!seeds.SequenceEqual(_last)) (_last, _since) = (seeds, clock.GetTimestamp());
        return new Found(seeds, seeds.Count >= discovery.Nodes && seeds[0] == own && clock.GetElapsedTime(_since) >= Settling)
        {
            Problem = seeds.Count >= discovery.Nodes ? null : FormattableString.Invariant($"{(discovery.Method == DiscoveryMethod.Dns ? $"`{discovery.Name}` leads to" : $"`{discovery.Selector}` chooses")} {seeds.Count} of the {discovery.Nodes} nodes that `discovery.nodes` wants before a cluster begins"),
        };
    }

    private async Task<Found> OfFileAsync(string path, CancellationToken cancellation)
    {
        var seeds = new List<ClusterAddress>();
        FileKind.RequireFile(path);
        foreach (var line in await File.ReadAllLinesAsync(path, cancellation))
        {
            var text = line.Split('#')[0].Trim();
            if (text.Length == 0) continue;
            if (!ClusterAddress.TryParse(text, ClusterOptions.DefaultPort, out var address)) return Found.Nobody($"`{path}` has `{text}`, which is no address such as a.example:4053");
            seeds.Add(address);
        }
        return seeds.Count == 0 ? Found.Nobody($"`{path}` names nobody") : new Found(seeds, seeds[0] == options.Address);
    }

    /// <summary>Who was found.</summary>
    /// <param name="Nodes">The nodes, this one perhaps among them.</param>
    /// <param name="MayBegin">Whether it is this one that begins a cluster where nobody of the others is in one.</param>
    internal sealed record Found(IReadOnlyList<ClusterAddress> Nodes, bool MayBegin)
    {
        /// <summary>Why there are none, or too few; null where that is not so.</summary>
        public string? Problem { get; init; }

        public static Found Nobody(string problem) => new([], MayBegin: false) { Problem = problem };
    }
}
