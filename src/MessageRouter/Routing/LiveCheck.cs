using Akka.Actor;

namespace MessageRouter.Routing;

/// <summary>Whether a node's actors answer: for that there must be a thread for them.</summary>
internal static class LiveCheck
{
    public static async Task<bool> AnswersAsync(IActorRef router, TimeSpan patience, TimeProvider clock)
    {
        if (router.IsNobody()) return true;
        var answer = router.Ask<ActorIdentity>(new Identify(1), Timeout.InfiniteTimeSpan);
        return await Task.WhenAny(answer, Task.Delay(patience, clock)) == answer && answer.IsCompletedSuccessfully;
    }
}
