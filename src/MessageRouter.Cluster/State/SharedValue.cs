using System.Text.Json;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.State;

/// <summary>A value that nodes share.</summary>
/// <param name="Epoch">Its version.</param>
/// <param name="Name">Its key.</param>
/// <param name="Value">The value.</param>
internal sealed record SharedValue(long Epoch, string Name, string Value) : IAgreement<SharedValue>
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static SharedValue? FromJson(string json) => ToldJson.Read<SharedValue>(json, value => value is { Name: not null, Value: not null });
}
