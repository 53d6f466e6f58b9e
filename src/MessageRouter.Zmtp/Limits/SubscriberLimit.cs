namespace MessageRouter.Zmtp.Limits;

/// <summary>How much the subscribers of one publisher may subscribe to, each by itself and all together. Whoever has the publisher's peers calls it, one thread at a time.</summary>
internal sealed class SubscriberLimit
{
    private readonly Dictionary<Subscriptions, Action<string>> _subscribers = new(ReferenceEqualityComparer.Instance);
    private long _bytes;

    /// <summary>The bytes that the subscriptions of all take.</summary>
    public long Bytes => _bytes;

    /// <summary>A subscriber has come.</summary>
    /// <param name="subscriptions">What it wants.</param>
    /// <param name="end">Ends its connection, with a sentence.</param>
    public void Met(Subscriptions subscriptions, Action<string> end) => _subscribers.Add(subscriptions, end);

    /// <summary>A subscriber has said what it wants, in words of which there are not many together.</summary>
    public void Heard(Subscriptions subscriptions, IEnumerable<ReadOnlyMemory<byte>> words, ZmtpLimits limits)
    {
        // One that was ended may still have words on their way.
        if (!_subscribers.ContainsKey(subscriptions)) return;
        var before = subscriptions.Bytes;
        foreach (var word in words) subscriptions.Hear(word.Span);
        _bytes += subscriptions.Bytes - before;
        if (subscriptions.Count > limits.Subscriptions) End(subscriptions, $"It has subscribed to more than {limits.Subscriptions} prefixes (limits.subscriptions).");
        else if (subscriptions.Bytes > limits.SubscriptionBytes) End(subscriptions, $"Its subscriptions took more than {limits.SubscriptionBytes} bytes (limits.subscription-bytes).");
        while (_bytes > limits.AllSubscriptionBytes)
            End(_subscribers.Keys.MaxBy(each => each.Bytes)!, $"It had the most subscriptions when those of all took more than {limits.AllSubscriptionBytes} bytes (limits.all-subscription-bytes).");
    }

    /// <summary>A subscriber has gone.</summary>
    public void Left(Subscriptions subscriptions)
    {
        if (_subscribers.Remove(subscriptions)) _bytes -= subscriptions.Bytes;
    }

    private void End(Subscriptions subscriptions, string reason)
    {
        if (!_subscribers.Remove(subscriptions, out var end)) return;
        _bytes -= subscriptions.Bytes;
        end(reason);
    }
}
