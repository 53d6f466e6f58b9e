using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Mailboxes;

/// <summary>The messages that wait in a mailbox, in order, bounded in messages and in bytes. Whoever changes it holds the mailbox's lock.</summary>
/// <param name="capacity">Messages that have room.</param>
/// <param name="maxBytes">Bytes that have room; one message has room in an empty lane, however large it is.</param>
/// <param name="memory">The node's, of which it is part what waits.</param>
internal sealed class DataLane(int capacity, long maxBytes, NodeMemory memory)
{
    private readonly LinkedList<Delivery> _deliveries = [];
    private readonly Stock _stock = new(memory);
    private long _maxBytes = maxBytes;
    private int _capacity = capacity;

    public int Capacity
    {
        get => Volatile.Read(ref _capacity);
        set => Volatile.Write(ref _capacity, value);
    }

    public long MaxBytes
    {
        get => Volatile.Read(ref _maxBytes);
        set => Volatile.Write(ref _maxBytes, value);
    }

    public bool IsEmpty => _deliveries.Count == 0;

    /// <summary>How full it may be for those who wait for room, so that sender and actor do not wake each other per message.</summary>
    public bool IsHalfEmpty => Count <= Capacity / 2 && Bytes <= MaxBytes / 2;

    /// <summary>The number of messages.</summary>
    public int Count => (int)_stock.Value;

    /// <summary>The bytes of these messages.</summary>
    public long Bytes => _stock.Bytes;

    /// <summary>How many of the first messages of a batch there is room for.</summary>
    public int RoomFor(MessageBatch batch) => batch.Fitting(Math.Clamp(Capacity - Count, 0, batch.Count), MaxBytes - Bytes, isEmpty: Count == 0);

    public void Add(Delivery delivery)
    {
        _deliveries.AddLast(delivery);
        _stock.Add(delivery.Batch);
    }

    public void AddFirst(Delivery delivery)
    {
        _deliveries.AddFirst(delivery);
        _stock.Add(delivery.Batch);
    }

    /// <summary>Takes the oldest messages that came together.</summary>
    public bool TryTakeFirst([NotNullWhen(true)] out Delivery? first)
    {
        first = _deliveries.First?.Value;
        if (first is null) return false;
        _deliveries.RemoveFirst();
        _stock.Remove(first.Batch);
        return true;
    }

    public IReadOnlyList<Delivery> TakeAll()
    {
        Delivery[] all = [.. _deliveries];
        _deliveries.Clear();
        _stock.Clear();
        return all;
    }

    /// <summary>Evicts until as many of the last messages of a batch have room as ever can.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="reason">Why they are dropped.</param>
    /// <returns>How many these are.</returns>
    public int MakeRoomForNewest(MessageBatch batch, string reason)
    {
        var (newest, bytes) = (0, 0L);
        while (newest < Math.Min(batch.Count, Capacity))
        {
            var next = batch.BytesAt(batch.Count - newest - 1);
            if (newest > 0 && bytes + next > MaxBytes) break;
            bytes += next;
            newest++;
        }
        while (Count > 0 && (Count + newest > Capacity || Bytes + bytes > MaxBytes)) Evict(Count + newest - Capacity, Bytes + bytes - MaxBytes, reason);
        return newest;
    }

    /// <summary>Evicts the oldest messages: at least so many and so many bytes, or all that came together.</summary>
    private void Evict(int count, long bytes, string reason)
    {
        if (!TryTakeFirst(out var oldest)) return;
        var evicted = 0;
        while (evicted < oldest.Batch.Count && (evicted < count || bytes > 0)) bytes -= oldest.Batch.BytesAt(evicted++);
        oldest.Edge.Drop(reason, oldest.Batch.Slice(0, evicted));
        if (evicted < oldest.Batch.Count) AddFirst(oldest.Skip(evicted));
    }
}
