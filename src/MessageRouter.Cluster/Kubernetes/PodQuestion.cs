using System.Globalization;

namespace MessageRouter.Cluster.Kubernetes;

/// <summary>What an API server is asked.</summary>
/// <param name="Server">Where it is.</param>
/// <param name="Namespace">The namespace in which the pods are.</param>
/// <param name="Selector">The labels that they have.</param>
/// <param name="Limit">How many are wanted at once.</param>
internal sealed record PodQuestion(Uri Server, string Namespace, string Selector, int Limit)
{
    /// <summary>The server, for people.</summary>
    public string Whom => $"the API server at {Server.GetLeftPart(UriPartial.Authority)}";

    /// <summary>The address of a page; <paramref name="next"/> is what the one before leads to it by, and empty for the first.</summary>
    public Uri Page(string next) => new(Server, string.Create(
        CultureInfo.InvariantCulture,
        $"api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/pods?labelSelector={Uri.EscapeDataString(Selector)}&limit={Limit}{(next.Length == 0 ? "" : $"&continue={Uri.EscapeDataString(next)}")}"));
}
