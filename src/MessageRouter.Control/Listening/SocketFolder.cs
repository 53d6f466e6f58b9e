using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MessageRouter.Control.Listening;

/// <summary>The folders in which running nodes have their sockets, each named after its node and process.</summary>
internal static class SocketFolder
{
    /// <summary>Characters of a node's name that its socket's name has.</summary>
    private const int LongestName = 40;

    /// <summary>The variable that names the one folder for sockets, in place of all others.</summary>
    private const string OnlyFolder = "MESSAGE_ROUTER_SOCKETS";

    private const string Name = "message-router";
    private const string System = "/run/message-router";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Where this process's node puts its socket, the folder made and checked.</summary>
    /// <exception cref="IOException">It is not this user's own, or cannot be made.</exception>
    public static string Make(Func<string, string?> environment)
    {
        // What systemd has made for the service is there, and its own.
        if (Only(environment) is null && environment("RUNTIME_DIRECTORY") is { Length: > 0 } given && given.Split(':')[0] is var first && first.StartsWith(System, StringComparison.Ordinal)) return first;
        var folder = Own(environment);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly);
        if (Problem(folder) is { } problem) throw new IOException($"`{folder}` {problem}");
        return folder;
    }

    /// <summary>The path of the socket of a node in this process.</summary>
    public static string PathFor(string folder, string node, int processId) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Safe(node)}-{processId}.sock"));

    /// <summary>The sockets of all nodes that this user can see, in this order: their own, those of services. What somebody else has put where their own would be is not looked at.</summary>
    public static IEnumerable<string> All(Func<string, string?> environment) =>
        Folders(environment).Where(folder => Directory.Exists(folder) && (folder != Own(environment) || Problem(folder) is null)).SelectMany(Sockets).Distinct();

    /// <summary>Removes what processes have left behind that are no more.</summary>
    public static void Sweep(string folder)
    {
        foreach (var path in Sockets(folder).Where(path => UnixFile.Of(path)?.Owner == UnixFile.Self && !IsAlive(path)))
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody else was there first.
            }
        }
    }

    /// <summary>Whether somebody listens at a socket.</summary>
    public static bool IsAlive(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException exception)
        {
            // Any other answer than that nobody is there is somebody's.
            return exception.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Folders(Func<string, string?> environment)
    {
        yield return Own(environment);
        if (Only(environment) is not null) yield break;
        yield return System;
        foreach (var service in Directory.Exists(System) ? List(() => Directory.GetDirectories(System)) : []) yield return service;
        if (UnixFile.Self != 0) yield break;

        // Root sees those of all users.
        foreach (var user in List(() => Directory.GetDirectories("/run/user"))) yield return Path.Combine(user, Name);
        foreach (var user in List(() => Directory.GetDirectories(Path.GetTempPath(), $"{Name}-*"))) yield return user;
    }

    private static string? Only(Func<string, string?> environment) => environment(OnlyFolder) is { Length: > 0 } folder && Path.IsPathRooted(folder) ? folder : null;

    private static string Own(Func<string, string?> environment) =>
        Only(environment) ?? (environment("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Path.IsPathRooted(runtime) && Directory.Exists(runtime) ? Path.Combine(runtime, Name)
        : UnixFile.Self == 0 && Directory.Exists("/run") ? System
        : Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{Name}-{UnixFile.Self}")));

    private static IEnumerable<string> Sockets(string folder) => List(() => Directory.GetFileSystemEntries(folder, "*.sock")).Where(path => UnixFile.Of(path) is null or { IsSocket: true });

    private static string[] List(Func<string[]> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <returns>What is wrong with a folder that others could have prepared; null where nothing is.</returns>
    private static string? Problem(string folder) => UnixFile.Of(folder) switch
    {
        null => OperatingSystem.IsWindows() ? null : "cannot be looked at",
        { IsFolder: false } => "is no folder, or a link to one",
        { Owner: var owner } when owner != UnixFile.Self => "belongs to another user",
        { IsWritableByOthers: true } => "can be written to by others",
        _ => null,
    };

    private static string Safe(string node)
    {
        var safe = new StringBuilder();
        foreach (var character in node.Take(LongestName)) safe.Append(char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' ? character : '_');
        return safe.Length == 0 ? "node" : safe.ToString();
    }
}
