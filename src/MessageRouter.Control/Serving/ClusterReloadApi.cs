using System.Text.Json;
using MessageRouter.Clustering;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MessageRouter.Control.Serving;

/// <summary>Has one node of the cluster reload: <c>/v1/cluster/reload</c>.</summary>
internal sealed class ClusterReloadApi(RouterNode node)
{
    public const string Path = "/v1/cluster/reload";

    /// <summary>Bytes of a request's body: the files that are brought, of which each character may have to be escaped.</summary>
    public const int LargestRequest = (6 * BroughtConfiguration.LargestText) + (64 << 10);

    private const string Body = "The request's body is JSON: {\"node\": a name, \"plan\": true or false, \"expect\": a plan's id, \"files\": [{\"name\", \"text\"}], \"run\": a name of the reload, \"end\": \"kept\" or \"undone\"}.";

    public async Task<IResult> Reload(HttpContext context, CancellationToken cancellation)
    {
        if (!ControlAccess.IsGranted(context)) return Problem.Of(StatusCodes.Status403Forbidden, "What changes a node needs the token of `control.http.token-file`.");
        if (node.Cluster is not { } cluster) return Problem.Of(StatusCodes.Status404NotFound, "The node is in no cluster: its configuration has no router.cluster.");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LargestRequest;
        ClusterReloadRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync<ClusterReloadRequest>(context.Request.Body, ControlJson.Options, cancellation);
        }
        catch (JsonException)
        {
            request = null;
        }
        if (request?.Node is not { } name) return Problem.Of(StatusCodes.Status400BadRequest, Body);
        if (cluster.Status.Members.FirstOrDefault(member => member.Name == name) is not { } member) return Problem.Of(StatusCodes.Status404NotFound, $"The cluster has no node `{name}`.");
        if (request.Files is { } files && BroughtConfiguration.ProblemOf(files) is { } problem) return Problem.Of(StatusCodes.Status400BadRequest, $"{char.ToUpperInvariant(problem[0])}{problem[1..]}.");
        var answer = await cluster.ReloadAsync(member.Address, new MemberReloadRequest(request.Plan, request.Expect) { Files = request.Files, Run = request.Run, End = request.End }, cancellation);
        return answer is null
            ? Problem.Of(StatusCodes.Status409Conflict, $"{name} does not answer{(request.Plan ? "." : ": whether it has reloaded is not known; its log says it.")}")
            : Results.Text(answer.ToJson(), "application/json");
    }
}

/// <summary>Which node is to reload.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Plan">Whether nothing is to be done yet.</param>
/// <param name="Expect">The id of the plan that is to be carried out; nothing is done where it is another one by now.</param>
/// <param name="Files">What is brought to it in place of its own files.</param>
/// <param name="Run">What a reload is called that several nodes do together: the node keeps what it was before, until it is told how that has ended.</param>
/// <param name="End">How that has ended.</param>
internal sealed record ClusterReloadRequest(string Node, bool Plan = false, string? Expect = null, IReadOnlyList<BroughtFile>? Files = null, string? Run = null, ReloadEnd? End = null);
