using System.Text.Json;
using MessageRouter.Cli.Controlling;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.InForce;

namespace MessageRouter.Cli.InForce;

/// <summary>The configuration of a running node, as its control API tells it.</summary>
internal static class LiveConfig
{
    public static async Task<IReadOnlyList<ConfigValue>> ReadAsync(NodeChoice choice, Surroundings surroundings, CancellationToken cancellation)
    {
        await using var client = ControlClient.Connect(choice, surroundings);
        using var answer = JsonDocument.Parse(await client.GetAsync("v1/config", cancellation));
        return [.. answer.RootElement.GetProperty("values").EnumerateArray().Select(Value)];
    }

    private static ConfigValue Value(JsonElement value) => new(
        [.. value.GetProperty("path").EnumerateArray().Select(key => key.GetString()!)],
        HoconReader.ReadText("node", $"{{\"value\":{(value.TryGetProperty("value", out var known) ? known.GetRawText() : "null")}}}").Root.Fields[0].Value,
        value.GetProperty("from").GetString()!);
}
