using MessageRouter.Clustering;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Control;
using MessageRouter.Reloading;
using MessageRouter.Routing;

namespace MessageRouter.Configuration;

/// <summary>What a node keeps of its own where a configuration is brought to it: its name, and how it and its cluster are reached.</summary>
internal sealed class OwnBlocks(NodeDefinition own)
{
    private const string ControlKey = "control";
    private const string ClusterKey = "cluster";
    private const string AkkaKey = "akka";

    public ControlDefinition? Control => own.Control;

    public ClusterDefinition? Cluster => own.Cluster;

    /// <summary>The node that was read, with what it keeps, and a warning for each block that was to be another one.</summary>
    public NodeDefinition Keep(NodeDefinition read, HoconObject root, HoconObject router, ICollection<Diagnostic> diagnostics)
    {
        var unheard = new OptionsBinder([]);
        var written = own with
        {
            Control = Written(router, ControlKey) is null ? own.Control : ControlReader.Read(router, unheard),
            Cluster = Written(router, ClusterKey) is null ? own.Cluster : ClusterReader.Read(router, unheard),
            AkkaHocon = Written(root, AkkaKey) is null ? own.AkkaHocon : read.AkkaHocon,
        };
        foreach (var key in Differences.Fixed(own, written))
            diagnostics.Add(new Diagnostic(DiagnosticSeverity.Warning, $"`{key}` of what is brought to a node is not taken: its own stays in force", Written(key == AkkaKey ? root : router, key)?.KeySpan));
        return read with { Name = own.Name, Control = own.Control, Cluster = own.Cluster, AkkaHocon = own.AkkaHocon, AkkaOrigin = own.AkkaOrigin };
    }

    /// <returns>Null where nobody has brought it: what was set over the node's own files is there each time.</returns>
    private static HoconField? Written(HoconObject block, string key) => block.TryGet(key, out var field) && field.KeySpan.Source.Name != HoconReader.Override ? field : null;
}
