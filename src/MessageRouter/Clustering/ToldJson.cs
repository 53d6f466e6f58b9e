using System.Text.Json;

namespace MessageRouter.Clustering;

/// <summary>Reads what another node, perhaps of another version, has told.</summary>
internal static class ToldJson
{
    /// <param name="json">What was told.</param>
    /// <param name="isWhole">Whether it has all that it needs.</param>
    /// <returns>Null for what is none, or one of another version.</returns>
    public static T? Read<T>(string json, Func<T, bool> isWhole)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json) is { } told && isWhole(told) ? told : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
