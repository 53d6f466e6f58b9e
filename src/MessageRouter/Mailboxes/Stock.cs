namespace MessageRouter.Mailboxes;

/// <summary>
/// How much waits in one place, in messages and in bytes; the node's memory counts it along. Any thread may change it. When nothing is left
/// there are no bytes left either, so that what is taken off one way and was put in another way leaves no trace.
/// </summary>
internal sealed class Stock(NodeMemory? memory)
{
    private readonly Lock _lock = new();
    private long _messages;
    private long _bytes;

    /// <summary>The number of messages.</summary>
    public long Value => Volatile.Read(ref _messages);

    public long Bytes => Volatile.Read(ref _bytes);

    public void Add(MessageBatch batch) => Change(batch.Count, batch.Bytes);

    public void Remove(MessageBatch batch) => Change(-batch.Count, -batch.Bytes);

    /// <summary>
    /// Takes off so many messages, of which nobody knows any more which they are: they are taken to have their share of the bytes.
    /// </summary>
    public void Remove(long count) => Change(-count, null);

    public void Clear() => Remove(Value);

    private void Change(long count, long? bytes)
    {
        if (count == 0) return;
        long changed;
        lock (_lock)
        {
            var messages = _messages + count;
            var after = messages <= 0 ? 0 : Math.Max(0, _bytes + (bytes ?? (long)((double)_bytes * count / _messages)));
            changed = after - _bytes;
            Volatile.Write(ref _messages, messages);
            Volatile.Write(ref _bytes, after);
        }
        memory?.Add(count, changed);
    }
}
