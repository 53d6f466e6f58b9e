namespace MessageRouter.Benchmarks.Route;

/// <summary>Where a case's messages come from.</summary>
internal enum Feed
{
    /// <summary>A PUSH socket.</summary>
    Push,

    /// <summary>A PUB socket.</summary>
    Pub,

    /// <summary>A pipe to the router's standard input, a message a line.</summary>
    Lines,
}

/// <summary>One thing to measure: what the router is told to do, and what stands at its ends.</summary>
/// <param name="Name">The name in the table and behind <c>--case</c>.</param>
/// <param name="Feed">Where the messages come from.</param>
/// <param name="Take">PULL or SUB; null where they go to a file, or end in the node.</param>
/// <param name="Components">The filters and outputs of the node; OUT, OUT2, … stand for endpoints, FILE for a path.</param>
internal sealed record RouteCase(string Name, Feed Feed, string? Take, string Components)
{
    /// <summary>Bytes of a message.</summary>
    public int Size { get; init; } = 100;

    /// <summary>Outputs that get each message.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Connections that send, each one message after the other's.</summary>
    public int Senders { get; init; } = 1;

    /// <summary>Messages a second that are sent; 0 for as many as are taken.</summary>
    public int Rate { get; init; }

    /// <summary>Workers that share the messages.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Whether source and sink listen and the router connects, instead of the other way round.</summary>
    public bool Connects { get; init; }

    /// <summary>Where the input sends its messages.</summary>
    public string To { get; init; } = "first";

    /// <summary>More keys of the input's block.</summary>
    public string InputKeys { get; init; } = "";

    /// <summary>More keys of the node.</summary>
    public string Settings { get; init; } = "";

    /// <summary>What else does the same as a peer: pull-push, sub-pub, pull-file, lines-file; direct where nobody does anything; empty where only the router does it.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Whether all connections are encrypted.</summary>
    public bool IsSealed { get; init; }

    /// <summary>Whether the messages end in the node, so that only the source knows how many there were.</summary>
    public bool IsDiscarded { get; init; }

    /// <summary>Whether it is measured how long messages take at half of the highest rate.</summary>
    public bool HasLatency => Feed == Feed.Push && Take == "PULL" && Rate == 0 && !IsSealed;

    /// <summary>The node's configuration.</summary>
    public string Configuration(int from, IReadOnlyList<int> to, string file)
    {
        var components = Components.Replace("FILE", $"\"{file}\"", StringComparison.Ordinal);
        for (var i = to.Count - 1; i >= 0; i--)
            components = components.Replace(i == 0 ? "OUT" : $"OUT{i + 1}", $"\"tcp://127.0.0.1:{to[i]}\"", StringComparison.Ordinal);
        var input = Feed switch
        {
            // All of them from one address, and at once.
            Feed.Push when Senders > 1000 => $"type = zeromq, bind = \"tcp://127.0.0.1:{from}\", socket-type = pull, limits {{ connections-per-address = {Senders}, connections-per-second = {Senders} }}",
            Feed.Push => $"type = zeromq, {(Connects ? "connect" : "bind")} = \"tcp://127.0.0.1:{from}\", socket-type = pull",
            Feed.Pub => $"type = zeromq, bind = \"tcp://127.0.0.1:{from}\", socket-type = sub",
            _ => "type = stdin",
        };
        return $$"""
            router {
              inputs.in { {{input}}, {{InputKeys}} to = {{To}} }
              {{components}}
              shutdown { drain-timeout = 30s }
              {{Settings}}
            }
            """;
    }
}
