using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;

namespace MessageRouter.Clustering;

/// <summary>The cluster that a node is one of: the block <c>cluster</c> of the router.</summary>
internal sealed record ClusterOptions : IValidatableObject
{
    public const int DefaultPort = 4053;

    private const int LongestName = 64;

    [Description("The cluster's name; nodes of another one are refused.")]
    public required string Name { get; init; }

    [Description("The IP address and port at which other nodes reach this one, for what they tell each other of themselves; messages never go this way. Beyond loopback only with `tls`, or `insecure = true`.")]
    public string Bind { get; init; } = "127.0.0.1:4053";

    [Description("The name or address, with or without a port, under which others reach `bind`; needed where that is 0.0.0.0 or [::]. Streams are offered under it too.")]
    public string Advertise { get; init; } = "";

    [Description("Where nodes of the cluster are found, as in [\"a.example:4053\", \"b.example:4053\"], the same on every node. The first of them begins a cluster where none is there yet; the others join, in any order. Each is named as its own `advertise` says; names also lead to nodes that have IP addresses there, where this one has one too.")]
    public IReadOnlyList<string> SeedNodes { get; init; } = [];

    [Description("Finds nodes of the cluster where the file does not name them, in place of `seed-nodes`.")]
    public DiscoveryOptions? Discovery { get; init; }

    [Description("What the node is for, as in [edge]; others see it in status.")]
    public IReadOnlyList<string> Roles { get; init; } = [];

    [Description("Has nodes prove to each other that they belong here, and encrypts what they tell each other.")]
    public ClusterTlsOptions? Tls { get; init; }

    [Description("Whether anybody who reaches `bind` may be a node of the cluster: only in a network that nobody else is in.")]
    public bool Insecure { get; init; }

    [Description("What whoever looks after another node of the cluster may have this one do: `reload` lets him have it read its own files again, with `reload --cluster`; nothing of what they say comes from elsewhere. `configure` lets him bring it other files too, which can have it run whatever they name. Only with `tls`.")]
    public ClusterControl Control { get; init; }

    [Description("Which nodes go on where the network has come apart.")]
    public SplitBrainOptions SplitBrain { get; init; } = new();

    /// <summary>Where the node listens. Only for options that were found valid.</summary>
    internal IPEndPoint BindEndPoint => TryEndPoint(Bind, out var endpoint) ? endpoint : throw new InvalidOperationException($"{Bind} is no address.");

    /// <summary>Where others find it. Only for options that were found valid.</summary>
    internal ClusterAddress Address
    {
        get
        {
            var bind = BindEndPoint;
            if (Advertise.Length == 0) return new ClusterAddress(bind.Address.ToString(), bind.Port);
            return ClusterAddress.TryParse(Advertise, bind.Port, out var address) ? address : throw new InvalidOperationException($"{Advertise} is no address.");
        }
    }

    /// <summary>Where others are looked for. Only for options that were found valid.</summary>
    internal IReadOnlyList<ClusterAddress> Seeds => AddressList.Of(SeedNodes);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Name.Length is 0 or > LongestName || !Name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
            yield return new ValidationResult($"must be 1 to {LongestName} letters, digits, `-` and `_`", [nameof(Name)]);
        if (!TryEndPoint(Bind, out var bind))
        {
            yield return new ValidationResult("must be an IP address and a port, such as 127.0.0.1:4053 or 0.0.0.0:4053", [nameof(Bind)]);
        }
        else
        {
            if (Advertise.Length == 0 && bind.Address.Equals(IPAddress.Any) | bind.Address.Equals(IPAddress.IPv6Any))
                yield return new ValidationResult("is no address that others could connect to: say in `advertise` what is, such as this machine's name", [nameof(Bind)]);
            if (!IPAddress.IsLoopback(bind.Address) && Tls is null && !Insecure)
                yield return new ValidationResult("can be reached from other machines, by anybody: give `tls`, or, in a network that nobody else is in, insecure = true", [nameof(Bind)]);
        }
        if (Tls is not null && Insecure) yield return new ValidationResult("says that anybody may be a node, and `tls` that nobody may without a certificate: remove one of them", [nameof(Insecure)]);
        if (Control != ClusterControl.None && Tls is null) yield return new ValidationResult("lets whoever is a node have this one reload, and anybody who reaches `bind` can be: give `tls`", [nameof(Control)]);
        _ = ClusterAddress.TryParse(Advertise, DefaultPort, out var own);
        if (Advertise.Length > 0 && own is null)
            yield return new ValidationResult("must be a name or an address, with or without a port, such as a.example or 10.0.0.1:4053", [nameof(Advertise)]);
        if (own is not null && IPAddress.TryParse(own.Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
            yield return new ValidationResult("is no address that others could connect to: say what is, such as this machine's name or IP address", [nameof(Advertise)]);
        if (Discovery is not null && SeedNodes.Count > 0) yield return new ValidationResult("finds nodes, which `seed-nodes` names already: remove one of them", [nameof(Discovery)]);
        if (Discovery is { Method: DiscoveryMethod.Dns or DiscoveryMethod.Kubernetes } && bind is not null && !(own is null ? Advertise.Length == 0 : IPAddress.TryParse(own.Host, out _)))
            yield return new ValidationResult($"must be {(Discovery.Method == DiscoveryMethod.Dns ? "the IP address to which the name of `discovery` leads" : "the IP address of the pod")}, and no name, as in advertise = ${{?POD_IP}}", [nameof(Advertise)]);
        if (SeedNodes.Count == 0 && Discovery is null) yield return new ValidationResult("names nobody: write the addresses of some nodes of the cluster, the same on every node; the node's own is one of them where it may begin the cluster", [nameof(SeedNodes)]);
        foreach (var problem in AddressList.Problems(SeedNodes, nameof(SeedNodes))) yield return problem;
        foreach (var role in Roles.Where(role => role.Length == 0 || role.Any(char.IsWhiteSpace)))
            yield return new ValidationResult($"has `{role}`; a role is a word", [nameof(Roles)]);
    }

    private static bool TryEndPoint(string text, out IPEndPoint endpoint) =>
        IPEndPoint.TryParse(text, out endpoint!) && endpoint.Port > 0 && (text.Contains(']', StringComparison.Ordinal) || text.Count(character => character == ':') == 1);
}

/// <summary>How nodes prove that they belong to the cluster: <c>cluster.tls</c>. The files are PEM.</summary>
internal sealed record ClusterTlsOptions
{
    [FilePath]
    [Description("The PEM file with this node's certificate, followed by those between it and its authority.")]
    public required string Certificate { get; init; }

    [FilePath]
    [Description("The PEM file with its private key, readable by the node's user only.")]
    public required string Key { get; init; }

    [FilePath]
    [Description("A PEM file with the authorities of which other nodes must have a certificate: whoever has one of theirs can be a node.")]
    public required string Trust { get; init; }
}

/// <summary>What others of the cluster may have a node do.</summary>
internal enum ClusterControl
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Read its own files again.</summary>
    Reload,

    /// <summary>That, and become what files say that are brought to it.</summary>
    Configure,
}

/// <summary>Which nodes go on where some cannot reach the others: <c>cluster.split-brain</c>.</summary>
internal sealed record SplitBrainOptions : IValidatableObject
{
    [Description("`keep-majority` has the side with more nodes go on, in a tie that of the lowest address; `keep-oldest` that of the node that has been there longest; `static-quorum` one with at least `quorum` nodes; `down-all` none. The others leave, and join again when they can.")]
    public SplitBrainStrategy Strategy { get; init; }

    [Description("How long nodes must have been out of reach, and nothing else have changed, before that is decided. The time without a node's work after its end is this and a few seconds.")]
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    [Description("static-quorum: how many nodes a side needs; more than half of all that there will ever be.")]
    public int Quorum { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in Durations.Check(StableAfter, TimeSpan.FromSeconds(1), nameof(StableAfter))) yield return problem;
        if (Strategy == SplitBrainStrategy.StaticQuorum && Quorum < 1) yield return new ValidationResult("needs `quorum`, the number of nodes that a side must have", [nameof(Strategy)]);
        if (Strategy != SplitBrainStrategy.StaticQuorum && Quorum != 0) yield return new ValidationResult("works only with strategy = static-quorum; remove it", [nameof(Quorum)]);
    }
}

/// <summary>Which side goes on.</summary>
internal enum SplitBrainStrategy
{
    /// <summary>The side with more nodes.</summary>
    KeepMajority,

    /// <summary>The side of the oldest node.</summary>
    KeepOldest,

    /// <summary>A side with so many nodes.</summary>
    StaticQuorum,

    /// <summary>None.</summary>
    DownAll,
}
