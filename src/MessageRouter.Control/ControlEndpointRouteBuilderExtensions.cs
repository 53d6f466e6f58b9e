using MessageRouter.Control.Serving;
using Microsoft.AspNetCore.Routing;

// Where ASP.NET has what is mapped.
namespace Microsoft.AspNetCore.Builder;

/// <summary>Shows a host's node in the host's own ASP.NET application.</summary>
public static class ControlEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the control API, metrics, health and the page of the node that <c>AddMessageRouter</c> has added. Who may call is the application's matter:
    /// <c>app.MapMessageRouter("/router").RequireAuthorization()</c>. What changes something is refused to those who have not signed in.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">Where it is mapped, such as <c>/router</c>; empty for the root.</param>
    /// <returns>All of its endpoints, for policies.</returns>
    public static RouteGroupBuilder MapMessageRouter(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var group = endpoints.MapGroup(prefix);
        ControlApi.Map(group, endpoints.ServiceProvider);
        return group;
    }
}
