using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MessageRouter.Control.Serving;

/// <summary>The page and what belongs to it: files within the assembly, and nothing else.</summary>
internal static class PageAssets
{
    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".json"] = "application/json",
    };

    private static readonly Dictionary<string, byte[]> Files = typeof(PageAssets).Assembly.GetManifestResourceNames()
        .Where(name => Types.ContainsKey(Path.GetExtension(name)))
        .ToDictionary(name => name, Read);

    /// <summary>Whether a path of the node's own server is the page's.</summary>
    public static bool IsOne(PathString path) => path == "/" || (path.StartsWithSegments("/assets", out var name) && Files.ContainsKey(name.Value!.TrimStart('/')));

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // What the page names it names beside itself, so that it can be mapped anywhere.
        endpoints.MapGet("/", (HttpContext context) => context.Request.Path.Value is { } path && path.EndsWith('/') ? Answer("index.html") : Results.Redirect($"{context.Request.PathBase}{context.Request.Path}/"));
        endpoints.MapGet("/assets/{name}", (string name) => Answer(name));
    }

    public static IResult Answer(string name) =>
        Files.TryGetValue(name, out var content) ? Results.Bytes(content, Types[Path.GetExtension(name)]) : Problem.Of(StatusCodes.Status404NotFound, $"The page has no `{name}`.");

    private static byte[] Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
