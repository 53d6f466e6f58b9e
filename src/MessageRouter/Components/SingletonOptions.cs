namespace MessageRouter.Components;

/// <summary>That an input reads on one node of the cluster at a time.</summary>
public sealed record SingletonOptions
{
    /// <summary>The role that a node must have for the input to read there; empty, the default, for any node that has the input.</summary>
    public string Role { get; init; } = "";
}
