namespace MessageRouter.Client;

/// <summary>
/// What waits to be sent, in chunks of memory that are filled one after the other and used again. Who adds a message copies it and takes a lock for that time; who takes
/// messages takes all that a chunk has at once.
/// </summary>
/// <param name="options">Its bounds.</param>
/// <param name="endpoint">Where losses count too; null for nowhere.</param>
internal sealed class OutgoingQueue(MessageClientOptions options, EndpointCounts? endpoint = null)
{
    private const int Spares = 8;

    private readonly Lock _lock = new();
    private readonly Queue<OutgoingChunk> _chunks = [];
    private readonly Stack<OutgoingChunk> _spares = new(Spares);
    private readonly SemaphoreSlim _signal = new(0);

    /// <summary>Who waits until what had been added before a place is handed over or lost; the first place first.</summary>
    private readonly Queue<(long Place, TaskCompletionSource Passed)> _flushes = [];

    private (long Place, TaskCompletionSource Passed) _lastFlush;

    /// <summary>The chunk that is being filled, the last one.</summary>
    private OutgoingChunk? _last;

    /// <summary>The chunk whose messages were taken, and are still read there.</summary>
    private OutgoingChunk? _read;

    private long _messages;
    private long _bytes;
    private long _underWay;

    /// <summary>The bytes of what was taken, as long as any of it is under way.</summary>
    private long _bytesUnderWay;

    /// <summary>How many of what was taken last are lost, though some before them may be under way.</summary>
    private long _lostAhead;

    /// <summary>All that were ever added, and how many of these had been by the end of what was taken last.</summary>
    private long _added;

    private long _taken;
    private volatile bool _isFlushing;
    private bool _sleeping;
    private bool _closed;

    public Losses Losses { get; } = new(endpoint);

    /// <summary>Takes what comes when this is closed; null where nothing does.</summary>
    public OutgoingQueue? Next { get; set; }

    /// <summary>Messages that wait here, or were taken and are not handed over yet.</summary>
    public long Messages
    {
        get
        {
            lock (_lock) return _messages + _underWay;
        }
    }

    /// <summary>The same, and what was lost up to the same moment.</summary>
    public (long Messages, long[] Lost) Look()
    {
        lock (_lock) return (_messages + _underWay, Losses.Counts());
    }

    /// <summary>Whether there may be room for a message of some size; where there is none it counts as dropped.</summary>
    public bool MayTake(int size) => Refusal(size) is not { } reason || (Instead(reason) is { } next ? next.MayTake(size) : Refuse(reason));

    public bool TryAdd(ReadOnlySpan<byte> payload)
    {
        if (Refusal(payload.Length) is { } reason) return Instead(reason) is { } next ? next.TryAdd(payload) : Refuse(reason);
        bool wake;
        lock (_lock)
        {
            if (MakeRoom(payload.Length) is { } late) return Instead(late) is { } next ? next.TryAdd(payload) : Refuse(late);
            ChunkFor(OutgoingFrame.SizeOf(payload.Length)).Add(payload);
            wake = Added(payload.Length);
        }
        if (wake) _signal.Release();
        return true;
    }

    public bool TryAdd<TMessage>(in TMessage message)
        where TMessage : struct, IDeferredMessage
    {
        if (Refusal(message.Size) is { } reason) return Instead(reason) is { } next ? next.TryAdd(message) : Refuse(reason);
        bool wake;
        lock (_lock)
        {
            if (MakeRoom(message.Size) is { } late) return Instead(late) is { } next ? next.TryAdd(message) : Refuse(late);
            if (_last?.TryAdd(message) != true) NewChunk(OutgoingRun.MarkSize).TryAdd(message);
            wake = Added(message.Size);
        }
        if (wake) _signal.Release();
        return true;
    }

    /// <summary>Takes the oldest messages, all that a chunk has; they count as here until <see cref="HandedOver"/>, and are good until this is called again.</summary>
    /// <returns>Whether there were any.</returns>
    public bool TryTake(out OutgoingRun run)
    {
        // Memory is made by who takes messages, and not by who adds them.
        var spare = _spares.Count == 0 ? new OutgoingChunk(OutgoingChunk.SharedSize) : null;
        lock (_lock)
        {
            if (spare is not null) Keep(spare);
            _read = null;
            run = default;
            if (_last is null) return false;
            RemoveEmpty();
            var chunk = _chunks.Peek();
            if (chunk.Messages == 0) return false;
            _messages -= chunk.Messages;
            _bytes -= chunk.Bytes;
            _underWay += chunk.Messages;
            _bytesUnderWay = chunk.Bytes;
            _taken = _added - _messages;
            run = chunk.TakeAll();
            _read = chunk;
            return true;
        }
    }

    /// <summary>The oldest of what was taken have been handed over, and all before them, or are lost.</summary>
    public void HandedOver(int count)
    {
        HaveLeft(count);
        Volatile.Write(ref _lostAhead, 0);
        if (!_isFlushing) return;
        lock (_lock) TellFlushes();
    }

    /// <summary>One of what was taken is lost, and others before it may not have been handed over yet.</summary>
    public void IsLost()
    {
        Interlocked.Increment(ref _lostAhead);
        HaveLeft(1);
        if (!_isFlushing) return;
        lock (_lock) TellFlushes();
    }

    /// <summary>A message could not be made.</summary>
    public void CountFailed()
    {
        if (_closed && Next is { } next) next.CountFailed();
        else Losses.Add(DropReason.Failed);
    }

    /// <summary>Done when all that is here now has been handed over or is lost, whatever comes meanwhile.</summary>
    public Task PassedAsync()
    {
        lock (_lock)
        {
            if (!_isFlushing || _lastFlush.Place != _added)
            {
                _lastFlush = (_added, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                _flushes.Enqueue(_lastFlush);
            }
            _isFlushing = true;
            var passed = _lastFlush.Passed.Task;

            // Who hands over looks at the one after changing the other, so here it is the other way round.
            Interlocked.MemoryBarrier();
            TellFlushes();
            return passed;
        }
    }

    /// <summary>Takes away all that is left.</summary>
    /// <returns>How many those were.</returns>
    public long Clear()
    {
        lock (_lock)
        {
            var left = _messages + _underWay;
            _chunks.Clear();
            _spares.Clear();
            _last = null;
            (_messages, _bytes, _underWay, _bytesUnderWay) = (0, 0, 0, 0);
            TellFlushes();
            return left;
        }
    }

    /// <summary>Done when there is something to take, or it has been closed.</summary>
    public Task WaitAsync()
    {
        lock (_lock)
        {
            if (_messages > 0 || _closed) return Task.CompletedTask;
            _sleeping = true;
        }
        return _signal.WaitAsync();
    }

    /// <summary>Takes nothing more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _sleeping = false;
        }
        _signal.Release();
    }

    public bool IsClosed
    {
        get
        {
            lock (_lock) return _closed;
        }
    }

    /// <summary>What is under way counts too, since it still takes its memory.</summary>
    private bool HasRoom(int size)
    {
        // In this order: what is taken meanwhile is in neither, rather than in both, where that is asked without the lock.
        var (messages, bytes) = (Volatile.Read(ref _underWay), Volatile.Read(ref _bytesUnderWay));
        messages += Volatile.Read(ref _messages);
        bytes += Volatile.Read(ref _bytes);
        return messages == 0 || (messages < options.Capacity && bytes + size <= options.CapacityBytes);
    }

    /// <summary>Why there is no place for a message, if so. That is asked before the lock is taken too: what is refused does not hold up who takes messages out.</summary>
    private DropReason? Refusal(int size)
    {
        if (_closed) return DropReason.Closed;
        if (size > options.MaxMessageSize) return DropReason.TooLarge;
        return options.Overflow == ClientOverflow.DropNewest && !HasRoom(size) ? DropReason.Full : null;
    }

    private OutgoingQueue? Instead(DropReason reason) => reason == DropReason.Closed ? Next : null;

    /// <returns>Why there can be none; null where there is.</returns>
    private DropReason? MakeRoom(int size)
    {
        if (Refusal(size) is { } reason) return reason;

        // What is under way cannot give way any more; beside it there is always room for one, the newest.
        while (_messages > 0 && !HasRoom(size)) DropOldest();
        return null;
    }

    private OutgoingChunk ChunkFor(int size) => _last is not null && _last.HasRoom(size) ? _last : NewChunk(size);

    private OutgoingChunk NewChunk(int size)
    {
        var chunk = size > OutgoingChunk.LargestShared ? new OutgoingChunk(size) : _spares.TryPop(out var spare) ? spare : new OutgoingChunk(OutgoingChunk.SharedSize);
        _chunks.Enqueue(chunk.Empty());
        return _last = chunk;
    }

    /// <summary>Takes away the first chunks, as far as nothing is in them and nothing more will be.</summary>
    private void RemoveEmpty()
    {
        while (_chunks.Peek() is { Messages: 0 } chunk && chunk != _last)
        {
            _chunks.Dequeue();
            if (chunk.IsShared && chunk != _read) Keep(chunk);
        }
    }

    private void Keep(OutgoingChunk spare)
    {
        if (_spares.Count < Spares) _spares.Push(spare);
    }

    /// <returns>Whether who takes messages is to be woken.</returns>
    private bool Added(int size)
    {
        _messages++;
        _added++;
        _bytes += size;
        var wake = _sleeping;
        _sleeping = false;
        return wake;
    }

    private void DropOldest()
    {
        RemoveEmpty();
        _bytes -= _chunks.Peek().RemoveFirst();
        _messages--;
        Losses.Add(DropReason.Full);
        if (_isFlushing) TellFlushes();
    }

    private void TellFlushes()
    {
        while (_flushes.TryPeek(out var first) && HasPassed(first.Place)) _flushes.Dequeue().Passed.SetResult();
        _isFlushing = _flushes.Count > 0;
    }

    /// <summary>Whether all before a place have left: none of them waits, and what was taken, which is older than all that waits, has been handed over as far.</summary>
    private bool HasPassed(long place)
    {
        var underWay = Volatile.Read(ref _underWay);
        return _added - _messages >= place && (underWay == 0 || _taken - underWay - Volatile.Read(ref _lostAhead) >= place);
    }

    private void HaveLeft(int count)
    {
        if (Interlocked.Add(ref _underWay, -count) == 0) Volatile.Write(ref _bytesUnderWay, 0);
    }

    private bool Refuse(DropReason reason)
    {
        Losses.Add(reason);
        return false;
    }
}
