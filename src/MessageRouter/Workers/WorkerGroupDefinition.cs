using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Pools;

namespace MessageRouter.Workers;

/// <summary>Processes of one command, which a node starts, watches, restarts and stops.</summary>
public sealed record WorkerGroupDefinition
{
    /// <summary>The group's name; its processes are called <c>NAME.1</c>, <c>NAME.2</c> and so on.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The program and its arguments. The program is a full path, or a name that is looked up in <c>PATH</c>;
    /// <c>message-router</c> is the running tool itself.
    /// </summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>How many processes there are. Default 1.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>How processes are placed on the nodes of the cluster, so that this one has as many as that says; null where <see cref="Instances"/> does.</summary>
    public PlacementOptions? Placement { get; init; }

    /// <summary>What the processes find in their environment besides the node's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The full path of the directory that the processes start in.</summary>
    public required string Directory { get; init; }

    /// <summary>How long a process may take to end after SIGTERM before it is killed. Default 5 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a process may give no sign of life before it is killed and, by its supervision, restarted; zero, the default,
    /// for ever. A sign is <c>WATCHDOG=1</c>, sent to the socket that NOTIFY_SOCKET names, as services of systemd do; a node of
    /// ours sends it by itself.
    /// </summary>
    public TimeSpan HeartbeatTimeout { get; init; }

    /// <summary>What happens when a process ends. A process cannot be resumed, so that <see cref="OnError.Resume"/> restarts it too.</summary>
    public SupervisionOptions Supervision { get; init; } = new();

    /// <summary>Where the command stands in a file; null where the group was made in code.</summary>
    public SourceSpan? Origin { get; init; }

    /// <summary>The name: the environment may hold what nobody is to see.</summary>
    public override string ToString() => Name;

    /// <summary>Where the directory stands; null where it is not named.</summary>
    internal SourceSpan? DirectoryOrigin { get; init; }
}
