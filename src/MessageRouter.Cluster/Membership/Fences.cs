using Akka.Configuration;

namespace MessageRouter.Cluster.Membership;

/// <summary>For how long what was agreed on counts, by what Akka is set to: the configuration's <c>akka</c> block may have changed how soon others miss a node, or whom they give up.</summary>
/// <param name="Patience">For how long a node may be out of touch: half of what the others wait.</param>
/// <param name="Watched">How many others each node watches.</param>
/// <param name="Pause">For how long a process may stand still: less than the shortest time in which others can miss it, and at most three seconds.</param>
/// <param name="FewMayGoOn">Whether those who go on may be no more than half of all: who was given up does not know by the number of those that it reaches that nobody goes on.</param>
internal sealed record Fences(TimeSpan Patience, int Watched, TimeSpan Pause, bool FewMayGoOn)
{
    private const string Resolver = "akka.cluster.split-brain-resolver";

    private const string FailureDetector = "akka.cluster.failure-detector";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    public static Fences Of(Config config)
    {
        var strategy = config.GetString($"{Resolver}.active-strategy");
        var missed = config.GetTimeSpan($"{FailureDetector}.acceptable-heartbeat-pause") + config.GetTimeSpan($"{FailureDetector}.heartbeat-interval");
        return new Fences(
            config.GetTimeSpan($"{Resolver}.stable-after") / 2,
            config.GetInt($"{FailureDetector}.monitored-by-nr-of-members"),
            missed < LongestPause ? missed : LongestPause,
            FewMayGoOn: strategy switch
            {
                "keep-majority" or "static-quorum" => config.GetString($"{Resolver}.{strategy}.role") is { Length: > 0 },
                "down-all" => false,
                _ => true,
            });
    }
}
