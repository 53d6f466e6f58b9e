using System.Net.Sockets;
using System.Text;
using MessageRouter.Control.Listening;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling;

/// <summary>Finds running nodes by their sockets.</summary>
internal static class NodeFinder
{
    private const string SocketEnd = ".sock";

    /// <summary>The paths of the sockets of all nodes that run and that this user can see.</summary>
    public static List<string> All(Surroundings surroundings) => [.. SocketFolder.All(surroundings.Environment).Where(IsAlive).Order(StringComparer.Ordinal)];

    /// <summary>The node's name and process, as its socket is named after them.</summary>
    public static string NameOf(string socket) => Path.GetFileName(socket) is var file && file.EndsWith(SocketEnd, StringComparison.Ordinal) ? file[..^SocketEnd.Length] : file;

    /// <summary>Those of nodes with a name.</summary>
    public static List<string> Named(string name, Surroundings surroundings) => All(surroundings).FindAll(socket => IsNamed(socket, name));

    /// <summary>The path of the socket of the node that is meant.</summary>
    /// <exception cref="CommandException">There is none, or there are several.</exception>
    public static string Find(NodeChoice choice, Surroundings surroundings)
    {
        var all = All(surroundings);
        if (all.Count == 0) throw CommandException.Unavailable(NoneRuns(choice.Node));
        var meant = choice.Node is { } name ? all.FindAll(socket => IsNamed(socket, name)) : all;
        return meant.Count switch
        {
            1 => meant[0],
            0 => throw CommandException.Unavailable($"no node `{SafeText.Of(choice.Node!)}` runs; these do:\n{List(all)}"),
            _ => throw CommandException.Usage($"{meant.Count} nodes {(choice.Node is null ? "run" : $"are called `{SafeText.Of(choice.Node)}`")}; say which one is meant, with --node:\n{List(meant)}"),
        };
    }

    /// <summary>What to do where no node is found.</summary>
    public static string NoneRuns(string? name) => $"""
        no node{(name is null ? "" : $" `{SafeText.Of(name)}`")} runs that this user can see.
          `message-router run node.conf` starts one.
        {(UnixFile.Self == 0 ? "" : "  One of another user, or a service, is seen by that user and by root: sudo message-router nodes.\n")}  One with a `control.socket` of its own, or over HTTP: --control PATH, --control http://host:port.
          One whose file has `control = off` cannot be seen.
        """;

    /// <summary>Whether somebody listens at a socket. It never waits: who has no room for another caller just now is alive.</summary>
    private static bool IsAlive(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsNamed(string socket, string name)
    {
        var stem = NameOf(socket);
        return stem == name || (stem.LastIndexOf('-') is > 0 and var process && stem[..process] == InSocket(name));
    }

    /// <summary>How a node's name stands in its socket's.</summary>
    private static string InSocket(string name) => NameOf(SocketFolder.PathFor("", name, 0))[..^"-0".Length];

    private static string List(IEnumerable<string> sockets)
    {
        var text = new StringBuilder();
        foreach (var socket in sockets) text.Append("  ").Append(NameOf(socket)).Append("    ").Append(socket).Append('\n');
        return text.ToString().TrimEnd('\n');
    }
}
