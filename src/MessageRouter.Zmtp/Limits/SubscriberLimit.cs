namespace MessageRouter.Zmtp.Limits;

/// <summary>How much the subscribers of one publisher may subscribe to, each by itself and all together. Whoever has the publisher's peers calls it, one thread at a time.</summary>
/// <param name="index">What they want.</param>
internal sealed class SubscriberLimit(SubscriptionIndex index)
{
    private readonly Dictionary<Subscriptions, Member> _subscribers = new(ReferenceEqualityComparer.Instance);

    /// <summary>By address; of one without an address by what it wants.</summary>
    private readonly Dictionary<object, Origin> _origins = [];

    /// <summary>What those want who are away; null where nothing is kept of them.</summary>
    public IKeptSubscriptions? Kept { get; set; }

    /// <summary>The bytes that the subscriptions of all take.</summary>
    public long Bytes => index.Bytes + (Kept?.Bytes ?? 0);

    /// <summary>How many addresses are known, with those that have none.</summary>
    internal int Origins => _origins.Count;

    /// <summary>A subscriber has come.</summary>
    /// <param name="subscriptions">What it wants.</param>
    /// <param name="address">From where; null for one that counts by itself.</param>
    /// <param name="end">Ends its connection, with a sentence.</param>
    public void Met(Subscriptions subscriptions, AddressKey? address, Action<string> end)
    {
        var key = (object?)address ?? subscriptions;
        if (!_origins.TryGetValue(key, out var origin)) _origins[key] = origin = new Origin(key);
        origin.Subscribers.Add(subscriptions);
        var member = new Member(origin, end);
        _subscribers.Add(subscriptions, member);
        member.Count(subscriptions.Bytes);
    }

    /// <summary>A subscriber has said what it wants, in words of which there are not many together.</summary>
    public void Heard(Subscriptions subscriptions, IEnumerable<ReadOnlyMemory<byte>> words, ZmtpLimits limits)
    {
        // One that was ended may still have words on their way.
        if (!_subscribers.TryGetValue(subscriptions, out var member)) return;
        foreach (var word in words) subscriptions.Hear(word.Span);
        member.Count(subscriptions.Bytes);
        if (subscriptions.Count > limits.Subscriptions) End(subscriptions, $"It has subscribed to more than {limits.Subscriptions} prefixes (limits.subscriptions).");
        else if (subscriptions.Bytes > limits.SubscriptionBytes) End(subscriptions, $"Its subscriptions took more than {limits.SubscriptionBytes} bytes (limits.subscription-bytes).");
        while (Bytes > limits.AllSubscriptionBytes && EndMost(limits))
        {
        }
    }

    /// <summary>A subscriber has gone.</summary>
    public void Left(Subscriptions subscriptions)
    {
        Remove(subscriptions);
        subscriptions.Clear();
    }

    /// <summary>Ends the one that takes the most of the address that takes the most, here and away: a stranger with many does not push out one that has more than each of them.</summary>
    /// <returns>Whether there was one.</returns>
    private bool EndMost(ZmtpLimits limits)
    {
        var kept = Kept?.All ?? [];
        var away = kept.GroupBy(each => each.Origin).ToDictionary(group => group.Key, group => group.Sum(each => each.Bytes));
        if (_origins.Keys.Concat(away.Keys).MaxBy(Sum) is not { } from) return false;
        var here = _origins.GetValueOrDefault(from)?.Subscribers.MaxBy(each => each.Bytes);
        var gone = kept.Where(each => each.Origin.Equals(from)).MaxBy(each => each.Bytes);
        if (gone is not null && !(here?.Bytes > gone.Bytes)) gone.Forget();
        else End(here!, $"It had the most subscriptions of the address that had the most, when those of all took more than {limits.AllSubscriptionBytes} bytes (limits.all-subscription-bytes).");
        return true;

        long Sum(object origin) => (_origins.GetValueOrDefault(origin)?.Bytes ?? 0) + away.GetValueOrDefault(origin);
    }

    private void End(Subscriptions subscriptions, string reason)
    {
        if (Remove(subscriptions) is not { } member) return;
        member.End(reason);
        subscriptions.Clear();
    }

    private Member? Remove(Subscriptions subscriptions)
    {
        if (!_subscribers.Remove(subscriptions, out var member)) return null;
        member.Count(0);
        member.Origin.Subscribers.Remove(subscriptions);
        if (member.Origin.Subscribers.Count == 0) _origins.Remove(member.Origin.Key);
        return member;
    }

    /// <summary>Those who have connected from one address.</summary>
    private sealed class Origin(object key)
    {
        public object Key => key;

        public HashSet<Subscriptions> Subscribers { get; } = [];

        /// <summary>The bytes that their subscriptions take.</summary>
        public long Bytes { get; set; }
    }

    private sealed class Member(Origin origin, Action<string> end)
    {
        private long _counted;

        public Origin Origin => origin;

        /// <summary>Ends its connection, with a sentence.</summary>
        public Action<string> End => end;

        /// <summary>Its subscriptions take so many bytes now.</summary>
        public void Count(long bytes)
        {
            origin.Bytes += bytes - _counted;
            _counted = bytes;
        }
    }
}
