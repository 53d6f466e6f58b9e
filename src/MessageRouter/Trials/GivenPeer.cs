using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Trials;

/// <summary>A peer as it is written for a message that is tried: <c>identity=office</c>, <c>attributes.team=blue</c>.</summary>
internal static class GivenPeer
{
    /// <param name="properties">What is known of it.</param>
    /// <param name="peer">The peer; null where nothing is known.</param>
    /// <param name="problem">What is wrong with one of them, as a sentence.</param>
    public static bool TryParse(IReadOnlyList<string> properties, out MessagePeer? peer, [NotNullWhen(false)] out string? problem)
    {
        (peer, problem) = (null, null);
        var values = new Dictionary<string, string>();
        foreach (var text in properties)
        {
            if (text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && PeerProperty.TryParse(text[..at], out var property)) values[property.ToString()] = text[(at + 1)..];
            else problem ??= $"`{text}` says nothing of a peer: write PROPERTY=VALUE, with {PeerProperty.Names}.";
        }
        if (problem is not null) return false;
        if (values.Count == 0) return true;
        peer = new MessagePeer
        {
            Address = values.GetValueOrDefault("address"),
            Identity = values.GetValueOrDefault("identity"),
            Mechanism = values.GetValueOrDefault("mechanism"),
            PublicKey = values.GetValueOrDefault("public-key"),
            RoutingId = values.GetValueOrDefault("routing-id"),
            Attributes = values.Where(value => value.Key.StartsWith(PeerProperty.AttributesPrefix, StringComparison.Ordinal)).ToDictionary(value => value.Key[PeerProperty.AttributesPrefix.Length..], value => value.Value),
        };
        return true;
    }
}
