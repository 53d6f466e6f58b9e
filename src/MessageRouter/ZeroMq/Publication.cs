using MessageRouter.Components;
using MessageRouter.Mailboxes;

namespace MessageRouter.ZeroMq;

/// <summary>
/// Messages that were published together, and how far each of them has got: one is delivered when it has been written to a subscriber, and lost
/// when the last one that was to have it goes away before that.
/// </summary>
internal sealed class Publication
{
    private const byte Delivered = 1;
    private const byte Lost = 2;

    // Subscribers that were given a message, and to which it is not written yet.
    private readonly ushort[] _waiting;
    private readonly byte[] _ended;
    private readonly long _bytes;
    private int _holders;

    /// <summary>Null when there is nothing more to say of any: a subscriber that is slow has its own messages, and must not keep all others.</summary>
    private Delivery? _delivery;

    /// <param name="delivery">The messages.</param>
    /// <param name="number">Higher than those of all publications before it.</param>
    public Publication(Delivery delivery, long number)
    {
        Number = number;
        _delivery = delivery;
        _waiting = new ushort[delivery.Batch.Count];
        _ended = new byte[delivery.Batch.Count];
        Open = delivery.Batch.Count;
        _bytes = delivery.Batch.Bytes + NodeMemory.Overhead * delivery.Batch.Count;
        Place = new LinkedListNode<Publication>(this);
    }

    public MessageBatch Batch => _delivery!.Batch;

    public long Number { get; }

    /// <summary>Its place among those that are open, until it is no more.</summary>
    public LinkedListNode<Publication> Place { get; }

    /// <summary>Messages that are neither delivered nor lost.</summary>
    public int Open { get; private set; }

    /// <summary>A subscriber has messages of it before it.</summary>
    /// <returns>How many bytes are kept for that which were not before.</returns>
    public long Hold() => _holders++ == 0 ? _bytes : 0;

    /// <summary>It has them no more.</summary>
    /// <returns>How many bytes are not kept for that any more.</returns>
    public long Release() => --_holders == 0 ? _bytes : 0;

    /// <summary>Whether a subscriber has been written a message.</summary>
    public bool IsDelivered(int index) => _ended[index] == Delivered;

    public bool IsGivenToNobody(int index) => _waiting[index] == 0;

    /// <summary>A subscriber is given a message.</summary>
    public void Give(int index) => _waiting[index]++;

    /// <summary>A message was written to a subscriber.</summary>
    /// <returns>Whether that is the first one.</returns>
    public bool Write(int index)
    {
        _waiting[index]--;
        if (_ended[index] != 0) return false;
        if (Batch.PlainFormat is null) Batch[index].Receipt?.Settle(Fate.Done);
        End(index, Delivered);
        return true;
    }

    /// <summary>A subscriber that was given a message has gone.</summary>
    /// <returns>Whether it was the last one that had it, and none had got it: it is lost for this reason.</returns>
    public bool Lose(int index, string reason)
    {
        if (--_waiting[index] > 0 || _ended[index] != 0) return false;
        Drop(index, reason);
        return true;
    }

    /// <summary>A message will not be sent to anybody.</summary>
    public void Drop(int index, string reason)
    {
        if (Batch.PlainFormat is null) Batch[index].Receipt?.Settle(Fate.Failed, reason);
        End(index, Lost);
    }

    /// <summary>What is neither delivered nor lost, as it goes back to the mailbox.</summary>
    public IEnumerable<Delivery> TakeOpen()
    {
        if (_delivery is not { } delivery) return [];
        if (Open == Batch.Count) return [delivery];
        var open = Batch.Where((_, index) => _ended[index] == 0).ToArray();
        Open = 0;
        return open.Length == 0 ? [] : [delivery with { Batch = new MessageBatch(open, open.Length) }];
    }

    private void End(int index, byte how)
    {
        _ended[index] = how;
        if (--Open > 0) return;
        _delivery = null;
        Place.List?.Remove(Place);
    }
}
