using MessageRouter.Cluster.Kubernetes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Clustering;

/// <summary>What a pod is given to ask its API server, and what is said where that is missing.</summary>
public sealed class ServiceAccountTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("10.96.0.1", "443", "https://10.96.0.1/")]
    [InlineData("10.96.0.1", "6443", "https://10.96.0.1:6443/")]
    [InlineData("fd00::1", "443", "https://[fd00::1]/")]
    [InlineData("kubernetes.default.svc", "6443", "https://kubernetes.default.svc:6443/")]
    public void The_environment_says_where_the_server_is(string host, string port, string server) => Assert.Equal(server, Of(host, port).Server().AbsoluteUri);

    [Theory]
    [InlineData(null, null)]
    [InlineData("10.96.0.1", null)]
    [InlineData("", "443")]
    public void Where_it_does_not_the_node_runs_in_no_pod(string? host, string? port) =>
        AssertProblem("the node runs in no pod of Kubernetes, where KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT would say whom to ask: let `discovery` have another `method`", () => Of(host, port).Server());

    [Theory]
    [InlineData("10.96.0.1", "tcp://10.96.0.1:443")]
    [InlineData("10.96.0.1", "0")]
    [InlineData("10.96.0.1", "65536")]
    [InlineData("https://10.96.0.1", "443")]
    [InlineData("10.96.0.1@evil.example", "443")]
    public void What_is_no_address_is_said(string host, string port) =>
        AssertProblem($"KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are `{host}` and `{port}`, which is no address of an API server", () => Of(host, port).Server());

    [Fact]
    public void What_is_not_there_is_said_with_what_brings_it()
    {
        var account = Of("10.96.0.1", "443");

        foreach (var (file, read) in new (string, Action)[] { ("token", () => account.Token()), ("namespace", () => account.Namespace()), ("ca.crt", () => account.Authorities()) })
            AssertProblem($"there is no `{_folder[file]}`: let the pod have the token of a service account, by automountServiceAccountToken: true", read);
    }

    [Theory]
    [InlineData("token", "", "has no token, which is one word")]
    [InlineData("token", "two words", "has no token, which is one word")]
    [InlineData("token", "a\r\nX-Other: b", "has no token, which is one word")]
    [InlineData("namespace", "", "has no name of a namespace: write it in the file as `discovery.namespace`")]
    [InlineData("namespace", "../kube-system", "has no name of a namespace: write it in the file as `discovery.namespace`")]
    [InlineData("ca.crt", "", "has no certificate")]
    [InlineData("ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "has something else than certificates: *")]
    public void What_is_something_else_is_said(string file, string content, string problem)
    {
        File.WriteAllText(_folder[file], content);
        var account = Of("10.96.0.1", "443");

        var message = Assert.Throws<PodSearchException>(() => file == "token" ? account.Token() : file == "namespace" ? account.Namespace() : (object)account.Authorities()).Message;

        Assert.StartsWith($"`{_folder[file]}` {problem.TrimEnd('*')}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_does_not_end_is_not_read_to_its_end()
    {
        File.WriteAllBytes(_folder["token"], new byte[(1 << 20) + 1]);

        AssertProblem($"`{_folder["token"]}` cannot be read: it is longer than 1 MiB", () => Of("10.96.0.1", "443").Token());
    }

    private static void AssertProblem(string problem, Action read) => Assert.Equal(problem, Assert.Throws<PodSearchException>(read).Message);

    private ServiceAccount Of(string? host, string? port) => new(_folder.Path, name => name == "KUBERNETES_SERVICE_HOST" ? host : port);
}
