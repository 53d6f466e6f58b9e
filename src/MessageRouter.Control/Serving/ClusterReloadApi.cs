using System.Text.Json;
using MessageRouter.Clustering;
using MessageRouter.Routing;
using Microsoft.AspNetCore.Http;

namespace MessageRouter.Control.Serving;

/// <summary>Has one node of the cluster read its own files again: <c>/v1/cluster/reload</c>.</summary>
internal sealed class ClusterReloadApi(RouterNode node)
{
    public async Task<IResult> Reload(HttpContext context, CancellationToken cancellation)
    {
        if (!ControlAccess.IsGranted(context)) return Problem.Of(StatusCodes.Status403Forbidden, "What changes a node needs the token of `control.http.token-file`.");
        if (node.Cluster is not { } cluster) return Problem.Of(StatusCodes.Status404NotFound, "The node is in no cluster: its configuration has no router.cluster.");
        ClusterReloadRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync<ClusterReloadRequest>(context.Request.Body, ControlJson.Options, cancellation);
        }
        catch (JsonException)
        {
            request = null;
        }
        if (request?.Node is not { } name) return Problem.Of(StatusCodes.Status400BadRequest, "The request's body is JSON: {\"node\": a name, \"plan\": true or false, \"expect\": a plan's id}.");
        if (cluster.Status.Members.FirstOrDefault(member => member.Name == name) is not { } member) return Problem.Of(StatusCodes.Status404NotFound, $"The cluster has no node `{name}`.");
        var answer = await cluster.ReloadAsync(member.Address, new MemberReloadRequest(request.Plan, request.Expect), cancellation);
        return answer is null
            ? Problem.Of(StatusCodes.Status409Conflict, $"{name} does not answer{(request.Plan ? "." : ": whether it has reloaded is not known; its log says it.")}")
            : Results.Text(answer.ToJson(), "application/json");
    }
}

/// <summary>Which node is to reload.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Plan">Whether nothing is to be done yet.</param>
/// <param name="Expect">The id of the plan that is to be carried out; nothing is done where it is another one by now.</param>
internal sealed record ClusterReloadRequest(string Node, bool Plan = false, string? Expect = null);
