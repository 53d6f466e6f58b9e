namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>
/// Where a file was included: its substitutions look there first, then where the including file was included, and at
/// the root at last.
/// </summary>
/// <param name="Parent">The scope of the including file; null for the root.</param>
/// <param name="Anchor">What the path begins at when that is not the root: an element of an array has no path.</param>
/// <param name="Path">The keys from there to the object that has the include statement.</param>
internal sealed record IncludeScope(IncludeScope? Parent, Anchor? Anchor, IReadOnlyList<string> Path)
{
    public static IncludeScope Root { get; } = new(null, null, []);
}

/// <summary>An array's element that is still being read.</summary>
internal sealed class Anchor
{
    public Pending? Element { get; set; }
}
