using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using MessageRouter.Clustering;
using MessageRouter.Hosting;
using MessageRouter.Routing;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.Repository;

/// <summary>The manifests of <c>docs/kubernetes</c>, read by the classes that Kubernetes' own schema was made into, in which a key that it does not have is an error.</summary>
public class KubernetesTests
{
    private const string Rights = "rights.yaml";

    public static TheoryData<string> Files => [.. Names];

    private static IEnumerable<string> Names => Directory.GetFiles(Repository.File("docs/kubernetes"), "*.yaml").Select(path => Path.GetFileName(path)).Where(file => file != Rights);

    [Theory]
    [MemberData(nameof(Files))]
    public void What_refers_to_something_else_finds_it(string file)
    {
        var objects = Read(file);
        var (pod, labels, selector) = Pod(objects);
        var container = Assert.Single(pod.Containers);

        Assert.Subset(labels.ToHashSet(), selector.ToHashSet());
        Assert.All(objects.OfType<V1Service>(), service => Assert.Subset(labels.ToHashSet(), service.Spec.Selector.ToHashSet()));
        Assert.All(objects.OfType<V1Service>().SelectMany(service => service.Spec.Ports), port => Assert.Contains(container.Ports, offered => (offered.Name, offered.ContainerPort) == (port.Name, port.Port)));
        Assert.All(objects.OfType<V1PodDisruptionBudget>(), budget => Assert.Equal(selector, budget.Spec.Selector.MatchLabels));
        Assert.All(new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }, probe => Assert.Contains(container.Ports, port => port.Name == probe.HttpGet.Port.ToString()));
        Assert.Equal(pod.Volumes.Select(volume => volume.Name), container.VolumeMounts.Select(mount => mount.Name));
        Assert.All(pod.Volumes.Where(volume => volume.ConfigMap is not null), volume => Assert.Contains(objects.OfType<V1ConfigMap>(), map => map.Metadata.Name == volume.ConfigMap.Name));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_pod_has_no_rights_and_time_to_drain(string file)
    {
        var objects = Read(file);
        var (pod, _, _) = Pod(objects);
        var container = Assert.Single(pod.Containers);

        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.True(pod.TerminationGracePeriodSeconds > container.Lifecycle.PreStop.Sleep.Seconds + Node(objects, container).DrainTimeout.TotalSeconds);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_nodes_file_is_valid_and_names_what_is_mounted_and_its_own_ports(string file)
    {
        var objects = Read(file);
        var (pod, _, _) = Pod(objects);
        var container = Assert.Single(pod.Containers);

        var node = Node(objects, container);

        var (cluster, http) = (node.Cluster!.Options, node.Control!.Options!.Http!);
        string[] files = [cluster.Tls!.Certificate, cluster.Tls.Key, cluster.Tls.Trust, http.TokenFile];
        Assert.All(files, path => Assert.Contains(container.VolumeMounts, mount => Path.GetDirectoryName(path) == mount.MountPath));
        Assert.Equal(["health", "metrics"], http.Public);
        Assert.Equal(container.Ports.Select(port => $":{port.ContainerPort}").Where(port => port != ":4054").Order(), new[] { cluster.Bind, http.Bind, Bound(node) }.Select(bound => bound[bound.LastIndexOf(':')..]).Order());
    }

    /// <summary>All nodes are found by the same name, and any of them may be found before it is ready.</summary>
    [Fact]
    public void One_service_leads_to_the_nodes_of_all_manifests()
    {
        var all = Names.Select(Read).ToList();
        var service = Assert.Single(all.SelectMany(objects => objects).OfType<V1Service>(), service => service.Spec.ClusterIP == "None");

        Assert.True(service.Spec.PublishNotReadyAddresses);
        Assert.All(all, objects =>
        {
            var (pod, labels, _) = Pod(objects);
            var discovery = Node(objects, Assert.Single(pod.Containers)).Cluster!.Options.Discovery!;
            Assert.Subset(labels.ToHashSet(), service.Spec.Selector.ToHashSet());
            Assert.Equal((service.Metadata.Name, 3), (discovery.Name, discovery.Nodes));
        });
    }

    [Fact]
    public void Who_may_ask_for_pods_may_do_nothing_else()
    {
        var objects = Read(Rights);
        var (account, role, binding) = (Assert.Single(objects.OfType<V1ServiceAccount>()), Assert.Single(objects.OfType<V1Role>()), Assert.Single(objects.OfType<V1RoleBinding>()));

        Assert.Equal(3, objects.Count);
        Assert.False(account.AutomountServiceAccountToken);
        var rule = Assert.Single(role.Rules);
        Assert.Equal(["", "pods", "list"], [.. rule.ApiGroups, .. rule.Resources, .. rule.Verbs]);
        Assert.Equal(("rbac.authorization.k8s.io", "Role", role.Metadata.Name), (binding.RoleRef.ApiGroup, binding.RoleRef.Kind, binding.RoleRef.Name));
        var subject = Assert.Single(binding.Subjects);
        Assert.Equal(("ServiceAccount", account.Metadata.Name, "default"), (subject.Kind, subject.Name, subject.NamespaceProperty));
    }

    [Fact]
    public void What_the_page_has_started_again_after_a_renewal_is_all_that_the_manifests_have()
    {
        var command = Regex.Match(File.ReadAllText(Repository.File("docs/kubernetes.md")), "kubectl rollout restart (.*)").Groups[1].Value.Split(' ');
        var objects = Names.SelectMany(Read).ToList();

        Assert.Equal(
            command.Order(),
            objects.OfType<V1StatefulSet>().Select(set => $"statefulset/{set.Metadata.Name}").Concat(objects.OfType<V1Deployment>().Select(deployment => $"deployment/{deployment.Metadata.Name}")).Order());
    }

    /// <summary>With what the page says to change.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Nodes_can_find_each_other_by_the_labels_of_their_pods(string file)
    {
        var page = File.ReadAllText(Repository.File("docs/kubernetes.md"));
        string[] changes = [.. Regex.Matches(page, "`(discovery \\{ method = kubernetes.*\\}|serviceAccountName: .*?|automountServiceAccountToken: true)`").Select(match => match.Groups[1].Value)];
        var text = File.ReadAllText(Repository.File($"docs/kubernetes/{file}"))
            .Replace("discovery { method = dns, name = message-router, nodes = 3 }", changes[0], StringComparison.Ordinal)
            .Replace("automountServiceAccountToken: false", $"{changes[1]}\n      {changes[2]}", StringComparison.Ordinal);

        var objects = KubernetesYaml.LoadAllFromString(text, strict: true);

        var (pod, labels, _) = Pod(objects);
        var discovery = Node(objects, Assert.Single(pod.Containers)).Cluster!.Options.Discovery!;
        Assert.Equal((DiscoveryMethod.Kubernetes, 3), (discovery.Method, discovery.Nodes));
        Assert.Contains(labels, label => discovery.Selector == $"{label.Key}={label.Value}");
        Assert.Equal((Assert.Single(Read(Rights).OfType<V1ServiceAccount>()).Metadata.Name, true), (pod.ServiceAccountName, pod.AutomountServiceAccountToken));
    }

    /// <summary>Where applications send to.</summary>
    private static string Bound(NodeDefinition node) => ((ZeroMqInput.Options)node.Components.Single(component => component.Name == "apps").Options!).Bind[0];

    /// <summary>As the pod has it, with the environment that the manifest gives it.</summary>
    private static NodeDefinition Node(IReadOnlyList<object> objects, V1Container container)
    {
        var text = Regex.Replace(Text(objects), @"\$\{(\w+)\}", name => container.Env.Single(variable => variable.Name == name.Groups[1].Value).ValueFrom.FieldRef.FieldPath switch
        {
            "metadata.name" => "message-router-0",
            "status.podIP" => "10.244.0.7",
            var path => throw new InvalidOperationException(path),
        });
        var node = new RouterBuilder().FromText(text).Build(out var warnings);
        Assert.Empty(warnings);
        return node;
    }

    private static string Text(IReadOnlyList<object> objects) => Assert.Single(objects.OfType<V1ConfigMap>()).Data["node.conf"];

    private static (V1PodSpec Pod, IDictionary<string, string> Labels, IDictionary<string, string> Selector) Pod(IReadOnlyList<object> objects) =>
        objects.OfType<V1StatefulSet>().SingleOrDefault() is { } set ? (set.Spec.Template.Spec, set.Spec.Template.Metadata.Labels, set.Spec.Selector.MatchLabels)
        : objects.OfType<V1Deployment>().Single() is var deployment ? (deployment.Spec.Template.Spec, deployment.Spec.Template.Metadata.Labels, deployment.Spec.Selector.MatchLabels)
        : default;

    private static List<object> Read(string file) => KubernetesYaml.LoadAllFromString(File.ReadAllText(Repository.File($"docs/kubernetes/{file}")), strict: true);
}
