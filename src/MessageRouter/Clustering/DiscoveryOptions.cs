using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Configuration.Binding;

namespace MessageRouter.Clustering;

/// <summary>How nodes of a cluster are found that the file does not name: <c>cluster.discovery</c>.</summary>
internal sealed record DiscoveryOptions : IValidatableObject
{
    private const int DefaultNodes = 2;

    [Description("`dns`: every address to which a name leads is a node, as with a headless service of Kubernetes; `file`: a file has an address in each line. Both are looked at again each time that the node tries to join.")]
    public required DiscoveryMethod Method { get; init; }

    [Description("dns: the name.")]
    public string Name { get; init; } = "";

    [Description("dns: the port at which all nodes are reached; by default this one's own.")]
    [Range(1, 65535, ErrorMessage = "must be from 1 to 65535")]
    public int? Port { get; init; }

    [Description("dns: how many nodes must be found, the node itself among them, before the one with the lowest address begins a cluster: more than half of all that are started together.")]
    [Range(1, 1000, ErrorMessage = "must be from 1 to 1000")]
    public int Nodes { get; init; } = DefaultNodes;

    [FilePath]
    [Description("file: the file. The node of its first line begins a cluster where none is there yet; what follows a # is passed over.")]
    public string Path { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Method == DiscoveryMethod.Dns && (Uri.CheckHostName(Name) != UriHostNameType.Dns)) yield return new ValidationResult("needs `name`, which leads to all nodes, as in name = router.default.svc.cluster.local", [nameof(Method)]);
        if (Method == DiscoveryMethod.File && Path.Length == 0) yield return new ValidationResult("needs `path`, a file with an address such as a.example:4053 in each line", [nameof(Method)]);
        if (Method != DiscoveryMethod.Dns && Name.Length > 0) yield return new ValidationResult("works only with method = dns; remove it", [nameof(Name)]);
        if (Method != DiscoveryMethod.Dns && Port is not null) yield return new ValidationResult("works only with method = dns; remove it", [nameof(Port)]);
        if (Method != DiscoveryMethod.Dns && Nodes != DefaultNodes) yield return new ValidationResult("works only with method = dns; remove it", [nameof(Nodes)]);
        if (Method != DiscoveryMethod.File && Path.Length > 0) yield return new ValidationResult("works only with method = file; remove it", [nameof(Path)]);
    }
}

/// <summary>Where nodes are looked for.</summary>
internal enum DiscoveryMethod
{
    /// <summary>At the addresses of a name.</summary>
    Dns,

    /// <summary>In a file.</summary>
    File,
}
