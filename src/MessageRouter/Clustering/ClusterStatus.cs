namespace MessageRouter.Clustering;

/// <summary>What a node knows of its cluster.</summary>
/// <param name="Name">The cluster's name.</param>
/// <param name="Address">Where other nodes reach this one.</param>
/// <param name="State"><c>joining</c>, <c>up</c>, <c>refused</c>, <c>leaving</c> or <c>left</c>.</param>
public sealed record ClusterStatus(string Name, string Address, string State)
{
    /// <summary>Why it is not one of them yet, a sentence; null where it is, or nothing is known.</summary>
    public string? Problem { get; init; }

    /// <summary>The address of the node that leads; null where none does.</summary>
    public string? Leader { get; init; }

    /// <summary>All nodes, this one among them, in the order of their addresses.</summary>
    public IReadOnlyList<ClusterMember> Members { get; init; } = [];

    /// <summary>The streams that any of them offers or feeds, by name.</summary>
    public IReadOnlyList<StreamStatus> Streams { get; init; } = [];

    /// <summary>The components that are at work on one node at a time, by name.</summary>
    public IReadOnlyList<SingletonStatus> Singletons { get; init; } = [];

    /// <summary>Copies of filters, and processes, that the cluster places on its nodes, by name.</summary>
    public IReadOnlyList<PlacedStatus> Placed { get; init; } = [];

    /// <summary>What may not be as it was meant: such as streams that lead round in a circle, or two nodes of one name. Nothing is refused for it.</summary>
    public IReadOnlyList<ClusterWarning> Warnings { get; init; } = [];

    /// <summary>How often another node was taken to be gone, since this one's start.</summary>
    public long Gone { get; init; }

    /// <summary>How often this node was taken to be gone itself, or was on the side that was not to go on, and joined anew.</summary>
    public long JoinedAnew { get; init; }

    /// <summary>How often this node has refused one that wanted to join, by reason: <c>certificate</c>, <c>clock</c>, <c>cluster</c>, <c>name</c> or <c>version</c>.</summary>
    public IReadOnlyDictionary<string, long> Refused { get; init; } = new Dictionary<string, long>();

    /// <summary>What a node can be at in its cluster.</summary>
    internal static IReadOnlyList<string> States { get; } = ["joining", "up", "refused", "leaving", "left"];
}

/// <summary>One node of a cluster, as another sees it.</summary>
/// <param name="Node">Its name; empty as long as it has not told it.</param>
/// <param name="Address">Where it is reached.</param>
/// <param name="State"><c>joining</c>, <c>weakly-up</c>, <c>up</c>, <c>leaving</c>, <c>exiting</c> or <c>down</c>.</param>
/// <param name="IsReachable">Whether it answers.</param>
public sealed record ClusterMember(string Node, string Address, string State, bool IsReachable)
{
    /// <summary>What a node can be at, as others see it.</summary>
    internal static IReadOnlyList<string> States { get; } = ["joining", "weakly-up", "up", "leaving", "exiting", "down"];

    /// <summary>What it is called among others: by its address as long as it has not told its name.</summary>
    internal string Name => Node.Length > 0 ? Node : Address;

    /// <summary>What it is for.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The version of its router; null as long as it has not told it.</summary>
    public string? Version { get; init; }

    /// <summary>Whether it is the node that was asked.</summary>
    public bool IsSelf { get; init; }
}

/// <summary>A stream of a cluster, as one node sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OfferedBy">The nodes that take it; one that takes it with several components is there several times.</param>
/// <param name="FedBy">The nodes that feed it.</param>
public sealed record StreamStatus(string Name, IReadOnlyList<string> OfferedBy, IReadOnlyList<string> FedBy)
{
    /// <summary>How many shares of it each node takes, by name: the weights of its inputs together. Of a node of an older version it is the number of its inputs.</summary>
    public IReadOnlyDictionary<string, int> Weights { get; init; } = new Dictionary<string, int>();

    /// <summary>Whose its keys are; null where it is not fed by key, or nothing has been agreed on yet.</summary>
    public StreamKeys? Keys { get; init; }

    /// <summary>Why nodes feed it in ways that do not go together, a sentence; null where they do.</summary>
    public string? Problem { get; init; }
}

/// <summary>Whose the keys of a stream are. A key is in one of 1024 slots, by its hash, and a slot is one node's at a time.</summary>
/// <param name="Key">What messages are told apart by.</param>
/// <param name="Epoch">Which of the agreements it is, as in <c>2.17</c>: the 17th of the second node that has led them.</param>
/// <param name="Moving">How many slots are changing hands, and nobody's meanwhile.</param>
/// <param name="Shares">How many each node has.</param>
public sealed record StreamKeys(string Key, string Epoch, int Moving, IReadOnlyList<SlotShare> Shares)
{
    /// <summary>The nodes for which the slots wait that change hands, by name: those that have not said of this agreement yet that they have nothing out, where they feed the stream, or nothing left of feeders that are gone, where they take it.</summary>
    public IReadOnlyList<string> WaitsFor { get; init; } = [];
}

/// <summary>How many slots of a stream a node has.</summary>
/// <param name="Node">Its name; where that is not known, where it takes the stream.</param>
/// <param name="Slots">How many.</param>
public sealed record SlotShare(string Node, int Slots);

/// <summary>A component that is at work on one node of a cluster at a time.</summary>
/// <param name="Name">The component.</param>
/// <param name="Node">The node that the cluster has agreed on; null while none is known. Whether it is at work there is in <see cref="State"/>.</param>
/// <param name="Candidates">The nodes that can be it, this one among them.</param>
public sealed record SingletonStatus(string Name, string? Node, IReadOnlyList<string> Candidates)
{
    /// <summary>It is that node's turn.</summary>
    internal const string Reads = "reads";

    /// <summary>That node does not answer: whether it is at work there is not known.</summary>
    internal const string Away = "away";

    /// <summary>That node is out of touch with the others, and has closed it.</summary>
    internal const string Closed = "closed";

    /// <summary>
    /// <c>reads</c>, <c>away</c> where that node does not answer, so that it is not known whether it is at work there, or <c>closed</c> where that node has closed it, since it is out of touch with the others. Null where there is no node.
    /// </summary>
    public string? State { get; init; }

    /// <summary>Which of the decisions it is, as in <c>2.17</c>; null where nothing is known of any.</summary>
    public string? Epoch { get; init; }

    /// <summary>The nodes on which it fails each time that it is opened, and is tried again.</summary>
    public IReadOnlyList<string> FailsOn { get; init; } = [];

    /// <summary>The nodes on which its supervision has given it up: they cannot be it any more until it is replaced there.</summary>
    public IReadOnlyList<string> GivenUpBy { get; init; } = [];
}

/// <summary>Copies of a filter, or processes of a group, that the cluster places on its nodes.</summary>
/// <param name="Name">What it is, such as <c>filters.enrich</c> or <c>workers.mail</c>.</param>
/// <param name="Total">How many there are to be on all nodes together; null while nothing is known of any decision.</param>
/// <param name="Nodes">The nodes that can have some, by name.</param>
public sealed record PlacedStatus(string Name, int? Total, IReadOnlyList<PlacedShare> Nodes)
{
    /// <summary>How many there are on all of them that answer.</summary>
    public int Running => Nodes.Where(node => !node.IsAway).Sum(node => node.Running);

    /// <summary>How many those had that do not answer, when they last told: how many run there now is not known.</summary>
    public int RunningAway => Nodes.Where(node => node.IsAway).Sum(node => node.Running);

    /// <summary>Why what the files say does not go together, a sentence; null where it does.</summary>
    public string? Problem { get; init; }
}

/// <summary>What a node has of what the cluster places.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Share">How many it is to have.</param>
/// <param name="Running">How many it has, or had when it last told.</param>
public sealed record PlacedShare(string Node, int Share, int Running)
{
    /// <summary>Whether it does not answer.</summary>
    public bool IsAway { get; init; }
}

/// <summary>Something in a cluster that may not be as it was meant.</summary>
/// <param name="Kind"><c>circle</c>, <c>delivery</c>, <c>name</c>, <c>apart</c>, <c>failing</c>, <c>given-up</c>, <c>role</c>, <c>certificate-ends</c> or <c>certificate-over</c>.</param>
/// <param name="Subject">What it is about: streams, a stream, a name, an address, a component, a role or a file.</param>
/// <param name="Text">What it is, and what to do, a sentence without its period.</param>
public sealed record ClusterWarning(string Kind, string Subject, string Text);
