using Akka.Configuration;

namespace MessageRouter.Cluster.Membership;

/// <summary>For how long what was agreed on counts, by what Akka is set to: the configuration's <c>akka</c> block may have changed how soon others miss a node, or whom they give up.</summary>
/// <param name="Patience">For how long a node may be out of touch: half of what the others wait.</param>
/// <param name="Watched">How many others each node watches.</param>
/// <param name="Pause">For how long a process may stand still: less than the shortest time in which others can miss it, and at most three seconds.</param>
/// <param name="Margin">How long those who go on wait for those who were given up, who may not have noticed it yet.</param>
/// <param name="FewMayGoOn">Whether those who go on may be no more than half of all: who was given up does not know by the number of those that it reaches that nobody goes on.</param>
internal sealed record Fences(TimeSpan Patience, int Watched, TimeSpan Pause, TimeSpan Margin, bool FewMayGoOn)
{
    /// <summary>Where it is said for how long nothing must have changed before who is out of reach is taken to be gone.</summary>
    private const string StableAfter = "akka.cluster.split-brain-resolver.stable-after";

    private const string Strategy = "akka.cluster.split-brain-resolver.active-strategy";

    private const string FailureDetector = "akka.cluster.failure-detector";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    /// <summary>How much later than others have decided it a node may know that it is down, so that nobody has in its place before what it had: one that it has reached, as they tell it.</summary>
    private static readonly TimeSpan MarginOfTheDowned = TimeSpan.FromMilliseconds(1250);

    /// <summary>The same where the larger side may be the one that is given up: it must decide that by itself, which it may do later.</summary>
    private static readonly TimeSpan MarginOfTheMany = TimeSpan.FromSeconds(3);

    public static Fences Of(Config config)
    {
        var strategy = config.GetString(Strategy);
        var missed = config.GetTimeSpan($"{FailureDetector}.acceptable-heartbeat-pause") + config.GetTimeSpan($"{FailureDetector}.heartbeat-interval");
        return new Fences(
            config.GetTimeSpan(StableAfter) / 2,
            config.GetInt($"{FailureDetector}.monitored-by-nr-of-members"),
            missed < LongestPause ? missed : LongestPause,
            strategy is "keep-majority" or "static-quorum" ? MarginOfTheDowned : MarginOfTheMany,
            FewMayGoOn: strategy is not ("keep-majority" or "static-quorum" or "down-all"));
    }
}
