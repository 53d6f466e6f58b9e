using System.Text.Json;

namespace MessageRouter.InteropTests.Support;

/// <summary>How two ends of a ZeroMQ link may be put together, in the words of the original's options.</summary>
internal static class Wiring
{
    /// <summary>The engines by which the router's sockets may be; the first is that of a file which names none.</summary>
    public static readonly string[] Engines = ["native", "netmq"];

    /// <summary>PUB/SUB and PUSH/PULL, either side binding, either side there first.</summary>
    public static TheoryData<string, string, string> All() => Each("sender starts", "receiver starts");

    /// <summary>PUB/SUB and PUSH/PULL, either side binding, by either engine.</summary>
    public static TheoryData<string, string, string> ByEngine() => Each(Engines);

    /// <summary>An engine, and then the others.</summary>
    public static IEnumerable<string> BeginningWith(string engine) => Engines.OrderBy(other => other != engine);

    /// <summary>Starts both ends, the one that <paramref name="first"/> names before the other.</summary>
    public static (Peer Sender, Peer Receiver) StartInOrder(Func<Peer> sender, Func<Peer> receiver, string first)
    {
        if (first == "sender starts")
        {
            return (sender(), receiver());
        }

        var started = receiver();
        return (sender(), started);
    }

    /// <summary>The value of <c>--input_options</c> or <c>--output_options</c> for one end; the original knows no engines.</summary>
    public static string Options(bool binds, int port, string? socketType = null, string? engine = null)
    {
        Dictionary<string, string> options = new() { [binds ? "socket_bind" : "connect"] = $"tcp://127.0.0.1:{port}" };
        if (socketType is not null)
        {
            options["socket_type"] = socketType;
        }

        if (engine is not null)
        {
            options["engine"] = engine;
        }

        return JsonSerializer.Serialize(options);
    }

    /// <summary>The arguments that send standard input to a socket; PUB goes without saying, as it is the default.</summary>
    public static string[] Sending(string pattern, bool binds, int port, string? engine = null) =>
        ["--input", "STDIN", "--output", "ZeroMQ", "--output_options", Options(binds, port, pattern == "PUB/SUB" ? null : "PUSH", engine)];

    /// <summary>The arguments that print what comes from a socket; SUB goes without saying, as it is the default.</summary>
    public static string[] Receiving(string pattern, bool binds, int port, string? engine = null) =>
        ["--output", "STDOUT", "--input", "ZeroMQ", "--input_options", Options(binds, port, pattern == "PUB/SUB" ? null : "PULL", engine)];

    private static TheoryData<string, string, string> Each(params string[] last)
    {
        var all = new TheoryData<string, string, string>();
        foreach (var pattern in new[] { "PUB/SUB", "PUSH/PULL" })
        {
            foreach (var binds in new[] { "sender binds", "receiver binds" })
            {
                foreach (var one in last)
                {
                    all.Add(pattern, binds, one);
                }
            }
        }

        return all;
    }
}
