using MessageRouter.Reloading;

namespace MessageRouter.Cli.Controlling.ClusterReloads;

/// <summary>What is asked of <c>reload --cluster</c>.</summary>
/// <param name="Role">Only nodes that have it; null for all.</param>
/// <param name="Files">What is brought to them; null where each reads its own files again.</param>
internal sealed record ClusterReloadOrder(string? Role, IReadOnlyList<BroughtFile>? Files)
{
    /// <summary>Whether nothing is to be done.</summary>
    public bool IsPlan { get; init; }

    /// <summary>Whether nobody is to be asked.</summary>
    public bool IsAgreed { get; init; }

    /// <summary>Whether those that have done it go back where another one cannot.</summary>
    public bool AllOrNone { get; init; }
}
