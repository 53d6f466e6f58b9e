using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Checks;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Plugins;
using MessageRouter.Workers;

namespace MessageRouter.Configuration;

/// <summary>Reads <c>cluster</c>, and finds components that need one where there is none.</summary>
internal static class ClusterReader
{
    private const string Key = "cluster";

    /// <summary>Whether anything is said of it.</summary>
    public static bool IsThere(HoconObject router) => router.TryGet(Key, out _);

    /// <returns>What is said of it; null where nothing is, or an error was reported.</returns>
    public static ClusterDefinition? Read(HoconObject router, OptionsBinder binder)
    {
        if (!OptionsBinder.TryGetValue(router, Key, out var field)) return null;
        if (field.Value is not HoconObject block)
        {
            binder.Error($"`{Key}` must be a block", field.Value.Span, $"write {Key} {{ name = logs, seed-nodes = [\"127.0.0.1:{ClusterOptions.DefaultPort}\"] }}");
            return null;
        }
        if (binder.Bind(typeof(ClusterOptions), block, field.KeySpan, "`cluster` of the router") is not ClusterOptions options) return null;
        if (ExtensionPackage.Cluster.Plugin is null)
        {
            binder.Error($"`{Key}` {ExtensionPackage.Cluster.Absence}", field.KeySpan, ExtensionPackage.Cluster.Cure);
            return null;
        }
        var (key, seeds) = options.Discovery is { Method: DiscoveryMethod.Config } named ? ("discovery.addresses", named.Named) : ("seed-nodes", options.Seeds);
        if (seeds.Count > 0 && seeds.All(seed => !OpenAddresses.IsLoopback(seed.Host)) && System.Net.IPAddress.IsLoopback(options.BindEndPoint.Address) && options.Advertise.Length == 0)
            binder.Warn($"`{Key}` listens on loopback only, and nobody at {seeds[0]} can answer there", PlaceOf("bind") ?? field.KeySpan, "let `bind` be an address that the other nodes reach, with `tls`");
        var number = IsAddress(options.Address) ? -1 : seeds.ToList().FindIndex(IsAddress);
        if (number >= 0)
            binder.Warn(
                $"`{Key}` looks for a node at {seeds[number]}, and is itself one that others find by a name, {options.Address}: a node answers only at what its own `advertise` says",
                PlaceOf(FormattableString.Invariant($"{key}.{number}")) ?? field.KeySpan, $"write each of `{key}` as the `advertise` of that node has it");
        return new ClusterDefinition(Located(options)) { Origin = field.KeySpan, PlaceOf = PlaceOf };

        static bool IsAddress(ClusterAddress address) => System.Net.IPAddress.TryParse(address.Host, out _);

        SourceSpan? PlaceOf(string path) => OptionPlace.OfPath(block, path);

        // Paths are relative to the file that names them.
        ClusterOptions Located(ClusterOptions read) => read with
        {
            Discovery = read.Discovery is { Path.Length: > 0 } discovery ? discovery with { Path = Beside(discovery.Path, "discovery.path") } : read.Discovery,
            Tls = read.Tls is not { } tls ? null : tls with { Certificate = Beside(tls.Certificate, "tls.certificate"), Key = Beside(tls.Key, "tls.key"), Trust = Beside(tls.Trust, "tls.trust") },
        };

        string Beside(string path, string key) => PlaceOf(key) is { } place ? BesideFile.Of(path, place) : path;
    }

    /// <summary>Components whose other end is found in the cluster need one, and must not feed what they take themselves.</summary>
    /// <param name="components">The node's components, as they are written.</param>
    /// <param name="workers">Its groups of worker processes.</param>
    /// <param name="hasCluster">Whether the node is in one, or is to be.</param>
    /// <param name="routerName">Where the router's block begins.</param>
    /// <param name="binder">Takes the report.</param>
    public static void Check(IReadOnlyList<ComponentDefinition> components, IReadOnlyList<WorkerGroupDefinition> workers, bool hasCluster, SourceSpan routerName, OptionsBinder binder)
    {
        if (!hasCluster)
        {
            var needing = components.Where(component => component.Options is IStreamEnd || component.Singleton is not null || component.Placement is not null).Select(component => (component.FullName, component.Origin));
            foreach (var (name, origin) in needing.Concat(workers.Where(group => group.Placement is not null).Select(group => ($"workers.{group.Name}", group.Origin))))
                binder.Error($"{name} needs a cluster, and the node is in none", origin ?? routerName, $"give the router a block: {Key} {{ name = logs, seed-nodes = [\"127.0.0.1:{ClusterOptions.DefaultPort}\"] }}");
        }
        foreach (var (input, output) in StreamFlows.Between(components).Where(each => each.Input.Stream == each.Output.Stream).DistinctBy(each => each.Input))
            binder.Error($"{output.Component.FullName} feeds the stream `{output.Stream}`, from which {input.Component.FullName} brings what comes to it: messages would go round for ever", PlaceOf(output), "give one of the two another stream");
        foreach (var circle in StreamCircles.Find(StreamFlows.Of(components).Where(flow => flow.From != flow.To).Select(flow => ("", flow))))
        {
            var output = StreamFlows.Between(components).First(each => each.Input.Stream == circle.Steps[0].Stream && each.Output.Stream == circle.Steps[1].Stream).Output;
            binder.Warn($"messages can go round: {circle}", PlaceOf(output), "see that a filter on the way ends it, or give one of them another stream");
        }

        SourceSpan PlaceOf(StreamFlows.StreamEnd output) => output.Component.FindKey("stream") ?? output.Component.Origin ?? routerName;
    }
}
