using Akka.Actor;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Membership;

/// <summary>The node that decides for all, whichever it is now.</summary>
/// <param name="system">This node's part in the cluster; null while it has none.</param>
/// <param name="view">Knows who decides.</param>
/// <param name="patience">How long somebody is waited for who decides.</param>
internal sealed class Decider(Func<ActorSystem?> system, ClusterView view, TimeSpan patience)
{
    /// <summary>How long his answer may take.</summary>
    private static readonly TimeSpan PatienceWithOne = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks him, and who comes after him, until there is an answer that counts.</summary>
    /// <param name="word">What is asked.</param>
    /// <param name="counts">Whether what somebody has answered counts; null where he has not.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null where nobody decides in time.</returns>
    public async Task<T?> AskAsync<T>(IWord word, Func<ClusterAddress, T?, bool> counts, CancellationToken cancellation)
        where T : class, IWord
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < patience)
        {
            if (system() is { } own && view.Oldest is { } oldest)
            {
                var told = await Door.AskAsync<T>(own, oldest, word, PatienceWithOne, cancellation);
                cancellation.ThrowIfCancellationRequested();
                if (counts(oldest, told)) return told;
            }
            await Task.Delay(Pause, cancellation);
        }
        return null;
    }
}
