using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MessageRouter.Tests.Clustering;

/// <summary>
/// Stands in for an API server of Kubernetes, as the API's reference describes the list of the pods of a namespace: path, labels, `limit` and `continue`, tokens, and what is answered to whom. It is strict:
/// any other path, parameter or header is an error (<see cref="Problems"/>), and so is a selector with more than equality, which the reference has and this does not. It fills a folder as a pod finds that of its service account.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly string _folder;
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentDictionary<string, int> _pages = new();
    private WebApplication? _application;
    private int _requests;

    private ApiServer(string folder) => _folder = folder;

    public int Port { get; private set; }

    /// <summary>What was not as the API has it.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>How often it was asked for a page.</summary>
    public int Requests => _requests;

    /// <summary>All pods that there are.</summary>
    public IReadOnlyList<Pod> Pods { get; set; } = [];

    /// <summary>The namespaces whose pods may be listed.</summary>
    public IReadOnlyList<string> MayList { get; set; } = ["default"];

    /// <summary>Answers in place of the server; null where it is the server that answers.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <param name="folder">Where the service account's files are written.</param>
    /// <param name="address">Where the server listens, and what its certificate is for.</param>
    /// <param name="certifiedFor">What its certificate is for in place of that.</param>
    public static async Task<ApiServer> StartAsync(string folder, IPAddress? address = null, string? certifiedFor = null)
    {
        address ??= IPAddress.Loopback;
        var server = new ApiServer(folder);
        using var authority = Authority("kubernetes");
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.crt"), authority.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "namespace"), "default");
        server.Issue("first");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var certificate = Certificate(authority, certifiedFor ?? address.ToString());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(address, 0, listen => listen.UseHttps(certificate)));
        server._application = builder.Build();
        server._application.Run(server.AnswerAsync);
        await server._application.StartAsync();
        server.Port = new Uri(server._application.Urls.Single()).Port;
        return server;
    }

    /// <summary>Gives the service account another token: the one before is not taken any more.</summary>
    public void Issue(string token) => File.WriteAllText(Path.Combine(_folder, "token"), $"{token}.jwt");

    /// <summary>An authority that nobody knows.</summary>
    public static X509Certificate2 Authority(string name)
    {
        var request = new CertificateRequest($"CN={name}", RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
    }

    public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static X509Certificate2 Certificate(X509Certificate2 authority, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(authority, Now.AddDays(-1), Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return X509CertificateLoader.LoadPkcs12(certificate.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var request = context.Request;
        Check(request.Method == "GET" && request.ContentLength is null or 0, "it is no GET without a body");
        Check(request.Headers.Accept == "application/json", $"it accepts `{request.Headers.Accept}`");
        var known = (string[])["Accept", "Authorization", "Host", "User-Agent"];
        Check(request.Headers.Keys.All(known.Contains), $"it has {string.Join(", ", request.Headers.Keys)}");
        if (Instead is { } instead) await instead(context);
        else await AnswerAsync(context, request.Path.Value!.Split('/'));
    }

    private Task AnswerAsync(HttpContext context, string[] path)
    {
        var query = context.Request.Query;
        if (context.Request.Headers.Authorization != $"Bearer {File.ReadAllText(Path.Combine(_folder, "token")).Trim()}") return Refuse(context, 401, "Unauthorized", "Unauthorized");
        if (path is not ["", "api", "v1", "namespaces", { Length: > 0 } space, "pods"])
        {
            Check(false, $"there is no path {context.Request.Path}");
            return Refuse(context, 404, "NotFound", "the server could not find the requested resource");
        }
        foreach (var name in query.Keys) Check(name is "labelSelector" or "limit" or "continue" && query[name].Count == 1, $"there is no parameter `{name}`, or there are two");
        if (!MayList.Contains(space)) return Refuse(context, 403, "Forbidden", $"pods is forbidden: User \"system:serviceaccount:default:default\" cannot list resource \"pods\" in API group \"\" in the namespace \"{space}\"");
        if (Requirements(query["labelSelector"].ToString()) is not { } requirements) return Refuse(context, 400, "BadRequest", $"unable to parse requirement: found '{query["labelSelector"]}'");
        if (!int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit)) return Refuse(context, 400, "BadRequest", "limit is no number");
        var from = 0;
        if (query.TryGetValue("continue", out var next) && !_pages.TryGetValue(next.ToString(), out from)) return Refuse(context, 410, "Expired", "The provided continue parameter is too old to display a consistent list result.");
        var chosen = Pods.Where(pod => pod.Namespace == space && requirements.All(each => pod.Labels.GetValueOrDefault(each.Key) == each.Value)).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = "4711" };
        if (chosen.Count > from + limit)
        {
            // It has what must not be in a query as it is.
            var token = $"eyJ2=+/&{from + limit}";
            _pages[token] = from + limit;
            metadata["continue"] = token;
        }
        return Write(context, 200, new JsonObject { ["kind"] = "PodList", ["apiVersion"] = "v1", ["metadata"] = metadata, ["items"] = new JsonArray([.. chosen.Skip(from).Take(limit).Select(pod => pod.ToJson())]) });
    }

    /// <returns>What a selector of equality wants; null where it is another one.</returns>
    private static Dictionary<string, string>? Requirements(string selector)
    {
        var requirements = new Dictionary<string, string>();
        foreach (var requirement in selector.Split(','))
        {
            if (requirement.Split('=') is not [{ Length: > 0 } key, var value]) return null;
            requirements[key.Trim()] = value.Trim();
        }
        return requirements;
    }

    private static Task Refuse(HttpContext context, int code, string reason, string message) => Write(
        context,
        code,
        new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure", ["message"] = message, ["reason"] = reason, ["code"] = code });

    private static Task Write(HttpContext context, int code, JsonObject body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }

    private void Check(bool isRight, string problem)
    {
        if (!isRight) _problems.Enqueue(problem);
    }
}

/// <summary>A pod as the API has it, with some of what else it says.</summary>
internal sealed record Pod(string Name, params string[] Addresses)
{
    public string Namespace { get; init; } = "default";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string> { ["cluster"] = "logs", ["app"] = "router" };

    public string Phase { get; init; } = "Running";

    public bool IsEnding { get; init; }

    public JsonObject ToJson()
    {
        var metadata = new JsonObject
        {
            ["name"] = Name,
            ["namespace"] = Namespace,
            ["labels"] = new JsonObject(Labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))),
            ["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "kubelet", ["fieldsV1"] = new JsonObject { ["f:status"] = new JsonObject { ["f:podIP"] = new JsonObject() } } }),
        };
        if (IsEnding) metadata["deletionTimestamp"] = "2025-03-01T10:00:00Z";
        var status = new JsonObject { ["phase"] = Phase, ["hostIP"] = "192.0.2.1", ["containerStatuses"] = new JsonArray(new JsonObject { ["ready"] = false, ["restartCount"] = 0 }) };
        if (Addresses.Length > 0)
        {
            status["podIP"] = Addresses[0];
            status["podIPs"] = new JsonArray([.. Addresses.Select(address => new JsonObject { ["ip"] = address })]);
        }
        return new JsonObject { ["metadata"] = metadata, ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "router" }) }, ["status"] = status };
    }
}
