using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>Nodes that are one cluster, each a process of its own.</summary>
public abstract class ClusterTest(ITestOutputHelper output) : InteropTest(output)
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private protected Dictionary<string, int> Nodes { get; } = new() { ["a"] = Ports.Free(), ["b"] = Ports.Free(), ["c"] = Ports.Free() };

    /// <summary>Waits until all have joined, and the stream leads from the one that feeds it to all others.</summary>
    private protected static async Task AllAreThere(RouterProcess feeder, params IReadOnlyList<RouterProcess> others)
    {
        IReadOnlyList<RouterProcess> nodes = [feeder, .. others];
        foreach (var node in nodes)
        {
            await node.Starts();
            await node.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "the node to join");
        }
        foreach (var node in nodes) await Reports(node, line => line.Contains("is there.", StringComparison.Ordinal), others.Count, "the others to be there");
        await feeder.Reports(line => line.Contains(FormattableString.Invariant($"workers are there now: {others.Count}"), StringComparison.Ordinal), "the stream to lead to the others");
    }

    /// <summary>Waits until what a node feeds has led to another one so many times.</summary>
    private protected static Task LeadsTo(RouterProcess feeder, string node, int times) =>
        Reports(feeder, line => line.Contains($"Worker {node} (tcp://127.0.0.1:", StringComparison.Ordinal) && line.Contains("is connected", StringComparison.Ordinal), times, $"messages to lead to {node}");

    private protected static Task Reports(RouterProcess node, Func<string, bool> match, int count, string what) => node.Until(() => node.Errors.Lines.Count(match) >= count, what);

    private protected RouterProcess Run(string name, string components, string tls = "") => RunNode(Config(name, components, tls));

    private protected string Config(string node, string components, string tls = "", string name = "logs") => $$"""
        router {
          name = {{node}}
          cluster {
            name = {{name}}, bind = "127.0.0.1:{{Nodes[node]}}", {{tls}}
            seed-nodes = ["127.0.0.1:{{Nodes["a"]}}", "127.0.0.1:{{Nodes["b"]}}"]
            split-brain.stable-after = 1s
          }
          {{components}}
        }
        """;

    private protected static string Work(string delivery) => $$"""
        inputs { work { type = cluster, stream = jobs, delivery = {{delivery}}, to = out } }
          outputs { out { type = stdout } }
        """;

    private protected static string Feed(string delivery) => $$"""
        inputs { lines { type = stdin, to = feed } }
          outputs { feed { type = cluster, stream = jobs, delivery = {{delivery}} } }
        """;

    private protected const string FeedByKey = """
        inputs { lines { type = stdin, to = feed } }
          outputs { feed { type = cluster, stream = jobs, delivery = at-least-once, route = key, key = k } }
        """;

    private protected static readonly string WorkByKey = $$"""
        inputs { work { type = cluster, stream = jobs, delivery = at-least-once, to = written } }
          outputs { out { type = stdout } }
          {{KeyedStream.Written}}
        """;

    private protected static readonly string FeedAndWorkByKey = $$"""
        inputs { lines { type = stdin, to = feed }, work { type = cluster, stream = jobs, delivery = at-least-once, to = written } }
          outputs { feed { type = cluster, stream = jobs, delivery = at-least-once, route = key, key = k }, out { type = stdout } }
          {{KeyedStream.Written}}
        """;

    private protected const int Keys = KeyedStream.Keys;

    private protected static IEnumerable<string> Keyed(string by, int from, int count) => Enumerable.Range(from, count).Select(n => $$"""{"n":{{n}},"k":{{n % Keys}},"by":"{{by}}"}""");

    private protected static async Task AllHaveJoined(Dictionary<string, RouterProcess> nodes)
    {
        foreach (var node in nodes.Values) await Reports(node, line => line.EndsWith("is there.", StringComparison.Ordinal), nodes.Count - 1, "the others to be there");
    }

    private protected static Task IsTakenToBeGone(string node, RouterProcess seenBy) =>
        seenBy.Reports(line => line.Contains($"Node {node} ", StringComparison.Ordinal) && line.EndsWith("is taken to be gone.", StringComparison.Ordinal), $"{node} to be given up");

    private protected static Task Joins(RouterProcess node) => node.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "the node to join");

    /// <summary>Waits until a node says that it has to wait for some, which do not answer.</summary>
    private protected Task WaitsFor(RouterProcess node, params IEnumerable<string> others)
    {
        var problem = $"This node is not one of the cluster logs yet: nobody of the cluster answers at {string.Join(", ", others.Select(other => $"127.0.0.1:{Nodes[other]}"))}";
        return node.Reports(line => line.Contains(problem, StringComparison.Ordinal), problem);
    }

    /// <summary>Waits until so many nodes have the same share of the keys, and none changes hands.</summary>
    private protected Task KeysAreShared(RouterProcess node, string name, int nodes) => node.Until(
        async () =>
        {
            var streams = JsonDocument.Parse(await Output("status", "--node", name, "--cluster", "--format", "json")).RootElement.GetProperty("cluster").GetProperty("streams").EnumerateArray();
            return streams.Any(stream => stream.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Object && keys.GetProperty("shares").EnumerateArray().Count(share => share.GetProperty("slots").GetInt32() >= 1024 / nodes) == nodes);
        },
        $"{nodes} nodes to have as many keys each");

    private protected static bool IsMessage(string line) => line.Contains("\"n\"", StringComparison.Ordinal);

    private protected static List<(string By, int Key, int Number)> Read(RouterProcess node) =>
        [.. Lines(node).Select(line => JsonDocument.Parse(line).RootElement).Select(body => (body.GetProperty("by").GetString()!, body.GetProperty("k").GetInt32(), body.GetProperty("n").GetInt32()))];

    private protected string Reloads(string node) => $"control = reload, {Tls(node)}";

    private protected string Tls(string node) => $$"""tls { certificate = "{{node}}.pem", key = "{{node}}.key", trust = trust.pem }""";

    private protected static IEnumerable<string> Numbered(int from, int count) => Enumerable.Range(from, count).Select(n => $$"""{"n":{{n}}}""");

    private protected static IEnumerable<string> Lines(params IEnumerable<RouterProcess> nodes) => nodes.SelectMany(node => node.Output.Lines).Where(line => line.Contains("\"n\"", StringComparison.Ordinal));

    private protected async Task<string> Output(params IEnumerable<string> arguments)
    {
        var command = MessageRouter(arguments);
        Assert.True(await command.Exits() == 0, command.Describe());
        return string.Join('\n', command.Output.Lines);
    }

    private protected void Issue(X509Certificate2 authority, string name)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Create(authority, Now.AddDays(-1), Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Files[$"{name}.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(Files[$"{name}.key"], key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(Files[$"{name}.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private protected static X509Certificate2 Authority(string name)
    {
        var request = new CertificateRequest($"CN={name}", RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
    }
}
