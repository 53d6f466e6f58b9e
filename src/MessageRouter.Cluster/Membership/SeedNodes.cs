using System.Net;
using System.Net.Sockets;
using MessageRouter.Cluster.Kubernetes;
using MessageRouter.Clustering;
using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Membership;

/// <summary>Where nodes of the cluster are found: those that the file names, or whoever is found in other ways, each time anew.</summary>
/// <param name="options">What the configuration says of the cluster.</param>
/// <param name="resolve">The addresses of a name.</param>
/// <param name="findPods">The addresses of pods.</param>
/// <param name="clock">Measures for how long the same nodes were found.</param>
internal sealed class SeedNodes(ClusterOptions options, Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<DiscoveryOptions, CancellationToken, Task<IPAddress[]>> findPods, TimeProvider clock)
{
    /// <summary>For how long the same nodes must have been found before one of them begins a cluster: they are not all started at once.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private IReadOnlyList<ClusterAddress> _last = [];
    private long _since;

    /// <summary>Those that are found by what this machine, or the pod that it is, is told.</summary>
    public static SeedNodes Of(ClusterOptions options, TimeProvider clock)
    {
        var pods = new PodSearch(ServiceAccount.OfThisPod, clock);
        return new SeedNodes(options, Dns.GetHostAddressesAsync, pods.FindAsync, clock);
    }

    /// <summary>Looks for them. It does not fail: a problem is told.</summary>
    public async Task<Found> FindAsync(CancellationToken cancellation)
    {
        try
        {
            return options.Discovery switch
            {
                null => await OfListAsync(options.Seeds, cancellation),
                { Method: DiscoveryMethod.File } discovery => await OfFileAsync(discovery.Path, cancellation),
                { Method: DiscoveryMethod.Config } discovery => await OfListAsync([.. discovery.Named.OrderBy(Rank, StringComparer.Ordinal).ThenBy(node => node.Port)], cancellation) with { MayBegin = false },
                var discovery => await OfAddressesAsync(discovery, cancellation),
            };
        }
        catch (PodSearchException exception)
        {
            return Found.Nobody(exception.Message);
        }
        catch (Exception exception) when (options.Discovery is { } discovery)
        {
            var cause = Cause(exception);
            return Found.Nobody(discovery.Method switch
            {
                DiscoveryMethod.Dns => LeadsNowhere(discovery.Name, exception),
                DiscoveryMethod.Kubernetes => $"the pods of `{discovery.Selector}` cannot be found: {cause}",
                _ => $"`{discovery.Path}` cannot be read: {cause}",
            });
        }
    }

    /// <summary>
    /// What is to be done about those that were found, now that some have answered: where nodes are discovered, one of them begins a cluster only when enough of them answer, who are in none. That they are found says too
    /// little: a node that is started again where it does not reach the others finds them all the same. Where the configuration has named them all it is the first of those that answer, if it has been that for a while: none of
    /// them need be there, and where enough is more than half no two begin apart who hear the same nodes.
    /// </summary>
    /// <param name="found">Who was found.</param>
    /// <param name="answering">Who of the others answers.</param>
    public Found Heard(Found found, IReadOnlyCollection<ClusterAddress> answering)
    {
        if (options.Discovery is not { } discovery) return found;
        var own = options.Address;
        if (discovery.Method is DiscoveryMethod.Dns or DiscoveryMethod.Kubernetes)
        {
            var silent = found.Nodes.Where(node => node != own && !answering.Contains(node)).ToList();
            if (!found.MayBegin || found.Nodes.Count - silent.Count >= discovery.Needed) return found;
            return found with { MayBegin = false, Problem = FormattableString.Invariant($"`discovery.nodes` wants {discovery.Needed} nodes before a cluster begins, and nobody answers at {string.Join(", ", silent)}") };
        }
        if (discovery.Method != DiscoveryMethod.Config) return found;
        var there = found.Entries.SelectMany(entry => entry).Where(node => node == own || answering.Contains(node)).ToList();
        List<ClusterAddress> first = there.Count >= discovery.Needed ? [there[0]] : [];
        if (!first.SequenceEqual(_last)) (_last, _since) = (first, clock.GetTimestamp());
        if (first.Count > 0) return found with { MayBegin = there[0] == own && clock.GetElapsedTime(_since) >= Settling, Problem = $"{there[0]} is to begin it" };
        var missing = found.Entries.Where(entry => !entry.Intersect(there).Any()).Select(entry => entry[0]);
        return found with { Problem = found.Problem ?? FormattableString.Invariant($"`discovery` wants {discovery.Needed} of its nodes before a cluster begins, and nobody answers at {string.Join(", ", missing)}") };
    }

    private async Task<Found> OfAddressesAsync(DiscoveryOptions discovery, CancellationToken cancellation)
    {
        var own = options.Address;
        var addresses = await (discovery.Method == DiscoveryMethod.Dns ? resolve(discovery.Name, cancellation) : findPods(discovery, cancellation));
        var seeds = Ordered(addresses, IPAddress.Parse(own.Host), discovery.Port ?? own.Port);
        if (!seeds.SequenceEqual(_last)) (_last, _since) = (seeds, clock.GetTimestamp());
        return new Found(seeds, seeds.Count >= discovery.Needed && seeds[0] == own && clock.GetElapsedTime(_since) >= Settling)
        {
            Problem = seeds.Count >= discovery.Needed ? null : FormattableString.Invariant($"{(discovery.Method == DiscoveryMethod.Dns ? $"`{discovery.Name}` leads to" : $"`{discovery.Selector}` chooses")} {seeds.Count} of the {discovery.Needed} nodes that `discovery.nodes` wants before a cluster begins"),
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
        return seeds.Count == 0 ? Found.Nobody($"`{path}` names nobody") : await OfListAsync(seeds, cancellation);
    }

    /// <remarks>A node hears only what is said to its own address, spelled as it spells it: where this one has an IP address, names stand for the addresses to which they lead.</remarks>
    private async Task<Found> OfListAsync(IReadOnlyList<ClusterAddress> seeds, CancellationToken cancellation)
    {
        var own = options.Address;
        if (!IPAddress.TryParse(own.Host, out var address)) return new Found(seeds, seeds[0] == own) { Entries = [.. seeds.Select(seed => (ClusterAddress[])[seed])] };
        var resolved = await Task.WhenAll(seeds.Select(seed => ResolveAsync(seed, address, cancellation)));
        var nodes = resolved.SelectMany(seed => seed.Nodes).Distinct().ToList();
        return new Found(nodes, nodes[0] == own)
        {
            Entries = [.. seeds.Select((seed, at) => (ClusterAddress[])[.. resolved[at].Nodes.Prepend(seed).Distinct()])],
            Names = [.. seeds.Where((_, at) => !resolved[at].Nodes.Contains(own)).Except(nodes)],
            Problem = resolved.Select(seed => seed.Problem).OfType<string>().FirstOrDefault(),
        };
    }

    /// <returns>The nodes that a seed stands for: itself where it leads nowhere, so that it is still one of those that are missed.</returns>
    private async Task<(IReadOnlyList<ClusterAddress> Nodes, string? Problem)> ResolveAsync(ClusterAddress seed, IPAddress own, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(seed.Host, out _)) return ([seed], null);
        try
        {
            // A host may know its own name as a loopback address, as Debian's do, at which nobody else finds it.
            var addresses = await resolve(seed.Host, cancellation);
            var nodes = Ordered(addresses.Where(address => IPAddress.IsLoopback(own) || !IPAddress.IsLoopback(address)), own, seed.Port);
            return nodes.Count > 0 ? (nodes, null) : ([seed], $"`{seed.Host}` leads to no {(own.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4")} address at which nodes are found, only to {string.Join<IPAddress>(", ", addresses)}: let it lead to what its node has in `advertise`");
        }
        catch (Exception exception)
        {
            return ([seed], LeadsNowhere(seed.Host, exception));
        }
    }

    /// <summary>The nodes at addresses of the same kind as this one's, the lowest first.</summary>
    private static List<ClusterAddress> Ordered(IEnumerable<IPAddress> addresses, IPAddress own, int port) =>
    [
        .. addresses.Where(address => address.AddressFamily == own.AddressFamily).OrderBy(Rank, StringComparer.Ordinal)
            .Select(address => new ClusterAddress(address.ToString(), port)).Distinct(),
    ];

    private static string Rank(IPAddress address) => Convert.ToHexString(address.GetAddressBytes());

    /// <summary>The same for all who have the same addresses, in whatever order: IP addresses before names.</summary>
    private static string Rank(ClusterAddress node) => IPAddress.TryParse(node.Host, out var address) ? Rank(address) : $"~{node.Host}";

    private static string LeadsNowhere(string name, Exception exception) => $"`{name}` leads to no address: {Cause(exception)}";

    private static string Cause(Exception exception) => exception.Message.TrimEnd('.');

    /// <summary>Who was found.</summary>
    /// <param name="Nodes">The nodes, this one perhaps among them.</param>
    /// <param name="MayBegin">Whether it is this one that begins a cluster where nobody of the others is in one.</param>
    internal sealed record Found(IReadOnlyList<ClusterAddress> Nodes, bool MayBegin)
    {
        /// <summary>Names that were resolved to some of these: a node may call itself by its name, though this one does not, and then hears nothing else.</summary>
        public IReadOnlyList<ClusterAddress> Names { get; init; } = [];

        /// <summary>Of what is written in a list each with the addresses to which it leads, in the order in which they come to begin a cluster; none for what was not.</summary>
        public IReadOnlyList<IReadOnlyList<ClusterAddress>> Entries { get; init; } = [];

        /// <summary>Why there are none, or too few; null where that is not so.</summary>
        public string? Problem { get; init; }

        public static Found Nobody(string problem) => new([], MayBegin: false) { Problem = problem };
    }
}
