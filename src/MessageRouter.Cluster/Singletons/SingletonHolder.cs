using System.Text.Json;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Singletons;

/// <summary>Who is a singleton.</summary>
/// <param name="Epoch">Which of the decisions it is: the one with the higher number is the newer one.</param>
/// <param name="Name">The name of the component.</param>
/// <param name="Candidate">The number of the one that is; 0 for nobody.</param>
internal sealed record SingletonHolder(long Epoch, string Name, long Candidate) : IAgreement<SingletonHolder>
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static SingletonHolder? FromJson(string json) => ToldJson.Read<SingletonHolder>(json, holder => holder.Name is not null);
}
