using System.Globalization;

namespace MessageRouter.Zmtp.Security;

/// <summary>What is other on a list than it was, each by its name.</summary>
internal sealed record ListChange
{
    /// <summary>Of each kind so many are named.</summary>
    private const int MostNamed = 5;

    public IReadOnlyList<string> Added { get; init; } = [];

    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Each as <c>before to after</c>.</summary>
    public IReadOnlyList<string> Renamed { get; init; } = [];

    /// <summary>Who has another password, or of whom something else is said.</summary>
    public IReadOnlyList<string> Changed { get; init; } = [];

    public bool IsNone => Added.Count + Removed.Count + Renamed.Count + Changed.Count == 0;

    /// <summary>Whether somebody may have to go.</summary>
    public bool Revokes => Removed.Count + Changed.Count > 0;

    /// <summary>As a phrase: <c>added alice; removed bob, carol</c>.</summary>
    public override string ToString() => string.Join("; ", new[] { ("added", Added), ("removed", Removed), ("renamed", Renamed), ("changed", Changed) }
        .Where(kind => kind.Item2.Count > 0).Select(kind => $"{kind.Item1} {Names(kind.Item2)}"));

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal).Take(MostNamed).Select(SafeText.Of)) + (names.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MostNamed} more") : "");
}
