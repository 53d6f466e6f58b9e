using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace MessageRouter.Control.Serving;

/// <summary>Who may do what: at the Unix domain socket everything, since only the node's user gets there; over HTTP what the configuration says.</summary>
internal sealed class Access(HttpControlOptions? http, Secrets secrets)
{
    private static readonly string[] HealthPaths = ["/livez", "/readyz", "/v1/health"];
    private static readonly string[] MetricsPaths = ["/metrics"];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var (status, problem) = Judge(context);
        if (problem is null)
        {
            Harden(context.Response.Headers);
            await next(context);
            return;
        }
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        await Problem.Of(status, problem).ExecuteAsync(context);
    }

    /// <returns>Null for the problem where there is none.</returns>
    private (int Status, string? Problem) Judge(HttpContext context)
    {
        var request = context.Request;
        var largest = request.Path == ClusterReloadApi.Path ? ClusterReloadApi.LargestRequest : ControlServer.LargestRequest;
        if (request.ContentLength > largest) return (StatusCodes.Status413PayloadTooLarge, $"A request has at most {largest} bytes.");
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket.AddressFamily == AddressFamily.Unix)
        {
            context.Items[ControlAccess.MayChange] = true;
            return default;
        }
        if (!IsKnownHost(request.Host.Host)) return (StatusCodes.Status421MisdirectedRequest, $"This endpoint is not `{Shorten(request.Host.Host)}`; `control.http.hosts` names what it is called besides its addresses.");
        if (IsOfAnotherOrigin(request)) return (StatusCodes.Status403Forbidden, "Pages of other origins may not call this endpoint.");

        // The page itself says nothing of the node; what it then asks for needs the token.
        var isOpen = !secrets.HasToken || IsPublic(request.Path) || PageAssets.IsOne(request.Path);
        var hasToken = secrets.HasToken && request.Headers.Authorization.ToString() is var given && given.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && secrets.IsToken(given["Bearer ".Length..].Trim());
        if (!isOpen && !hasToken) return (StatusCodes.Status401Unauthorized, "Send the token of `control.http.token-file`: Authorization: Bearer …");
        context.Items[ControlAccess.MayChange] = hasToken;
        return default;
    }

    private bool IsPublic(PathString path) =>
        (http!.Public.Contains("health") && HealthPaths.Contains(path.Value)) || (http.Public.Contains("metrics") && MetricsPaths.Contains(path.Value));

    /// <summary>An address cannot be made to point elsewhere, and the names that can are these only.</summary>
    private bool IsKnownHost(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        || http!.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static bool IsOfAnotherOrigin(HttpRequest request) =>
        (request.Headers.Origin is [{ Length: > 0 } origin] && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        || request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";

    private static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    private static string Shorten(string text) => text.Length > 100 ? text[..100] + "…" : text;
}

/// <summary>Whether a caller may change something.</summary>
internal static class ControlAccess
{
    public const string MayChange = "message-router.may-change";

    /// <remarks>In a host's own application that is for who has signed in there.</remarks>
    public static bool IsGranted(HttpContext context) =>
        context.Items.TryGetValue(MayChange, out var may) ? may is true : context.User.Identity is { IsAuthenticated: true };
}
