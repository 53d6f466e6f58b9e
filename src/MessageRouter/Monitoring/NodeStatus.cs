using System.Text.Json;
using System.Text.Json.Serialization;
using MessageRouter.Clustering;
using MessageRouter.Ledger;

namespace MessageRouter.Monitoring;

/// <summary>A running node at one moment: its ledger, and what goes on in it.</summary>
/// <remarks>Counters are read one after the other while messages go on, so <see cref="Balanced"/> may be false for a moment.</remarks>
public sealed record NodeStatus
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>A random number of the node's run, 32 hexadecimal digits, by which other nodes name it; empty where that is not known.</summary>
    public string Epoch { get; init; } = "";

    /// <summary>The router's version.</summary>
    public required string Version { get; init; }

    /// <summary><c>starting</c>, <c>running</c>, <c>draining</c> or <c>stopped</c>.</summary>
    public required string State { get; init; }

    /// <summary>Of a node that drains: what it still waits for, one sentence; null for all others.</summary>
    public string? DrainsWaitingFor { get; init; }

    /// <summary>When the node was made.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Seconds since then.</summary>
    public required double UptimeSeconds { get; init; }

    /// <summary>What it was described by.</summary>
    public required ConfigurationStatus Configuration { get; init; }

    /// <summary>One a component.</summary>
    public required IReadOnlyList<ComponentStatus> Components { get; init; }

    /// <summary>One a pair of components that messages go between.</summary>
    public required IReadOnlyList<EdgeStatus> Edges { get; init; }

    /// <summary>One a worker process.</summary>
    public IReadOnlyList<ProcessLine> Processes { get; init; } = [];

    /// <summary>What of the lists of those who may connect cannot be used now.</summary>
    public IReadOnlyList<SecurityProblem> SecurityProblems { get; init; } = [];

    /// <summary>What waits in the whole node.</summary>
    public required MemoryStatus Memory { get; init; }

    /// <summary>The process that the node runs in.</summary>
    public required ProcessStatus Process { get; init; }

    /// <summary>What it knows of its cluster; null for a node that is in none.</summary>
    public ClusterStatus? Cluster { get; init; }

    /// <summary>Those who look at the node; null where nobody can.</summary>
    public WatcherStatus? Watchers { get; init; }

    /// <summary>Whether every message was accounted for when the counters were read.</summary>
    public required bool Balanced { get; init; }

    /// <summary>The counts alone, in the shape of the ledger.</summary>
    internal LedgerSnapshot ToLedger() => new(Node, UptimeSeconds, Components, [.. Edges.Select(edge => new EdgeLine(edge.From, edge.To, edge.Offered, edge.Dropped) { NotConnected = edge.NotConnected })], Balanced) { Epoch = Epoch };

    /// <summary>The status as JSON: the names of the properties in snake_case, and nothing for what is null.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The status of a text that <see cref="ToJson"/> has written, or a later version.</summary>
    /// <exception cref="JsonException">It is no status.</exception>
    public static NodeStatus FromJson(string json) => JsonSerializer.Deserialize<NodeStatus>(json, Json) ?? throw new JsonException("There is no status in it.");
}

/// <summary>What a node was described by.</summary>
/// <param name="Files">The files that were named, later ones over earlier ones; none for a node that was described in code.</param>
/// <param name="Hash">Of what they amount to, everything included and substituted: the first 12 digits of its SHA-256. Null for a node that was described in code.</param>
public sealed record ConfigurationStatus(IReadOnlyList<string> Files, string? Hash)
{
    /// <summary>Its number, counted by reloads; 1 for what the node was started with.</summary>
    public int Revision { get; init; } = 1;
}

/// <summary>Something that cannot be used in a list of those who may connect: what was said there before is in force.</summary>
/// <param name="List">The name of the list in <c>router.security.peers</c>, or the path of a file of users.</param>
/// <param name="Problem">What is wrong, where, and what to do about it, as a sentence.</param>
public sealed record SecurityProblem(string List, string Problem);

/// <summary>What waits anywhere in the node.</summary>
/// <param name="Bytes">The bytes of all messages that wait, with what each takes beside them.</param>
/// <param name="Limit">How many there may be before nothing more comes in; 0 for no limit.</param>
/// <param name="IsFull">Whether nothing more comes in.</param>
public sealed record MemoryStatus(long Bytes, long Limit, bool IsFull);

/// <summary>Those who look at the node through its control endpoint.</summary>
/// <param name="Connections">How many connections there are.</param>
/// <param name="Refused">Connections that were closed at once: there were too many, or they came from a network that may not.</param>
/// <param name="CutOff">Streams that were ended because nobody read them.</param>
public sealed record WatcherStatus(int Connections, long Refused, long CutOff);

/// <summary>What the process takes of the machine.</summary>
public sealed record ProcessStatus
{
    /// <summary>Its id.</summary>
    public int Pid { get; init; }

    /// <summary>Processor time since its start.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Processors that it kept busy during the last second or two, as a number: 0.5 is half a processor.</summary>
    public double Cpu { get; init; }

    /// <summary>Memory that it has of the machine's.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Of that, what is on .NET's heap.</summary>
    public long HeapBytes { get; init; }

    /// <summary>Garbage collections since its start.</summary>
    public int Collections { get; init; }

    /// <summary>How long all of them together have held it up.</summary>
    public double CollectionPauseSeconds { get; init; }

    /// <summary>How long the last one did.</summary>
    public double LastCollectionPauseSeconds { get; init; }

    /// <summary>Its threads.</summary>
    public int Threads { get; init; }

    /// <summary>Its open files, connections included; null where the system does not tell.</summary>
    public int? OpenFiles { get; init; }
}
