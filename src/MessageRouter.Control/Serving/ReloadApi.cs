using System.Text.Json;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using Microsoft.AspNetCore.Http;

namespace MessageRouter.Control.Serving;

/// <summary>Has the node read its configuration again, and become what that says: <c>/v1/reload</c>.</summary>
internal sealed class ReloadApi(RouterNode node)
{
    private static readonly JsonSerializerOptions Strict = new(ControlJson.Options) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    /// <summary>Files are read by one caller at a time.</summary>
    private readonly SemaphoreSlim _reading = new(1);

    public async Task<IResult> Reload(HttpContext context, CancellationToken cancellation)
    {
        if (!ControlAccess.IsGranted(context)) return Problem.Of(StatusCodes.Status403Forbidden, "What changes the node needs the token of `control.http.token-file`.");
        if (node.ReadAgain is null)
            return Problem.Of(StatusCodes.Status409Conflict, "This node was not started from files, so that there is nothing to read again; whoever hosts it can call RouterNode.ReloadAsync.");
        ReloadRequest request;
        try
        {
            request = await ReadAsync(context);
        }
        catch (JsonException)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "The request's body is nothing, or JSON: {\"files\": [paths], \"plan\": true or false, \"expect\": a plan's id}.");
        }
        if ((request.Files ?? []).FirstOrDefault(file => !Path.IsPathFullyQualified(file)) is { } relative)
            return Problem.Of(StatusCodes.Status400BadRequest, $"`{relative}` is no absolute path; the node may run in another folder.");
        try
        {
            return await ReloadAsync(request, cancellation);
        }
        catch (ConfigurationException exception)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, DiagnosticPrinter.Print(exception.Diagnostics, DiagnosticPrinter.NothingChanged));
        }
        catch (ReloadException exception)
        {
            return Problem.Of(exception.NotTakenBack.Count == 0 ? StatusCodes.Status409Conflict : StatusCodes.Status500InternalServerError, KnownSecrets.Hide(exception.Report));
        }
        catch (InvalidOperationException exception)
        {
            return Problem.Of(StatusCodes.Status409Conflict, exception.Message);
        }
    }

    private async Task<IResult> ReloadAsync(ReloadRequest request, CancellationToken cancellation)
    {
        var reading = await ReadAsync(request.Files ?? [], cancellation);
        if (node.IsReloading) throw new InvalidOperationException("Another reload is under way; try again when it is done.");
        var begun = TimeProvider.System.GetTimestamp();
        var plan = request.Plan ? node.PlanReload(reading.Definition) : await node.ReloadAsync(reading.Definition, request.Expect, cancellation);
        var seconds = Math.Round(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 3);
        var warnings = DiagnosticPrinter.Print(reading.Warnings);
        var answer = ReloadAnswer.Of(plan) with { Applied = !request.Plan && plan.ChangesAnything, Seconds = request.Plan ? null : seconds, Warnings = warnings.Length > 0 ? warnings : null };
        return Results.Text(KnownSecrets.HideInJson(ControlJson.Write(answer)), "application/json");
    }

    private async Task<Reading> ReadAsync(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            return node.ReadAgain!.Files(files);
        }
        finally
        {
            _reading.Release();
        }
    }

    private static async Task<ReloadRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.Length == 0 ? new ReloadRequest() : JsonSerializer.Deserialize<ReloadRequest>(body.ToArray(), Strict) ?? new ReloadRequest();
    }
}
