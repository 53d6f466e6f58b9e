namespace MessageRouter.Ledger;

/// <summary>One of the workers among which a component divides its messages: a copy of a pooled filter, a peer of a distributor.</summary>
/// <param name="Name">Its name within the component: a copy's number, a peer's endpoint.</param>
/// <param name="State">What it is at, in one word, such as <c>running</c>.</param>
/// <param name="In">Messages that it was given; of a copy without those that went to others before it got to them.</param>
/// <param name="Out">Messages that it has passed on or dealt with.</param>
/// <param name="Queued">Messages that wait for it or are under way in it.</param>
/// <param name="Rate">Messages a second that it dealt with, over the last ten seconds or so.</param>
/// <param name="Restarts">How often it was restarted; null for one that lives elsewhere.</param>
/// <param name="Failed">Messages on which it failed; null where that is not known.</param>
/// <param name="Unanswered">Messages that it has and did not acknowledge yet; null where it is not asked to.</param>
/// <param name="Redelivered">Messages that it was given although another had had them; null where none ever are.</param>
/// <param name="Unknown">Of those that it has dealt with, messages of which it cannot be known whether they reached it, because its connection ended; null where each is answered for.</param>
/// <param name="Missed">Messages that it was not given since it was too slow for them; null where there were none, or others get what it has no room for.</param>
/// <param name="LastError">What went wrong last; null where nothing did.</param>
/// <param name="Filtered">Messages for which nothing goes on; null for all but copies of filters.</param>
public sealed record WorkerLine(
    string Name, string State, long In, long Out, long Queued, double Rate, long? Restarts = null, long? Failed = null,
    long? Unanswered = null, long? Redelivered = null, long? Unknown = null, long? Missed = null, string? LastError = null,
    long? Filtered = null)
{
    /// <summary>Messages that it made itself; null for all but copies of filters.</summary>
    public long? Created { get; init; }

    /// <summary>Messages that it has dropped, by reason; null where there are none, or the component counts them.</summary>
    public IReadOnlyDictionary<string, long>? Dropped { get; init; }
}
