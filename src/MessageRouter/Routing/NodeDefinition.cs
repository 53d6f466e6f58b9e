using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.InForce;
using MessageRouter.Control;
using MessageRouter.Security;
using MessageRouter.Workers;

namespace MessageRouter.Routing;

/// <summary>A whole node as its configuration describes it: checked, complete, and never changed.</summary>
public sealed record NodeDefinition
{
    /// <summary>The node's name, for log and ledger.</summary>
    public required string Name { get; init; }

    /// <summary>Inputs, filters and outputs.</summary>
    public required IReadOnlyList<ComponentDefinition> Components { get; init; }

    /// <summary>The output of the error chain; its name is empty.</summary>
    public required ComponentDefinition Errors { get; init; }

    /// <summary>Error events let through in a second; the rest is only counted. 0 for all.</summary>
    public int ErrorsPerSecond { get; init; } = 1000;

    /// <summary>How long a stop waits for messages under way before it counts them as dropped. Default 10 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many bytes may wait anywhere in the node before nothing more comes in: inputs that can wait do, what others bring is dropped.
    /// 0 for no limit. Default <see cref="DefaultMemoryLimit"/>.
    /// </summary>
    public long MemoryLimit { get; init; } = DefaultMemoryLimit;

    /// <summary>Half of the memory that the process may use: the machine's or, in a container, what that is left of its limit.</summary>
    public static long DefaultMemoryLimit => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>Operating-system processes that the node keeps running. Default none.</summary>
    public IReadOnlyList<WorkerGroupDefinition> Workers { get; init; } = [];

    /// <summary>Its control endpoint; null, the default, where nothing is said of one: the command then has one, and a host none.</summary>
    public ControlDefinition? Control { get; init; }

    /// <summary>Whose keys sockets can have, and who may connect.</summary>
    internal SecurityDefinition Security { get; init; } = SecurityDefinition.None;

    /// <summary>The cluster that it is one of; null for none.</summary>
    internal ClusterDefinition? Cluster { get; init; }

    /// <summary>The <c>akka { }</c> block, resolved, for Akka.NET.</summary>
    public string AkkaHocon { get; init; } = "";

    /// <summary>The files that it was read from, as they were named; none where it was described in code.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Of all that the files amount to, everything included and substituted: the first 12 digits of its SHA-256; null where it was described in code.</summary>
    public string? ConfigurationHash => Hash();

    /// <summary>Finds that out when somebody asks.</summary>
    internal Func<string?> Hash { get; init; } = () => null;

    /// <summary>Finds the values of its configuration when somebody asks: all that was included and substituted, and every default. None where it was described in code.</summary>
    internal Func<IReadOnlyList<ConfigValue>> InForce { get; init; } = () => [];

    /// <summary>Finds all files that it was made of when somebody asks: included ones, those of secrets and plug-ins too. None where it was described in code.</summary>
    internal Func<IReadOnlyList<string>> FilesRead { get; init; } = () => [];

    /// <summary>The name: what the node consists of may hold what nobody is to see.</summary>
    public override string ToString() => Name;

    /// <summary>Where that block stands; null where there is none.</summary>
    internal SourceSpan? AkkaOrigin { get; init; }
}
