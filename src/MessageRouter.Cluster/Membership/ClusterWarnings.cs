using MessageRouter.Clustering;
using MessageRouter.Distribution;

namespace MessageRouter.Cluster.Membership;

/// <summary>Finds what may not be as it was meant in what nodes tell of themselves.</summary>
internal static class ClusterWarnings
{
    public static IReadOnlyList<ClusterWarning> Of(IReadOnlyList<KnownMember> members, IReadOnlyList<SingletonStatus> singletons)
    {
        var profiles = members.Select(member => member.Profile).OfType<NodeProfile>().ToList();
        return [.. Circles(profiles), .. Deliveries(profiles), .. Names(members), .. singletons.Where(singleton => singleton.FailsOn.Count > 0).Select(Failing), .. singletons.Where(singleton => singleton.GivenUpBy.Count > 0).Select(GivenUp), .. Roles(members, profiles)];
    }

    private static IEnumerable<ClusterWarning> Circles(List<NodeProfile> profiles) =>
        StreamCircles.Find(profiles.SelectMany(profile => profile.Flows.Select(flow => (profile.Node, flow))))
            .Select(circle => new ClusterWarning("circle", circle.Streams, $"Messages can go round: {circle}; see that a filter on the way ends it, or give one of them another stream"));

    private static IEnumerable<ClusterWarning> Deliveries(List<NodeProfile> profiles)
    {
        var offers = profiles.SelectMany(profile => profile.Offers.Select(offer => (profile.Node, offer.Stream, offer.Delivery))).ToLookup(each => each.Stream);
        foreach (var feedings in profiles.SelectMany(profile => profile.Feeds.Select(feeding => (profile.Node, feeding.Stream, feeding.Delivery))).GroupBy(each => each.Stream).OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            var takers = offers[feedings.Key].Where(offer => feedings.Any(feeding => feeding.Delivery != offer.Delivery)).ToList();
            if (takers.Count == 0) continue;
            yield return new ClusterWarning(
                "delivery", feedings.Key, $"The stream {feedings.Key} is fed {Ways(feedings.Select(each => (each.Node, each.Delivery)))}, and taken {Ways(takers.Select(each => (each.Node, each.Delivery)))}: where the two differ nothing is given; let both have the same `delivery`");
        }
    }

    private static string Ways(IEnumerable<(string Node, DeliveryMode Delivery)> ends) => string.Join(" and ", ends.GroupBy(end => end.Delivery, end => end.Node).OrderBy(way => way.Key)
        .Select(way => $"{(way.Key == DeliveryMode.AtLeastOnce ? "at-least-once" : "at-most-once")} by {string.Join(", ", way.Distinct().Order(StringComparer.Ordinal))}"));

    /// <remarks>Two that ask at the same moment are both let in. One that was started again elsewhere may be there beside its former run, which does not answer.</remarks>
    private static IEnumerable<ClusterWarning> Names(IReadOnlyList<KnownMember> members) =>
        members.Where(member => member is { Profile: not null, Line: { IsReachable: true, State: "up" or "weakly-up" } }).GroupBy(member => member.Line.Node, member => member.Line.Address).Where(name => name.Count() > 1)
            .Select(name => new ClusterWarning("name", name.Key, FormattableString.Invariant($"{name.Count()} nodes have the name {name.Key}, at {string.Join(", ", name)}: give each a `name` of its own")));

    /// <remarks>Only a node that is one of the others knows who has which roles.</remarks>
    private static IEnumerable<ClusterWarning> Roles(IReadOnlyList<KnownMember> members, List<NodeProfile> profiles)
    {
        if (!members.Any(member => member.Line is { IsSelf: true, State: "up" or "weakly-up" })) return [];
        var roles = members.Where(member => member.Line.State is not ("exiting" or "down")).SelectMany(member => member.Line.Roles).ToHashSet();
        var placed = profiles.SelectMany(profile => profile.Singletons.Select(singleton => singleton.Name).Concat(profile.Pools.Where(pool => pool.PerNode > 0).Select(pool => pool.Name))).ToHashSet();
        return profiles.SelectMany(profile => profile.Lacking.Select(lack => (profile.Node, Lack: lack))).GroupBy(each => each.Lack.Name).OrderBy(each => each.Key, StringComparer.Ordinal)
            .Where(each => !placed.Contains(each.Key) && !each.Any(lacking => lacking.Lack.Roles.Any(roles.Contains)))
            .Select(each => NobodyHas([.. each.SelectMany(lacking => lacking.Lack.Roles).Distinct().Order(StringComparer.Ordinal)], each.First().Lack, [.. each.Select(lacking => lacking.Node).Distinct().Order(StringComparer.Ordinal)]));
    }

    private static ClusterWarning NobodyHas(IReadOnlyList<string> roles, LackedRole lack, IReadOnlyList<string> nodes) => new(
        "role", lack.Name,
        $"No node of the cluster has {(roles.Count == 1 ? "the role" : "one of the roles")} {string.Join(", ", roles.Select(role => $"`{role}`"))} of {(lack.IsSingleton ? $"the singleton {lack.Name}: nobody reads it" : $"{lack.Name}: it is placed nowhere")}; give a node the role, or correct it in the file of {string.Join(", ", nodes)}");

    private static ClusterWarning Failing(SingletonStatus singleton) => new(
        "failing", singleton.Name,
        $"{singleton.Name} fails each time that it is opened on {string.Join(", ", singleton.FailsOn)}, where its turn is; its last error there says why, and another node has its turn only when its supervision gives it up there");

    private static ClusterWarning GivenUp(SingletonStatus singleton) => new(
        "given-up", singleton.Name,
        $"{singleton.Name} was given up on {string.Join(", ", singleton.GivenUpBy)}, where it failed each time{(singleton.Candidates.Count == 0 ? ", and no node is left that could have it" : "")}: mend it there, and reload or start again");
}
