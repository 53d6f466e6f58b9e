using MessageRouter.Configuration;

namespace MessageRouter.Distribution;

/// <summary>What the configuration may say of how a distributor chooses a worker for a message.</summary>
internal static class Balances
{
    /// <summary>One after the other; who is full keeps its turn.</summary>
    public const string RoundRobin = "round-robin";

    /// <summary>The one that has the fewest messages; among equals one after the other.</summary>
    public const string LeastQueued = "least-queued";

    /// <summary>Why an option cannot be; null where it can.</summary>
    public static string? ProblemOf(string balance)
    {
        if (Is(balance, RoundRobin) || Is(balance, LeastQueued)) return null;
        if (MessageKey.TryParseHash(balance, out _, out var problem)) return problem;
        return "must be round-robin, least-queued or hash(FIELD)" + (Suggestion.For(balance, [RoundRobin, LeastQueued]) is { } near ? $"; did you mean `{near}`?" : "");
    }

    /// <summary>What chooses as an option says. Only for one that was found valid.</summary>
    /// <param name="balance">The option.</param>
    /// <param name="mostTurns">Turns that a worker keeps at most.</param>
    public static Balancer Balancer(string balance, int mostTurns) =>
        MessageKey.TryParseHash(balance, out var key, out _) ? new ByKey(key!)
        : Is(balance, LeastQueued) ? new LeastQueued()
        : new RoundRobin(mostTurns);

    private static bool Is(string balance, string name) => string.Equals(balance, name, StringComparison.OrdinalIgnoreCase);
}
