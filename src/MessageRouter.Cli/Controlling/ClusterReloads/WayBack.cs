using System.Globalization;
using MessageRouter.Clustering;
using SafeText = MessageRouter.Zmtp.SafeText;

namespace MessageRouter.Cli.Controlling.ClusterReloads;

/// <summary>What a node is that was told to go back, and has not said that it did: it may have been started again meanwhile, and know nothing of the reload.</summary>
/// <param name="Standing">Where it stands.</param>
/// <param name="Problem">Why it is not known to be what it was, ready to print; null where it is.</param>
internal sealed record WayBack(MemberStanding Standing, string? Problem = null)
{
    /// <param name="plan">What it was to do, as it said itself.</param>
    /// <param name="answer">What it says now.</param>
    public static WayBack Of(MemberReload plan, MemberReload answer)
    {
        var isNew = answer.Hash is not null && answer.Hash == plan.Hash;
        if (answer.Problem is { } problem)
        {
            var isBroken = answer.NotTakenBack.Count > 0 && answer.Revision < plan.Revision;
            return new WayBack(isBroken ? MemberStanding.Broken : isNew ? MemberStanding.NotBack : MemberStanding.Unknown, problem);
        }
        if (answer.WentBack) return new WayBack(MemberStanding.WentBack);
        if (answer.StartedAt is not { } started || plan.StartedAt is null) return new WayBack(MemberStanding.Unknown, "it does not say what it is now");
        var isSameRun = started == plan.StartedAt;
        if (isSameRun && answer.Revision == plan.Revision - 1) return new WayBack(MemberStanding.AsBefore);
        var isKnown = answer.Hash is not null && plan.HashBefore != plan.Hash;
        if (isKnown && answer.Hash == plan.HashBefore) return new WayBack(MemberStanding.WentBack);
        var now = $"it is at revision {answer.Revision}{(answer.Hash is { } hash ? $" ({SafeText.Of(hash)})" : "")}";
        var why = isSameRun
            ? $"{now}, and knows nothing of that reload any more"
            : string.Create(CultureInfo.InvariantCulture, $"it was started again at {started.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, and knows nothing of that reload: {now}");
        return new WayBack(isKnown && isNew ? MemberStanding.NotBack : MemberStanding.Unknown, why);
    }
}
