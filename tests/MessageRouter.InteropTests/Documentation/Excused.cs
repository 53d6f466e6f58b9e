namespace MessageRouter.InteropTests.Documentation;

/// <summary>What pages show and these tests do not run, each with the reason.</summary>
internal static class Excused
{
    /// <summary>Commands, by page and text.</summary>
    public static readonly Dictionary<(string Page, string Text), string> Commands = new()
    {
        [("README.md", "dotnet test")] = "It is the run of all tests, these among them.",
        [("README.md", "dotnet add package MessageRouter.Extensions.Logging")] = "The package's own page says it too.",
        [("README.md", "dotnet add package MessageRouter.CSharp")] = "The package's own page says it too.",
        [("docs/configuration.md", "message-router run <(make-node)")] = "What makes the node is the reader's.",
        [("docs/configuration.md", "message-router COMMAND --help")] = "The tests of the command line ask every command.",
        [("docs/configuration.md", "message-router run conf.d")] = "It tells of a folder of the reader's; ValidateTests read one.",
        [("docs/install.md", "dotnet tool uninstall --global MessageRouter.Cli")] = "Other pages need what it removes.",
        [("docs/install.md", "dotnet tool install --global --add-source artifacts MessageRouter.Cli")] = "Who follows the page has done so before, as the README says.",
        [("docs/install.md", "dotnet publish src/MessageRouter.Cli -r linux-x64 -p:PublishSingleFile=true")] = "DistributionTests do it.",
        [("docs/install.md", "dotnet publish src/MessageRouter.Cli -r linux-x64 -p:PublishSingleFile=true -t:PackDebian")] = "DistributionTests do it.",
        [("docs/install.md", "dotnet publish src/MessageRouter.Cli -r linux-x64 -p:PublishSingleFile=true -t:PublishContainer")] = "DistributionTests do it.",
        [("docs/kubernetes.md", "dotnet publish src/MessageRouter.Cli -r linux-x64 -p:PublishSingleFile=true -t:PublishContainer")] = "DistributionTests do it.",
        [("docs/kubernetes.md", "kubectl create secret generic message-router --from-file=tls.crt --from-file=tls.key --from-file=ca.crt --from-file=token")] = "It needs Kubernetes; KubernetesTests read the manifests.",
        [("docs/kubernetes.md", "kubectl apply -f docs/kubernetes/cluster.yaml -f docs/kubernetes/edge.yaml")] = "It needs Kubernetes; KubernetesTests read the manifests.",
        [("docs/kubernetes.md", "kubectl rollout restart statefulset/message-router deployment/message-router-edge")] = "It needs Kubernetes; KubernetesTests read the manifests.",
        [("docs/install.md", "cp /usr/share/doc/message-router/examples/aggregator.conf /etc/message-router/logs.conf")] = "DistributionTests install the package, into a system of its own.",
        [("docs/install.md", "systemctl enable --now message-router@logs")] = "It needs a machine that systemd runs; DistributionTests have the unit checked.",
        [("docs/install.md", "journalctl --unit message-router@logs")] = "It needs a machine that systemd runs.",
        [("README.md", "message-router top")] = "It asks a node that runs: WatchingTests do it.",
        [("README.md", "message-router tap alerts --side dropped")] = "It asks a node that runs: WatchingTests do it.",
        [("README.md", "message-router health")] = "It asks a node that runs: WatchingTests do it.",
        [("README.md", "dotnet run --project src/MessageRouter.Cli -- top")] = "It goes on until somebody presses q; WatchingTests have a terminal.",
        [("docs/page.md", "message-router top")] = "It goes on until somebody presses q; WatchingTests have a terminal.",
        [("docs/page.md", "message-router graph")] = "It asks a node that runs: WatchingTests do it.",
        [("docs/control.md", "curl -s 127.0.0.1:9600/v1/status | jq '.components[] | select(.dropped != {}) | {name, dropped}'")] = "It asks a node that runs: WatchingTests do it.",
        [("docs/metrics.md", "curl http://127.0.0.1:9600/metrics")] = "MetricsTests scrape a node.",
        [("docs/install.md", "docker run --read-only --tmpfs /tmp --workdir /tmp --volume ./node.conf:/etc/message-router/node.conf:ro --publish 5222:5222 --publish 5224:5224 message-router")] = "DistributionTests run the image's entry point in a root of its own.",
        [("docs/filters.md", "dotnet pack src/MessageRouter.Templates -o artifacts")] = "NewFilterTests does it.",
        [("docs/filters.md", "dotnet new install artifacts/MessageRouter.Templates.*.nupkg")] = "NewFilterTests does it.",
        [("docs/filters.md", "dotnet new messagerouter-filter -n MyApp")] = "NewFilterTests does it, and the page of the package.",
        [("docs/testing.md", "message-router test node.tests.conf --watch")] = "It goes on until Ctrl-C ends it; TestCommandTests watch.",
        [("docs/stopping.md", "message-router stop")] = "docs/watching.md does it, where a node runs.",
        [("docs/watching.md", "message-router status --control http://127.0.0.1:9600 --token-file token")] = "WatchingTests have a node with a token.",
        [("README.md", "message-router reload --plan")] = "It asks a node that runs: ReloadingTests do it.",
        [("README.md", "message-router reload --yes")] = "It asks a node that runs: ReloadingTests do it.",
        [("docs/filters.md", "message-router reload")] = "It asks who sits before it; ReloadCommandTests do it.",
        [("docs/reload.md", "message-router reload --plan")] = "It asks a node that runs: ReloadingTests do it.",
        [("docs/reload.md", "message-router reload")] = "It asks who sits before it; ReloadCommandTests do it.",
        [("docs/reload.md", "message-router reload --yes")] = "It asks a node that runs: ReloadingTests do it.",
        [("docs/reload.md", "message-router reload new.conf")] = "It asks who sits before it; ReloadCommandTests do it.",
        [("docs/watching.md", "message-router top")] = "It goes on until somebody presses q; WatchingTests have a terminal.",
        [("docs/watching.md", "message-router status --format json | jq '.components[] | select(.dropped != {}) | {name, dropped}'")] = "It needs jq; WatchingTests read the JSON.",
        [("README.md", "message-router run hocon/cluster.conf")] = "It runs until somebody stops it; SeenAsOneTests have nodes like it.",
        [("README.md", "message-router run hocon/cluster.conf --set router.name=b --set 'router.cluster.bind=\"127.0.0.1:4054\"'")] = "It runs until somebody stops it; SeenAsOneTests have nodes like it.",
        [("README.md", "message-router run hocon/cluster.conf --set router.name=c --set 'router.cluster.bind=\"127.0.0.1:4055\"'")] = "It runs until somebody stops it; SeenAsOneTests have nodes like it.",
        [("README.md", "message-router top --node a --cluster")] = "It asks nodes that run: SeenAsOneTests do it.",
        [("docs/cluster.md", "message-router run hocon/cluster.conf")] = "It runs until somebody stops it; SeenAsOneTests have nodes like it.",
        [("docs/cluster.md", "message-router run hocon/cluster.conf --set router.name=b --set 'router.cluster.bind=\"127.0.0.1:4054\"'")] = "It runs until somebody stops it; SeenAsOneTests have nodes like it.",
        [("docs/cluster.md", "message-router run hocon/cluster.conf --set router.name=c --set 'router.cluster.bind=\"127.0.0.1:4055\"'")] = "It runs until somebody stops it; SeenAsOneTests have nodes like it.",
        [("docs/cluster.md", "message-router status --node a --cluster")] = "It asks nodes that run: SeenAsOneTests do it.",
        [("docs/cluster.md", "message-router top --node a --cluster")] = "It asks nodes that run: SeenAsOneTests do it.",
        [("docs/cluster.md", "message-router ledger check --node a --cluster")] = "It asks nodes that run: SeenAsOneTests do it.",
        [("docs/cluster.md", "message-router reload --node a --cluster --plan")] = "It asks nodes that run: SeenAsOneTests do it.",
        [("docs/cluster.md", "message-router resize enrich 20")] = "It asks a node of a cluster that runs: PlacedPoolTests do it.",
        [("docs/cluster.md", "message-router reload --node a --cluster")] = "It asks nodes that run: ClusterReloadTests do it.",
        [("docs/cluster.md", "message-router reload --node a --cluster --role edge --all-or-none")] = "It asks nodes that run: ClusterReloadTests do it.",
        [("docs/cluster.md", "message-router reload new.conf --node a --cluster --role edge")] = "It asks nodes that run: ClusterReloadTests do it.",
        [("docs/cluster.md", "message-router resize enrich 20")] = "It asks nodes that run: PlacedPoolTests do it.",
        [("docs/cluster.md", "message-router graph --node a --cluster")] = "It asks nodes that run: SeenAsOneTests do it.",
        [("docs/loss.md", "message-router ledger check front.json hub.json")] = "LossTests join the ledgers of three nodes.",
        [("hocon/custom-filter.conf", "dotnet build hocon/custom-filter")] = "It is built with the tests.",
    };

    /// <summary>Output, by the page and how it begins.</summary>
    public static readonly Dictionary<(string Page, string Begin), string> Output = new()
    {
        [("docs/cluster.md", "cluster logs:")] = "ClusterTextTests compare it.",
        [("docs/cluster.md", "placed          total")] = "ClusterTextTests compare it.",
        [("docs/cluster.md", "logs  2 nodes, 1 away")] = "ClusterScreenTests draw it of what they know.",
        [("docs/loss.md", "from ")] = "LedgerCommandTests compare it.",
        [("docs/stopping.md", "ERROR router: The drain was cut short.")] = "ShutdownTests and StopTortureTests have nodes that hang.",
        [("docs/watching.md", "shop  running 22s")] = "TopScreenTests draw it of what they know.",
        [("docs/limits.md", "refused peers:")] = "FloodTests have a node that is flooded.",
        [("docs/cluster.md", "error: b has not reloaded")] = "ClusterReloadTests see it.",
        [("docs/reload.md", "Revision 2 (")] = "ReloadingTests compare it.",
        [("docs/reload.md", "Revision 2 is in force")] = "ReloadingTests compare it.",
        [("docs/reload.md", "error: outputs.alerts")] = "ReloadingTests compare it.",
        [("docs/secrets.md", "workers {\n")] = "SecretTests read it.",
        [("docs/filters.md", "error: plug-in `MyApp.dll` needs")] = "PluginLoaderTests have plug-ins whose libraries are missing.",
    };

    public static bool Has(Command command) => Commands.ContainsKey((command.Page, command.Text));

    public static bool Has(Snippet text) => Output.Keys.Any(excused => excused.Page == text.Page && text.Text.StartsWith(excused.Begin, StringComparison.Ordinal));
}
