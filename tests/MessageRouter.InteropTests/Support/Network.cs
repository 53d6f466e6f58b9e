using System.Diagnostics;
using System.Globalization;

namespace MessageRouter.InteropTests.Support;

/// <summary>
/// A network of the test's own, which can come apart: each node is in a network namespace and has a cable to a bridge, in a namespace that nothing else is in. Nodes that are on one bridge reach each
/// other.
/// </summary>
internal sealed class Network : IDisposable
{
    /// <summary>The name that leads to all nodes.</summary>
    public const string NameOfAll = "all.nodes.test";

    private static int networks;

    private readonly string prefix = string.Create(CultureInfo.InvariantCulture, $"mr{Environment.ProcessId}-{Interlocked.Increment(ref networks)}");
    private readonly List<string> nodes = [];
    private int bridges;

    /// <exception cref="SkipException">Whoever runs the tests may make none.</exception>
    public Network(params IEnumerable<string> names)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root of a Linux may make a network.");
        Skip.IfNot(TryIp(["netns", "add", Hub]).Succeeded, $"No network can be made: {TryIp(["netns", "add", Hub]).Errors}");
        try
        {
            foreach (var name in names)
            {
                nodes.Add(name);
                Ip("netns", "add", Namespace(name));
                Ip("-n", Hub, "link", "add", Cable(name), "type", "veth", "peer", "name", "eth0", "netns", Namespace(name));
                Ip("-n", Namespace(name), "addr", "add", $"{AddressOf(name)}/24", "dev", "eth0");
                foreach (var device in (string[])["lo", "eth0"]) Ip("-n", Namespace(name), "link", "set", device, "up");
                Ip("-n", Hub, "link", "set", Cable(name), "up");
            }
            foreach (var folder in nodes.Select(FilesOf))
            {
                // What is in this folder stands in place of /etc for whatever runs there.
                Directory.CreateDirectory(folder);
                File.WriteAllLines(Path.Combine(folder, "hosts"), ["127.0.0.1 localhost", .. nodes.Select(node => $"{AddressOf(node)} {NameOfAll}")]);
            }
            Heal();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private string Hub => $"{prefix}-hub";

    /// <summary>What runs a program at a node's place.</summary>
    public string[] At(string node) => ["ip", "netns", "exec", Namespace(node)];

    public string AddressOf(string node) => string.Create(CultureInfo.InvariantCulture, $"10.213.0.{nodes.IndexOf(node) + 1}");

    /// <summary>Only nodes of the same group reach each other.</summary>
    public void ComesApart(params IEnumerable<string>[] groups)
    {
        foreach (var group in groups)
        {
            var bridge = string.Create(CultureInfo.InvariantCulture, $"br{++bridges}");
            Ip("-n", Hub, "link", "add", bridge, "type", "bridge");
            Ip("-n", Hub, "link", "set", bridge, "up");
            foreach (var node in group) Ip("-n", Hub, "link", "set", Cable(node), "master", bridge);
        }
    }

    /// <summary>All reach all.</summary>
    public void Heal() => ComesApart(nodes);

    /// <summary>Nothing that a node sends to another one arrives, though it hears that one; or it does again.</summary>
    public void IsDumb(string node, string to, bool isDumb) => Ip("-n", Namespace(node), "route", isDumb ? "add" : "del", "blackhole", $"{AddressOf(to)}/32");

    /// <summary>A node's cable carries so much from now on, with a second's worth of queue at either end; what does not fit there is lost, as in routers.</summary>
    /// <exception cref="SkipException">The kernel cannot do that.</exception>
    public void IsSlow(string node, int kilobits)
    {
        foreach (var (space, device) in ((string, string)[])[(Namespace(node), "eth0"), (Hub, Cable(node))])
        {
            var (succeeded, errors) = Try("tc", ["-n", space, "qdisc", "replace", "dev", device, "root", "tbf", "rate", string.Create(CultureInfo.InvariantCulture, $"{kilobits}kbit"), "burst", "16kb", "latency", "1s"]);
            Skip.If(errors.Contains("unknown", StringComparison.Ordinal), $"No cable can be slow here: {errors}");
            Assert.True(succeeded, errors);
        }
    }

    public void Dispose()
    {
        foreach (var space in nodes.Select(Namespace).Append(Hub)) TryIp(["netns", "del", space]);
        foreach (var folder in nodes.Select(FilesOf).Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    private string Namespace(string node) => $"{prefix}-{node}";

    private string FilesOf(string node) => Path.Combine("/etc/netns", Namespace(node));

    private static string Cable(string node) => $"to-{node}";

    private static void Ip(params string[] arguments)
    {
        var (succeeded, errors) = TryIp(arguments);
        Assert.True(succeeded, $"ip {string.Join(' ', arguments)}: {errors}");
    }

    private static (bool Succeeded, string Errors) TryIp(string[] arguments) => Try("ip", arguments);

    private static (bool Succeeded, string Errors) Try(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode == 0, errors.Trim());
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (false, exception.Message);
        }
    }
}
