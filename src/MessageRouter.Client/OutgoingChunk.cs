namespace MessageRouter.Client;

/// <summary>Memory that is filled with messages from its front, and how many of them wait there.</summary>
internal sealed class OutgoingChunk
{
    /// <summary>The size of those that are used again.</summary>
    public const int SharedSize = 64 << 10;

    /// <summary>What is larger has a chunk of its own.</summary>
    public const int LargestShared = SharedSize / 4;

    /// <summary>The most messages of one, since they are taken together.</summary>
    private const int MostMessages = 4096;

    private OutgoingRun _waiting;
    private int _added;

    /// <param name="size">Its bytes. Those that are used again are never moved: a collection would otherwise copy all that waits, and the application would wait for that.</param>
    public OutgoingChunk(int size)
    {
        IsShared = size == SharedSize;
        _waiting = new OutgoingRun(GC.AllocateUninitializedArray<byte>(size, pinned: IsShared));
    }

    public bool IsShared { get; }

    /// <summary>Messages that were added and not taken.</summary>
    public int Messages { get; private set; }

    /// <summary>The bytes that they count as.</summary>
    public long Bytes { get; private set; }

    /// <summary>Begins anew at the front, before anything is added.</summary>
    public OutgoingChunk Empty()
    {
        _waiting.Empty();
        _added = 0;
        return this;
    }

    public bool HasRoom(int size) => size <= _waiting.Room && _added < MostMessages;

    public void Add(ReadOnlySpan<byte> payload)
    {
        _waiting.Add(payload);
        _added++;
        Count(1, payload.Length);
    }

    /// <returns>Whether there was room.</returns>
    public bool TryAdd<TMessage>(in TMessage message)
        where TMessage : struct, IDeferredMessage
    {
        if (!HasRoom(OutgoingRun.MarkSize) || !_waiting.TryAdd(message)) return false;
        _added++;
        Count(1, message.Size);
        return true;
    }

    /// <returns>The bytes that the oldest message counted as.</returns>
    public int RemoveFirst()
    {
        _waiting.TryTake(out var payload, out var deferred);
        var size = deferred?.Size ?? payload.Length;
        deferred?.Drop();
        Count(-1, -size);
        return size;
    }

    public OutgoingRun TakeAll()
    {
        Count(-Messages, -Bytes);
        return _waiting.TakeAll();
    }

    private void Count(int messages, long bytes)
    {
        Messages += messages;
        Bytes += bytes;
    }
}
