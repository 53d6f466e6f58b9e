using SafeText = MessageRouter.Zmtp.SafeText;

namespace MessageRouter.Cli.Controlling.ClusterReloads;

/// <summary>Where things stand with each node, after a reload that not all could do.</summary>
internal sealed record Standings(IReadOnlyList<(string Node, MemberStanding Standing)> Nodes)
{
    /// <summary>Whether every node is what it was, all of it.</summary>
    public bool AreAsBefore => Nodes.All(node => node.Standing is MemberStanding.AsBefore or MemberStanding.WentBack);

    public override string ToString() =>
        $"where things stand: {string.Join("; ", Nodes.GroupBy(node => node.Standing).OrderBy(group => group.Key).Select(group => Said(group.Key, string.Join(", ", group.Select(node => SafeText.Of(node.Node))))))}.";

    private static string Said(MemberStanding standing, string nodes) => standing switch
    {
        MemberStanding.New => $"{nodes} as the files say now",
        MemberStanding.WentBack => $"{nodes} back to what was before",
        MemberStanding.AsBefore => $"{nodes} as before",
        MemberStanding.NotBack => $"{nodes} as the files say now, and not back",
        MemberStanding.Broken => $"{nodes} as before, but for what does not work any more",
        _ => $"of {nodes} it is not known",
    };
}
