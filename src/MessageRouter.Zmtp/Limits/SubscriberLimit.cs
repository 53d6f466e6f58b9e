namespace MessageRouter.Zmtp.Limits;

/// <summary>How much the subscribers of one publisher may subscribe to, each by itself and all together. Whoever has the publisher's peers calls it, one thread at a time.</summary>
/// <param name="index">What they want.</param>
internal sealed class SubscriberLimit(SubscriptionIndex index)
{
    private readonly Dictionary<Subscriptions, Action<string>> _subscribers = new(ReferenceEqualityComparer.Instance);

    /// <summary>What those want who are away; null where nothing is kept of them.</summary>
    public IKeptSubscriptions? Kept { get; set; }

    /// <summary>The bytes that the subscriptions of all take.</summary>
    public long Bytes => index.Bytes + (Kept?.Bytes ?? 0);

    /// <summary>A subscriber has come.</summary>
    /// <param name="subscriptions">What it wants.</param>
    /// <param name="end">Ends its connection, with a sentence.</param>
    public void Met(Subscriptions subscriptions, Action<string> end) => _subscribers.Add(subscriptions, end);

    /// <summary>A subscriber has said what it wants, in words of which there are not many together.</summary>
    public void Heard(Subscriptions subscriptions, IEnumerable<ReadOnlyMemory<byte>> words, ZmtpLimits limits)
    {
        // One that was ended may still have words on their way.
        if (!_subscribers.ContainsKey(subscriptions)) return;
        foreach (var word in words) subscriptions.Hear(word.Span);
        if (subscriptions.Count > limits.Subscriptions) End(subscriptions, $"It has subscribed to more than {limits.Subscriptions} prefixes (limits.subscriptions).");
        else if (subscriptions.Bytes > limits.SubscriptionBytes) End(subscriptions, $"Its subscriptions took more than {limits.SubscriptionBytes} bytes (limits.subscription-bytes).");
        while (Bytes > limits.AllSubscriptionBytes)
        {
            var most = _subscribers.Keys.MaxBy(each => each.Bytes);
            if (most is null || Kept?.Most >= most.Bytes) Kept!.ForgetMost();
            else End(most, $"It had the most subscriptions when those of all took more than {limits.AllSubscriptionBytes} bytes (limits.all-subscription-bytes).");
        }
    }

    /// <summary>A subscriber has gone.</summary>
    public void Left(Subscriptions subscriptions)
    {
        _subscribers.Remove(subscriptions);
        subscriptions.Clear();
    }

    private void End(Subscriptions subscriptions, string reason)
    {
        if (!_subscribers.Remove(subscriptions, out var end)) return;
        end(reason);
        subscriptions.Clear();
    }
}
