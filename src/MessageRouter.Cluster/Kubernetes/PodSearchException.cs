using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Kubernetes;

/// <summary>Pods cannot be found: why, for people, with what an API server may have said made safe to show.</summary>
internal sealed class PodSearchException(string problem, Exception? inner = null) : Exception(SafeText.Of(problem.Length > Longest ? problem[..Longest] + "…" : problem), inner)
{
    private const int Longest = 800;
}
