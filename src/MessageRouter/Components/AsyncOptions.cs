using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Components;

/// <summary>How many messages an <see cref="AsyncFilterActor"/> works on at a time, and in which order they go on.</summary>
public sealed record AsyncOptions
{
    /// <summary>
    /// How many messages it works on at most, those included that are done and wait for one before them. Default 16,
    /// from 1 to 10000.
    /// </summary>
    [Description("How many messages it works on at a time, from 1 to 10000; those that are done and wait for their turn count.")]
    [Range(1, 10_000, ErrorMessage = "must be from 1 to 10000")]
    public int Concurrency { get; init; } = 16;

    /// <summary>Whether messages go on in the order in which they came; else as they are done. Default true.</summary>
    [Description("Whether messages go on in the order in which they came; else as they are done.")]
    public bool Ordered { get; init; } = true;
}
