using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using k8s;
using MessageRouter.Cluster.Kubernetes;
using MessageRouter.Clustering;
using MessageRouter.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Clustering;

/// <summary>Pods that an API server is asked for.</summary>
public sealed class PodSearchTests : IAsyncLifetime
{
    private static readonly DiscoveryOptions Logs = new() { Method = DiscoveryMethod.Kubernetes, Selector = "cluster=logs" };

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private ApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ApiServer.StartAsync(_folder.Path);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Those_with_the_labels_are_found_that_have_an_address_and_are_neither_at_their_end_nor_about_to_be()
    {
        _server.Pods =
        [
            new Pod("running", "10.0.0.1"),
            new Pod("begins", "10.0.0.2") { Phase = "Pending" },
            new Pod("of-both-families", "10.0.0.3", "fd00::3"),
            new Pod("has-no-address-yet") { Phase = "Pending" },
            new Pod("is-ending", "10.0.0.4") { IsEnding = true },
            new Pod("is-done", "10.0.0.5") { Phase = "Succeeded" },
            new Pod("has-failed", "10.0.0.6") { Phase = "Failed" },
            new Pod("is-away", "10.0.0.7") { Phase = "Unknown" },
            new Pod("of-another-cluster", "10.0.0.8") { Labels = new Dictionary<string, string> { ["cluster"] = "other" } },
            new Pod("elsewhere", "10.0.0.9") { Namespace = "other" },
        ];

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::3"], await FindAsync(Logs));
        Assert.Empty(await FindAsync(Logs with { Selector = "cluster=logs,app=other" }));
        _server.MayList = ["other"];
        Assert.Equal(["10.0.0.9"], await FindAsync(Logs with { Namespace = "other", Selector = "app=router, cluster = logs" }));
        Assert.Empty(_server.Problems);
    }

    /// <summary>What stands in for the server is one for Kubernetes' own client too.</summary>
    [Fact]
    public async Task They_are_those_that_another_client_finds()
    {
        _server.Pods = [.. Enumerable.Range(1, 3).Select(number => new Pod($"pod-{number}", $"10.0.0.{number}", $"fd00::{number}")), new Pod("of-another-cluster", "10.0.0.8") { Labels = new Dictionary<string, string> { ["cluster"] = "other" } }];
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration
        {
            Host = $"https://127.0.0.1:{_server.Port}",
            AccessToken = await File.ReadAllTextAsync(_folder["token"]),
            SslCaCerts = [X509CertificateLoader.LoadCertificateFromFile(_folder["ca.crt"])],
        });

        var first = await client.CoreV1.ListNamespacedPodAsync("default", labelSelector: Logs.Selector, limit: 2);
        var second = await client.CoreV1.ListNamespacedPodAsync("default", labelSelector: Logs.Selector, limit: 2, continueParameter: first.Metadata.ContinueProperty);

        Assert.Equal((2, 1, "PodList"), (first.Items.Count, second.Items.Count, first.Kind));
        Assert.Equal(await FindAsync(Logs), first.Items.Concat(second.Items).SelectMany(pod => pod.Status.PodIPs).Select(address => address.Ip));
    }

    [Fact]
    public async Task Many_are_asked_for_in_pages_and_too_many_are_a_problem()
    {
        _server.Pods = [.. Enumerable.Range(0, 1203).Select(number => new Pod($"pod-{number}", $"10.0.{number / 256}.{number % 256}"))];
        Assert.Equal((1203, 3), ((await FindAsync(Logs)).Count, _server.Requests));

        _server.Pods = [.. Enumerable.Range(0, 5001).Select(number => new Pod($"pod-{number}", $"10.0.{number / 256}.{number % 256}"))];
        Assert.Equal("`cluster=logs` chooses more than 5000 pods in the namespace `default`: let `discovery.selector` choose only those of the cluster's nodes", await ProblemAsync());
        Assert.Equal(13, _server.Requests);
        Assert.Empty(_server.Problems);
    }

    [Fact]
    public async Task Token_and_namespace_are_read_each_time()
    {
        _server.Pods = [new Pod("a", "10.0.0.1"), new Pod("b", "10.0.0.2") { Namespace = "other" }];
        Assert.Equal(["10.0.0.1"], await FindAsync(Logs));

        _server.Issue("second");
        _server.MayList = ["other"];
        await File.WriteAllTextAsync(_folder["namespace"], "other\n");

        Assert.Equal(["10.0.0.2"], await FindAsync(Logs));
        await File.WriteAllTextAsync(_folder["token"], "third");
        _server.Issue("fourth");
        await File.AppendAllTextAsync(_folder["token"], "\n");
        Assert.Equal(["10.0.0.2"], await FindAsync(Logs));
    }

    [Fact]
    public async Task What_a_service_account_may_not_do_is_said_with_what_it_needs()
    {
        _server.MayList = [];
        Assert.Equal(
            $"the API server at https://127.0.0.1:{_server.Port} forbids to list the pods of the namespace `default`: bind a Role with the verb `list` for `pods` to the pod's service account "
            + "(pods is forbidden: User \"system:serviceaccount:default:default\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\")",
            await ProblemAsync());

        _server.Instead = context => Answer(context, 401, "");
        Assert.Equal($"the API server at https://127.0.0.1:{_server.Port} does not take the token of the service account, `{_folder["token"]}`: it is of another Kubernetes, or was withdrawn; let the pod be made anew", await ProblemAsync());
    }

    /// <summary>Nothing that is answered gets further than into one sentence, which a terminal may be given.</summary>
    [Theory]
    [InlineData(200, "", "answers with something else than a list of pods")]
    [InlineData(200, "<html>", "answers with something else than a list of pods")]
    [InlineData(200, "[]", "answers with something else than a list of pods")]
    [InlineData(200, "{}", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"ServiceList","items":[]}""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":{"a":"PodList"},"items":[]}""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"PodList","items":[""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"PodList","items":[]} {}""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"PodList","items":{}}""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"PodList","items":[1]}""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"PodList","items":[{"status":"Running"}]}""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"PodList","items":[{"status":{"phase":"Running","podIP":1}}]}""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"PodList","items":[{"status":{"phase":"Running","podIP":"a.example"}}]}""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"PodList","items":[{"status":{"phase":"Running","podIPs":["10.0.0.1"]}}]}""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"PodList","metadata":{"continue":1},"items":[]}""", "answers with something else than a list of pods")]
    [InlineData(200, """{"kind":"Pod\ud800List","items":[]}""", "answers with something else than a list of pods")]
    [InlineData(204, "", "answers 204 in place of a list of pods")]
    [InlineData(302, "", "answers 302 in place of a list of pods")]
    [InlineData(400, """{"message":"unable to parse requirement"}""", "does not understand what it is asked: see that `discovery.selector` is a selector of labels (unable to parse requirement)")]
    [InlineData(400, "?", "does not understand what it is asked: see that `discovery.selector` is a selector of labels")]
    [InlineData(403, """{"message":"\u001b[31mno."}""", "forbids to list the pods of the namespace `default`: bind a Role with the verb `list` for `pods` to the pod's service account (\\x1b[31mno)")]
    [InlineData(403, """{"message":{"a":1}}""", "forbids to list the pods of the namespace `default`: bind a Role with the verb `list` for `pods` to the pod's service account")]
    [InlineData(404, "", "knows no pods of a namespace `default`: see that `discovery.namespace` is right")]
    [InlineData(410, """{"message":"too old"}""", "answers 410 in place of a list of pods")]
    [InlineData(429, "", "answers 429 in place of a list of pods")]
    [InlineData(500, "", "answers 500 in place of a list of pods")]
    public async Task What_is_answered_otherwise_is_a_problem_of_one_sentence(int status, string body, string problem)
    {
        _server.Instead = context => Answer(context, status, body);

        Assert.Equal($"the API server at https://127.0.0.1:{_server.Port} {problem}", await ProblemAsync());
        Assert.Equal(1, _server.Requests);
        Assert.Empty(_server.Problems);
    }

    [Fact]
    public async Task An_answer_that_does_not_end_is_not_read_to_its_end()
    {
        _server.Instead = async context =>
        {
            var piece = new byte[1 << 20];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(piece);
        };

        Assert.Equal($"the API server at https://127.0.0.1:{_server.Port} answers with more than a node takes, 16 MiB for 500 pods", await ProblemAsync());
    }

    [Fact]
    public async Task Pages_that_do_not_end_are_not_read_to_their_end()
    {
        _server.Instead = context => Answer(context, 200, """{"kind":"PodList","metadata":{"continue":"again"},"items":[]}""");

        Assert.StartsWith("`cluster=logs` chooses more than 5000 pods", await ProblemAsync(), StringComparison.Ordinal);
        Assert.Equal(10, _server.Requests);
    }

    [Fact]
    public async Task Who_does_not_answer_is_not_waited_for()
    {
        var asked = new TaskCompletionSource();
        _server.Instead = async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };

        var problem = ProblemAsync();
        await asked.Task;
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal($"the API server at https://127.0.0.1:{_server.Port} does not answer within 5 s", await problem);
    }

    [Fact]
    public async Task Who_stops_meanwhile_is_no_problem()
    {
        using var stopping = new CancellationTokenSource();
        _server.Instead = async context =>
        {
            await stopping.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Search().FindAsync(Logs, stopping.Token));
    }

    [Fact]
    public async Task Only_the_service_accounts_own_authority_is_believed_and_only_for_its_address()
    {
        var refusal = $"the API server at https://127.0.0.1:{_server.Port} does not show a certificate for this address that is of an authority in `{_folder["ca.crt"]}` (";
        using var stranger = ApiServer.Authority("kubernetes");
        await File.WriteAllTextAsync(_folder["ca.crt"], stranger.ExportCertificatePem());
        Assert.StartsWith(refusal, await ProblemAsync(), StringComparison.Ordinal);
        Assert.Equal(0, _server.Requests);

        await using var other = await ApiServer.StartAsync(_folder.Path, certifiedFor: "10.96.0.1");
        Assert.StartsWith(refusal.Replace($":{_server.Port} ", $":{other.Port} ", StringComparison.Ordinal), await ProblemAsync(other.Port), StringComparison.Ordinal);
        Assert.Equal(0, other.Requests);
    }

    [Fact]
    public async Task A_server_can_be_at_an_address_of_ipv6()
    {
        if (!Socket.OSSupportsIPv6) return;
        await using var server = await ApiServer.StartAsync(_folder.Path, IPAddress.IPv6Loopback);
        server.Pods = [new Pod("a", "fd00::1")];
        var account = new ServiceAccount(_folder.Path, name => name == "KUBERNETES_SERVICE_HOST" ? "::1" : FormattableString.Invariant($"{server.Port}"));

        Assert.Equal([IPAddress.Parse("fd00::1")], (await new PodSearch(account, _clock).FindAsync(Logs, default)).Distinct());
    }

    [Fact]
    public async Task Where_nobody_is_asked_that_is_said()
    {
        var port = _server.Port;
        await _server.DisposeAsync();

        Assert.StartsWith($"the API server at https://127.0.0.1:{port} cannot be reached: ", await ProblemAsync(port), StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<string>> FindAsync(DiscoveryOptions discovery) => [.. (await Search().FindAsync(discovery, default)).Select(address => address.ToString()).Distinct()];

    private async Task<string> ProblemAsync(int? port = null) => (await Assert.ThrowsAsync<PodSearchException>(() => Search(port).FindAsync(Logs, default))).Message;

    private PodSearch Search(int? port = null) => new(new ServiceAccount(_folder.Path, name => name == "KUBERNETES_SERVICE_HOST" ? "127.0.0.1" : FormattableString.Invariant($"{port ?? _server.Port}")), _clock);

    private static Task Answer(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        if (status == (int)HttpStatusCode.Found) context.Response.Headers.Location = "/api/v1/namespaces/default/pods?labelSelector=cluster%3Dlogs&limit=500";
        return status == (int)HttpStatusCode.NoContent ? Task.CompletedTask : context.Response.WriteAsync(body);
    }
}
