using System.Text.Json;
using System.Text.Json.Serialization;

namespace MessageRouter.Benchmarks.Route;

/// <summary>The report as files: for programs, and as a picture.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static async Task WriteAsync(RouteReport report, string folder)
    {
        Directory.CreateDirectory(folder);
        var (json, picture) = (Path.Combine(folder, "route.json"), Path.Combine(folder, "route.svg"));
        await File.WriteAllTextAsync(json, JsonSerializer.Serialize(report, Indented) + "\n");
        await File.WriteAllTextAsync(picture, SvgReport.Of(report));
        Console.WriteLine($"Written to {json} and {picture}.");
    }
}
