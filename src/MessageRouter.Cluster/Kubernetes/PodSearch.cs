using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Kubernetes;

/// <summary>
/// Asks the API server of Kubernetes for pods. Nothing of the machine's own has a say in that, neither its proxy nor the authorities that it trusts, and nothing that the server answers costs more
/// than a limit of time and memory.
/// </summary>
/// <param name="account">As whom it is asked.</param>
/// <param name="clock">Measures how long it takes.</param>
internal sealed class PodSearch(ServiceAccount account, TimeProvider clock)
{
    private const int PodsInAPage = 500;

    private const int MostPages = 10;

    private const int MostPods = PodsInAPage * MostPages;

    /// <summary>A pod's address is there once by itself, and once more among those of each family.</summary>
    private const int MostAddresses = MostPods * 3;

    /// <summary>A page of pods that say much of themselves.</summary>
    private const int LongestAnswer = 16 << 20;

    /// <summary>For all pages together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The addresses of the pods that discovery wants, as far as they have some, and are neither at their end nor about to be.</summary>
    /// <exception cref="PodSearchException">They cannot be found.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<IPAddress[]> FindAsync(DiscoveryOptions discovery, CancellationToken cancellation)
    {
        var question = new PodQuestion(account.Server(), discovery.Namespace.Length > 0 ? discovery.Namespace : account.Namespace(), discovery.Selector, PodsInAPage);
        var authorities = account.Authorities();
        using var time = new CancellationTokenSource(Patience, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            using var client = Client(authorities);
            return await AllAsync(client, question, end.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PodSearchException(FormattableString.Invariant($"{question.Whom} does not answer within {Patience.TotalSeconds:0} s"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new PodSearchException(Failure(exception, question), exception);
        }
        finally
        {
            foreach (var authority in authorities) authority.Dispose();
        }
    }

    private async Task<IPAddress[]> AllAsync(HttpClient client, PodQuestion question, CancellationToken cancellation)
    {
        var addresses = new List<IPAddress>();
        var next = "";
        for (var pages = 0; pages < MostPages; pages++)
        {
            var page = await AskAsync(client, question, next, cancellation);
            addresses.AddRange(page.Addresses);
            if (addresses.Count > MostAddresses) break;
            if (page.Next.Length == 0) return [.. addresses];
            next = page.Next;
        }
        throw new PodSearchException(FormattableString.Invariant($"`{question.Selector}` chooses more than {MostPods} pods in the namespace `{question.Namespace}`: let `discovery.selector` choose only those of the cluster's nodes"));
    }

    private async Task<PodPage> AskAsync(HttpClient client, PodQuestion question, string next, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, question.Page(next));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.Token());
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("message-router", null));
        using var response = await client.SendAsync(request, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (response.StatusCode != HttpStatusCode.OK) throw new PodSearchException(Refusal(response.StatusCode, answer, question));
        try
        {
            return ApiAnswer.ReadPods(answer, MostAddresses);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new PodSearchException($"{question.Whom} answers with something else than a list of pods", exception);
        }
    }

    private string Refusal(HttpStatusCode status, byte[] answer, PodQuestion question)
    {
        var words = status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden && ApiAnswer.ReadMessage(answer) is { Length: > 0 } message ? $" ({message.TrimEnd('.')})" : "";
        return status switch
        {
            HttpStatusCode.BadRequest => $"{question.Whom} does not understand what it is asked: see that `discovery.selector` is a selector of labels{words}",
            HttpStatusCode.Unauthorized => $"{question.Whom} does not take the token of the service account, `{account.TokenFile}`: it is of another Kubernetes, or was withdrawn; let the pod be made anew",
            HttpStatusCode.Forbidden => $"{question.Whom} forbids to list the pods of the namespace `{question.Namespace}`: bind a Role with the verb `list` for `pods` to the pod's service account{words}",
            HttpStatusCode.NotFound => $"{question.Whom} knows no pods of a namespace `{question.Namespace}`: see that `discovery.namespace` is right",
            _ => FormattableString.Invariant($"{question.Whom} answers {(int)status} in place of a list of pods"),
        };
    }

    private string Failure(Exception exception, PodQuestion question) => (exception as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError => $"{question.Whom} does not show a certificate for this address that is of an authority in `{account.AuthorityFile}` ({Cause(exception)})",
        HttpRequestError.ConfigurationLimitExceeded => FormattableString.Invariant($"{question.Whom} answers with more than a node takes, {LongestAnswer >> 20} MiB for {PodsInAPage} pods"),
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => $"{question.Whom} cannot be reached: {Cause(exception)}",
        _ => $"{question.Whom} cannot be asked: {Cause(exception)}",
    };

    private static string Cause(Exception exception) => exception.GetBaseException().Message.TrimEnd('.');

    private static HttpClient Client(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authorities);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Patience,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };
    }
}
