using System.Diagnostics;
using MessageRouter.Tests.Clustering;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>Nodes that find each other by asking for pods; what stands in for their Kubernetes is an API server and, at the place where a pod has it, the folder of a service account.</summary>
public sealed class KubernetesDiscoveryTests(ITestOutputHelper output) : ClusterTest(output)
{
    /// <summary>Has a program find a service account's files where a pod has them, which nobody else on the machine sees.</summary>
    private const string InPod = """mount -t tmpfs none /run && mkdir -p /run/secrets/kubernetes.io && cp -r "$0" /run/secrets/kubernetes.io/serviceaccount && exec "$@" """;

    [SkippableFact]
    public async Task Two_that_may_ask_find_each_other_and_one_whose_pod_is_not_chosen_joins_them()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && await Succeeds("unshare", "-m", "mount", "-t", "tmpfs", "none", "/run"), "Only root of a Linux may give a process folders of its own.");
        Directory.CreateDirectory(Files["account"]);
        await using var server = await ApiServer.StartAsync(Files["account"]);
        server.MayList = [];
        var port = Ports.Free();
        var (a, b) = (Run("a", "127.0.0.11", Work("at-least-once")), Run("b", "127.0.0.12", Feed("at-least-once")));
        foreach (var node in (RouterProcess[])[a, b]) await node.Reports(line => line.Contains("bind a Role with the verb `list` for `pods` to the pod's service account", StringComparison.Ordinal), "what it needs to be said");

        server.Pods = [new Pod("a", "127.0.0.11"), new Pod("is-ending", "127.0.0.10") { IsEnding = true }];
        server.MayList = ["default"];
        foreach (var node in (RouterProcess[])[a, b]) await node.Reports(line => line.Contains("`cluster=logs` chooses 1 of the 2 nodes that `discovery.nodes` wants before a cluster begins", StringComparison.Ordinal), "one node to be too few");
        server.Pods = [.. server.Pods, new Pod("b", "127.0.0.12")];
        await AllAreThere(b, a);
        var c = Run("c", "127.0.0.13", Work("at-least-once"));
        await c.Reports(line => line.Contains("This node is one of the cluster logs, at 127.0.0.13:", StringComparison.Ordinal) && line.Contains("with 2 others", StringComparison.Ordinal), "the third one to join");

        await b.WriteAsync(Numbered(0, 10));
        await b.Until(() => Lines(a, c).Count() == 10, "the messages to arrive");
        b.EndInput();
        await b.Ends();
        await a.Stops();
        await c.Stops();
        Assert.Empty(server.Problems);

        RouterProcess Run(string name, string address, string components) => RunNode(
            $$"""
            router {
              name = {{name}}
              cluster { name = logs, bind = "{{address}}:{{port}}", discovery { method = kubernetes, selector = "cluster=logs", nodes = 2 }, split-brain.stable-after = 1s }
              {{components}}
            }
            """,
            "env", "KUBERNETES_SERVICE_HOST=127.0.0.1", $"KUBERNETES_SERVICE_PORT={server.Port}", "unshare", "-m", "sh", "-c", InPod, Files["account"]);
    }

    private static async Task<bool> Succeeds(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
