using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Configuration.Binding;

namespace MessageRouter.Clustering;

/// <summary>How nodes of a cluster are found that the file does not name: <c>cluster.discovery</c>.</summary>
internal sealed record DiscoveryOptions : IValidatableObject
{
    private const int DefaultNodes = 2;

    [Description("`dns`: every address to which a name leads is a node, as with a headless service of Kubernetes; `kubernetes`: so is every pod with certain labels, for which the API server is asked; `file`: a file has an address in each line; `config`: `addresses` has them all, and none of them is special. They are looked at again each time that the node tries to join.")]
    public required DiscoveryMethod Method { get; init; }

    [Description("dns: the name.")]
    public string Name { get; init; } = "";

    [Description("kubernetes: the selector of labels that chooses the pods of all nodes, as in \"cluster=logs\".")]
    public string Selector { get; init; } = "";

    [Description("kubernetes: the namespace in which the pods are; by default that of the service account.")]
    public string Namespace { get; init; } = "";

    [Description("dns, kubernetes: the port at which all nodes are reached; by default this one's own.")]
    [Range(1, 65535, ErrorMessage = "must be from 1 to 65535")]
    public int? Port { get; init; }

    [Description("dns, kubernetes: how many nodes must be found, the node itself among them, before the one with the lowest address begins a cluster: more than half of all that are started together; by default 2. config: how many of `addresses` must answer, by default more than half of them.")]
    [Range(1, 1000, ErrorMessage = "must be from 1 to 1000")]
    public int? Nodes { get; init; }

    [Description("config: where the nodes are, as in [\"a.example:4053\", \"b.example:4053\"], the same on every node, in any order; each as its own `advertise` says.")]
    public IReadOnlyList<string> Addresses { get; init; } = [];

    [FilePath]
    [Description("file: the file. The node of its first line begins a cluster where none is there yet; what follows a # is passed over.")]
    public string Path { get; init; } = "";

    /// <summary>How many nodes there must be before one of them begins a cluster.</summary>
    internal int Needed => Nodes ?? (Method == DiscoveryMethod.Config ? (Addresses.Count / 2) + 1 : DefaultNodes);

    /// <summary>What is named, as it is written. Only for options that were found valid.</summary>
    internal IReadOnlyList<ClusterAddress> Named => AddressList.Of(Addresses);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Method == DiscoveryMethod.Dns && (Uri.CheckHostName(Name) != UriHostNameType.Dns)) yield return new ValidationResult("needs `name`, which leads to all nodes, as in name = router.default.svc.cluster.local", [nameof(Method)]);
        if (Method == DiscoveryMethod.File && Path.Length == 0) yield return new ValidationResult("needs `path`, a file with an address such as a.example:4053 in each line", [nameof(Method)]);
        if (Method == DiscoveryMethod.Kubernetes && Selector.Length == 0) yield return new ValidationResult("needs `selector`, the labels that the pods of all nodes have, as in selector = \"cluster=logs\"", [nameof(Method)]);
        if (Method == DiscoveryMethod.Kubernetes && Selector.Length > 0 && !KubernetesNames.IsSelector(Selector)) yield return new ValidationResult("is no selector of labels; write one such as \"cluster=logs\" or \"app in (router, edge)\"", [nameof(Selector)]);
        if (Method == DiscoveryMethod.Kubernetes && Namespace.Length > 0 && !KubernetesNames.IsNamespace(Namespace)) yield return new ValidationResult("must be the name of a namespace: 1 to 63 small letters, digits and, between them, `-`", [nameof(Namespace)]);
        if (Method != DiscoveryMethod.Dns && Name.Length > 0) yield return new ValidationResult("works only with method = dns; remove it", [nameof(Name)]);
        if (Method != DiscoveryMethod.Kubernetes && Selector.Length > 0) yield return new ValidationResult("works only with method = kubernetes; remove it", [nameof(Selector)]);
        if (Method != DiscoveryMethod.Kubernetes && Namespace.Length > 0) yield return new ValidationResult("works only with method = kubernetes; remove it", [nameof(Namespace)]);
        if (Method is DiscoveryMethod.File or DiscoveryMethod.Config && Port is not null) yield return new ValidationResult("works only with method = dns or kubernetes; remove it", [nameof(Port)]);
        if (Method == DiscoveryMethod.File && Nodes is not null) yield return new ValidationResult("works only with method = dns, kubernetes or config; remove it", [nameof(Nodes)]);
        if (Method != DiscoveryMethod.File && Path.Length > 0) yield return new ValidationResult("works only with method = file; remove it", [nameof(Path)]);
        foreach (var problem in CheckAddresses()) yield return problem;
    }

    private IEnumerable<ValidationResult> CheckAddresses()
    {
        if (Method != DiscoveryMethod.Config)
        {
            if (Addresses.Count > 0) yield return new ValidationResult("works only with method = config; remove it", [nameof(Addresses)]);
            yield break;
        }
        if (Addresses.Count == 0) yield return new ValidationResult("needs `addresses`, where all nodes are, as in addresses = [\"a.example:4053\", \"b.example:4053\"]", [nameof(Method)]);
        else if (Nodes > Addresses.Count) yield return new ValidationResult("are more than `addresses` has, so that no cluster would ever begin", [nameof(Nodes)]);
        foreach (var problem in AddressList.Problems(Addresses, nameof(Addresses))) yield return problem;
    }
}

/// <summary>Where nodes are looked for.</summary>
internal enum DiscoveryMethod
{
    /// <summary>At the addresses of a name.</summary>
    Dns,

    /// <summary>In a file.</summary>
    File,

    /// <summary>Among the pods that the API server of Kubernetes knows.</summary>
    Kubernetes,

    /// <summary>Where the configuration says that all of them are.</summary>
    Config,
}
