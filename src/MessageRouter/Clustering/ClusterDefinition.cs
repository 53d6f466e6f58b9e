using MessageRouter.Configuration;

namespace MessageRouter.Clustering;

/// <summary>The cluster that a node is one of, with where that is written.</summary>
internal sealed record ClusterDefinition(ClusterOptions Options)
{
    /// <summary>Where the block stands; null where it was made in code.</summary>
    public SourceSpan? Origin { get; init; }

    /// <summary>Finds where a key stands, by its path within the block: <c>tls.key</c>.</summary>
    public Func<string, SourceSpan?> PlaceOf { get; init; } = _ => null;
}
