using MessageRouter.Configuration.Secrets;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Trials;
using Microsoft.AspNetCore.Http;

namespace MessageRouter.Control.Serving;

/// <summary>
/// What becomes of a message: <c>/v1/explain</c>. It is followed through doubles of the node's components, in an actor system of its own: what the node routes is not touched. Its
/// filters' code runs on it, so that it counts as a change.
/// </summary>
internal sealed class ExplainApi(RouterNode node)
{
    /// <summary>How long it may take; who asks waits longer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>How long the answer waits until there is nothing left of the trial, so that another one can follow it.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private int _isBusy;

    public async Task<IResult> Explain(HttpContext context, string? component)
    {
        if (!ControlAccess.IsGranted(context))
            return Problem.Of(StatusCodes.Status403Forbidden, "To explain a message runs the code of the node's filters on it, so it needs the token of `control.http.token-file`.");
        var definition = AsItIs();
        if (TrialStart.Find(definition, component, out var problem) is not { } start) return Problem.Of(StatusCodes.Status404NotFound, problem);
        if (!GivenPeer.TryParse([.. context.Request.Query["peer"].OfType<string>()], out var sender, out var wrong)) return Problem.Of(StatusCodes.Status400BadRequest, wrong);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (body.Length == 0) return Problem.Of(StatusCodes.Status400BadRequest, "Send the message as the request's body.");
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
            return Problem.Of(StatusCodes.Status409Conflict, "Another message is being explained, or a filter never came back from one; one is explained at a time.");
        TrialNode? trial = null;
        try
        {
            trial = new TrialNode(definition, node.Services, Limit);
            var explanation = await new Explainer(definition, SecretText.Hide).ExplainAsync(trial, start, body.ToArray(), sender);
            return Results.Text(KnownSecrets.HideInJson(ControlJson.Write(explanation)), "application/json");
        }
        finally
        {
            await Task.WhenAny(EndAsync(trial), Task.Delay(EndPatience, TimeProvider.System));
        }
    }

    /// <summary>What never comes back keeps others from being tried: each would hold threads of its own.</summary>
    private async Task EndAsync(TrialNode? trial)
    {
        if (trial is not null) await trial.DisposeAsync();
        Interlocked.Exchange(ref _isBusy, 0);
    }

    /// <summary>The node with its pools as large as they are now.</summary>
    private NodeDefinition AsItIs()
    {
        var sizes = node.Components.Where(cell => cell.Pool is not null).ToDictionary(cell => cell.Name, cell => cell.Pool!.Size);
        return PlacedPools.Alone(node.Definition with
        {
            Components = [.. node.Definition.Components.Select(component => sizes.TryGetValue(component.FullName, out var size) ? component with { Instances = size } : component)],
        });
    }
}
