using System.Collections;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Json;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Security;
using MessageRouter.Workers;

namespace MessageRouter.Reloading;

/// <summary>
/// Finds which keys differ between two descriptions of the same block, by their values: where they stand in the files, and how they are written
/// there, does not matter.
/// </summary>
internal static class Differences
{
    private const string Placed = $"{PlacementReader.Key}.{PlacementReader.Cluster}.";

    /// <summary>Keys that the router changes itself while a component works.</summary>
    private static readonly string[] OfTheRouter = ["to", "mailbox.", "supervision.", "retry."];

    /// <summary>The keys of a component that differ; what it is (<c>type</c>) comes first.</summary>
    public static IReadOnlyList<string> Between(ComponentDefinition now, ComponentDefinition next)
    {
        var keys = new List<string>();
        if (!IsSame(now.Type, next.Type)) keys.Add("type");
        if (!now.To.SequenceEqual(next.To)) keys.Add("to");
        if (now.Codec != next.Codec) keys.Add(now.Role == ComponentRole.Input ? "decode" : "encode");
        keys.AddRange(Instances(now.Instances, now.Placement, next.Instances, next.Placement));
        if (RouteOf(now) != RouteOf(next)) keys.Add("route");
        if ((now.Singleton is null) != (next.Singleton is null)) keys.Add("singleton");
        else if (now.Singleton != next.Singleton) keys.Add("role");
        keys.AddRange(Between(now.Mailbox, next.Mailbox, "mailbox."));
        keys.AddRange(Between(now.Supervision, next.Supervision, "supervision.").Select(WithBackoff));
        keys.AddRange(Between(now.Retry, next.Retry, "retry."));
        keys.AddRange(Between(now.Async, next.Async, ""));
        keys.AddRange(Between(now.Options, next.Options, ""));
        keys.AddRange(BehindNames(now.Options, next.Options).Except(keys));
        return keys;
    }

    /// <summary>Another key in the same file, or another class of the same name, is another one; what lists say changes without the component.</summary>
    private static IEnumerable<string> BehindNames(object? now, object? next) =>
        (now as ISecured)?.Security is { } was && (next as ISecured)?.Security is { } will && !was.Equals(will) ? [will.Key] : [];

    public static IReadOnlyList<string> Between(WorkerGroupDefinition now, WorkerGroupDefinition next)
    {
        var keys = new List<string>();
        if (!Same(now.Command, next.Command)) keys.Add("command");
        keys.AddRange(Instances(now.Instances, now.Placement, next.Instances, next.Placement));
        if (!Same(now.Environment, next.Environment)) keys.Add("environment");
        if (now.Directory != next.Directory) keys.Add("directory");
        if (now.StopTimeout != next.StopTimeout) keys.Add("stop-timeout");
        if (now.HeartbeatTimeout != next.HeartbeatTimeout) keys.Add("heartbeat-timeout");
        keys.AddRange(Between(now.Supervision, next.Supervision, "supervision.").Select(WithBackoff));
        return keys;
    }

    /// <summary>Whether a key says how many copies or processes there are, or where.</summary>
    public static bool IsOfInstances(string key) => key == PlacementReader.Key || key.StartsWith(Placed, StringComparison.Ordinal);

    /// <remarks>Copies of a node are not the same as a node's part of the copies of all.</remarks>
    private static IEnumerable<string> Instances(int now, PlacementOptions? placedNow, int next, PlacementOptions? placedNext) =>
        placedNow is null != placedNext is null ? [$"{PlacementReader.Key}.{PlacementReader.Cluster}"]
        : placedNow is null ? now == next ? [] : [PlacementReader.Key]
        : Between(placedNow, placedNext, Placed);

    /// <summary>What of the node itself differs and can change.</summary>
    public static IEnumerable<string> Changeable(NodeDefinition now, NodeDefinition next)
    {
        if (now.DrainTimeout != next.DrainTimeout) yield return "shutdown.drain-timeout";
        if (now.MemoryLimit != next.MemoryLimit) yield return "memory.limit";
        if (now.ErrorsPerSecond != next.ErrorsPerSecond) yield return "errors.rate-limit";
        foreach (var list in next.Security.Lists)
        {
            if (now.Security.Lists.FirstOrDefault(known => known.Name == list.Name)?.Sources is { } sources && !sources.Equals(list.Sources)) yield return $"security.peers.{list.Name}";
        }
    }

    /// <summary>What of the node itself differs and cannot change.</summary>
    public static IEnumerable<string> Fixed(NodeDefinition now, NodeDefinition next)
    {
        if (now.Name != next.Name) yield return "name";
        if (!Same(now.Control?.Options, next.Control?.Options)) yield return "control";
        if (!Same(now.Cluster?.Options, next.Cluster?.Options)) yield return "cluster";
        if (now.AkkaHocon != next.AkkaHocon) yield return "akka";
    }

    /// <summary>Whether a component can take these keys while it works. One that may stand by has to be made anew with other options.</summary>
    public static bool AreLive(ComponentDefinition now, IEnumerable<string> keys) => keys.All(key =>
        OfTheRouter.Any(known => key == known || (known[^1] == '.' && key.StartsWith(known, StringComparison.Ordinal)))
        || (IsOfInstances(key) ? now.IsPool : now.Singleton is null && LiveKeys(now).Contains(key)));

    /// <summary>Options that a component says it takes while it works.</summary>
    public static IEnumerable<string> LiveKeys(ComponentDefinition component) =>
        component.Type.OptionsType is not { } options ? [] : OptionsSchema.Of(options).Keys.Where(key => key.IsLive).Select(key => key.Name);

    /// <summary>One copy is a pool only where it is said how it divides, and a pool stays one.</summary>
    private static string RouteOf(ComponentDefinition filter) => (filter.Route ?? PoolRoute.RoundRobin).ToString();

    /// <remarks>A plug-in of which something was built again has other classes, of the same names; where nothing was, they are the same.</remarks>
    private static bool IsSame(ComponentType now, ComponentType next) =>
        now.Name == next.Name && now.Arguments.SequenceEqual(next.Arguments) && now.ActorType == next.ActorType;

    private static IEnumerable<string> Between(object? now, object? next, string prefix)
    {
        if (now is null || next is null || now.GetType().FullName != next.GetType().FullName)
        {
            if (now is not null || next is not null) yield return prefix.Length > 0 ? prefix.TrimEnd('.') : "options";
            yield break;
        }
        var nextKeys = OptionsSchema.Of(next.GetType()).Keys.ToDictionary(key => key.Name);
        foreach (var key in OptionsSchema.Of(now.GetType()).Keys)
        {
            if (!nextKeys.TryGetValue(key.Name, out var other) || !Same(key.ValueIn(now), other.ValueIn(next))) yield return prefix + key.Name;
        }
    }

    /// <summary>As the file has them.</summary>
    private static string WithBackoff(string key) => key.Replace("min-backoff", "backoff.min", StringComparison.Ordinal).Replace("max-backoff", "backoff.max", StringComparison.Ordinal);

    private static bool Same(object? now, object? next) => (now, next) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (string or ValueType or Type or Delegate, _) => now.Equals(next),
        _ when JsonTrees.AreEqual(now, next) is { } areEqual => areEqual,
        (IDictionary one, IDictionary other) => one.Count == other.Count && one.Keys.Cast<object>().All(key => other.Contains(key) && Same(one[key], other[key])),
        (IEnumerable one, IEnumerable other) => Same([.. one.Cast<object?>()], [.. other.Cast<object?>()]),
        _ => now.Equals(next) || (OptionsSchema.Of(now.GetType()).Keys.Count > 0 && !Between(now, next, "").Any()),
    };

    private static bool Same(List<object?> one, List<object?> other) => one.Count == other.Count && one.Zip(other).All(pair => Same(pair.First, pair.Second));
}
