using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MessageRouter.Clustering;
using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Kubernetes;

/// <summary>
/// What a pod has to ask the API server of its Kubernetes: two variables that say where that is, and a folder with the files of the pod's service account. The files are exchanged while the pod
/// runs, so each is read when it is needed.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="variable">Gives a variable of the environment.</param>
internal sealed class ServiceAccount(string folder, Func<string, string?> variable)
{
    private const string HostVariable = "KUBERNETES_SERVICE_HOST";
    private const string PortVariable = "KUBERNETES_SERVICE_PORT";

    private const int LongestFile = 1 << 20;

    /// <summary>That of the pod in which the node runs.</summary>
    public static ServiceAccount OfThisPod { get; } = new("/var/run/secrets/kubernetes.io/serviceaccount", Environment.GetEnvironmentVariable);

    public string TokenFile { get; } = Path.Combine(folder, "token");

    public string NamespaceFile { get; } = Path.Combine(folder, "namespace");

    public string AuthorityFile { get; } = Path.Combine(folder, "ca.crt");

    /// <summary>Where the API server is.</summary>
    /// <exception cref="PodSearchException">The environment does not say.</exception>
    public Uri Server()
    {
        if (variable(HostVariable) is not { Length: > 0 } host || variable(PortVariable) is not { Length: > 0 } port)
            throw new PodSearchException($"the node runs in no pod of Kubernetes, where {HostVariable} and {PortVariable} would say whom to ask: let `discovery` have another `method`");
        var kind = Uri.CheckHostName(host);
        if (kind == UriHostNameType.Unknown || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            throw new PodSearchException($"{HostVariable} and {PortVariable} are `{host}` and `{port}`, which is no address of an API server");
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"https://{(kind == UriHostNameType.IPv6 ? $"[{host.Trim('[', ']')}]" : host)}:{number}/"));
    }

    /// <summary>What the service account proves itself by.</summary>
    /// <exception cref="PodSearchException">There is none.</exception>
    public string Token() => Read(TokenFile) is { Length: > 0 } token && token.All(character => character is > ' ' and <= '~')
        ? token
        : throw new PodSearchException($"`{TokenFile}` has no token, which is one word");

    /// <summary>The namespace of the pod.</summary>
    /// <exception cref="PodSearchException">It is not there.</exception>
    public string Namespace() => Read(NamespaceFile) is var name && KubernetesNames.IsNamespace(name)
        ? name
        : throw new PodSearchException($"`{NamespaceFile}` has no name of a namespace: write it in the file as `discovery.namespace`");

    /// <summary>Whose certificate the API server must have.</summary>
    /// <exception cref="PodSearchException">There is none.</exception>
    public X509Certificate2Collection Authorities()
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(Read(AuthorityFile));
        }
        catch (CryptographicException exception)
        {
            throw new PodSearchException($"`{AuthorityFile}` has something else than certificates: {exception.Message.TrimEnd('.')}", exception);
        }
        return authorities.Count > 0 ? authorities : throw new PodSearchException($"`{AuthorityFile}` has no certificate");
    }

    private static string Read(string path)
    {
        try
        {
            FileKind.RequireFile(path);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return BoundedRead.All(file, LongestFile) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : throw new IOException($"it is longer than {LongestFile >> 20} MiB");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PodSearchException($"there is no `{path}`: let the pod have the token of a service account, by automountServiceAccountToken: true", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PodSearchException($"`{path}` cannot be read: {exception.Message.TrimEnd('.')}", exception);
        }
    }
}
