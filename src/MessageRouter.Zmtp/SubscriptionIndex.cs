using System.Runtime.InteropServices;

namespace MessageRouter.Zmtp;

/// <summary>
/// What many subscribers want, as one tree of prefixes. A message is looked up once, on one way that is no longer than its first frame, however many subscribers there are and whatever they have
/// subscribed to beside it. Who wants it is found once, at one of the prefixes that it begins with, however many of them he has: prefixes that begin with another one of the same subscriber are
/// passed by. One that was there before the shorter one was added is found beside it once, by the first message that begins with both. One thread at a time.
/// </summary>
internal sealed class SubscriptionIndex
{
    private readonly List<Subscriptions> _wanting = [];
    private long _message;

    public PrefixNode Root { get; } = new(parent: null, []);

    /// <summary>The bytes that all subscriptions take.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Whether anybody wants anything.</summary>
    public bool Any => Root.HasChildren || OfEverything.Length > 0;

    /// <summary>Those who want everything.</summary>
    public ReadOnlySpan<Subscriptions> OfEverything => Root.Subscribers;

    /// <summary>Those of the others who want any of the messages that were looked up last, which are their <see cref="Subscriptions.Places"/>.</summary>
    public ReadOnlySpan<Subscriptions> Wanting => CollectionsMarshal.AsSpan(_wanting);

    /// <summary>Steps that looking up messages has taken so far: nodes on their ways, and subscribers found there.</summary>
    public long Steps { get; private set; }

    /// <summary>Looks messages up, instead of those before.</summary>
    /// <returns>Whether each is wanted by anybody; null where all are.</returns>
    public bool[]? Look(ZmtpBatch batch)
    {
        Forget();
        var wanted = OfEverything.Length > 0 ? null : new bool[batch.Count];
        for (var place = 0; place < batch.Count && Root.HasChildren; place++)
        {
            if (Walk(batch.FirstFrameAt(place), place) && wanted is not null) wanted[place] = true;
        }
        return wanted;
    }

    private bool Walk(ReadOnlySpan<byte> frame, int place)
    {
        var isWanted = false;
        Steps++;
        _message++;
        for (var node = Root.Next(ref frame); node is not null; node = node.Next(ref frame))
        {
            Steps++;
            for (var i = 0; i < node.Subscribers.Length;)
            {
                Steps++;
                var subscriptions = node.Subscribers[i];
                if (!subscriptions.Find(node, i, _message)) continue;
                i++;
                isWanted = true;
                if (subscriptions.Places.Count == 0) _wanting.Add(subscriptions);
                subscriptions.Places.Add(place);
            }
        }
        return isWanted;
    }

    private void Forget()
    {
        foreach (var subscriptions in _wanting) subscriptions.Places.Clear();
        _wanting.Clear();
    }
}
