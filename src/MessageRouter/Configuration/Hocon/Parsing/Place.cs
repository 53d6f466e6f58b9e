using MessageRouter.Configuration.Hocon.Resolution;

namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>A value of the tree: the keys that lead to it from another place, from an array's element, or from the root.</summary>
internal sealed record Place(Place? Outer, Anchor? Anchor, IReadOnlyList<string> Keys)
{
    /// <summary>The place as the scope of a file that is included there.</summary>
    public IncludeScope ToScope(IncludeScope parent)
    {
        var path = new List<string>();
        var place = this;
        for (; place.Outer is not null; place = place.Outer)
        {
            path.InsertRange(0, place.Keys);
        }

        path.InsertRange(0, place.Keys);
        return new IncludeScope(parent, place.Anchor, path);
    }
}
