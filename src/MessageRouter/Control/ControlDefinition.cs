using MessageRouter.Configuration;

namespace MessageRouter.Control;

/// <summary>What a node's configuration says of its control endpoint.</summary>
public sealed record ControlDefinition
{
    /// <summary>One that is off.</summary>
    public static ControlDefinition Off { get; } = new();

    /// <summary>A Unix domain socket where the command finds it, and nothing else.</summary>
    public static ControlDefinition Default { get; } = new() { Options = new ControlOptions() };

    /// <summary>What it is to be; null where it is off.</summary>
    public ControlOptions? Options { get; init; }

    /// <summary>Where the block stands; null where it was made in code, or nothing was said.</summary>
    public SourceSpan? Origin { get; init; }

    /// <summary>Finds where a key stands, by its path within the block: <c>http.bind</c>.</summary>
    internal Func<string, SourceSpan?> PlaceOf { get; init; } = _ => null;
}
