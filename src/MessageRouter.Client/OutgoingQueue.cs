using System.Buffers.Binary;

namespace MessageRouter.Client;

/// <summary>
/// What waits to be sent, as the frames that the wire will write, in chunks of memory that are filled one after the other. Who adds a message copies it and takes
/// a lock for that time; memory is made by who takes messages out.
/// </summary>
internal sealed class OutgoingQueue(MessageClientOptions options)
{
    private const int ChunkSize = 64 << 10;

    /// <summary>What is larger has memory of its own.</summary>
    private const int LargestShared = ChunkSize / 4;

    private const int ShortHeader = 2, LongHeader = 9, LongestShort = 255;
    private const byte Long = 2;
    private const int Spares = 8;

    private readonly Lock _lock = new();
    private readonly Queue<Chunk> _chunks = [];
    private readonly Stack<byte[]> _spares = new(Spares);
    private readonly SemaphoreSlim _signal = new(0);
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private Chunk? _last;
    private long _messages;
    private long _bytes;
    private long _underWay;
    private long _untold;
    private bool _sleeping;
    private bool _closed;

    /// <summary>Messages that wait here, or were taken and are not handed over yet.</summary>
    public long Messages
    {
        get
        {
            lock (_lock) return _messages + _underWay;
        }
    }

    public bool TryAdd(ReadOnlySpan<byte> payload)
    {
        bool wake;
        lock (_lock)
        {
            if (_closed) return Refuse(DropReason.Closed);
            if (payload.Length > options.MaxMessageSize) return Refuse(DropReason.TooLarge);
            if (!HasRoom(payload.Length))
            {
                if (options.Overflow == ClientOverflow.DropNewest) return Refuse(DropReason.Full);
                while (!HasRoom(payload.Length)) DropOldest();
            }
            Append(payload);
            wake = _sleeping;
            _sleeping = false;
        }
        if (wake) _signal.Release();
        return true;
    }

    /// <summary>Counts messages that are lost elsewhere.</summary>
    public void Drop(DropReason reason, long count = 1)
    {
        lock (_lock) Count(reason, count);
    }

    /// <summary>What was taken has been handed over.</summary>
    public void HandedOver()
    {
        lock (_lock) _underWay = 0;
    }

    /// <summary>Takes the oldest messages, those of one chunk at most; they count as here until <see cref="HandedOver"/>.</summary>
    /// <returns>Whether there were any.</returns>
    public bool TryTake(List<ReadOnlyMemory<byte>> payloads, int most)
    {
        var spare = GC.AllocateUninitializedArray<byte>(_spares.Count < Spares ? ChunkSize : 0);
        lock (_lock)
        {
            if (spare.Length > 0) _spares.Push(spare);
            while (_chunks.TryPeek(out var chunk))
            {
                while (payloads.Count < most && chunk.Begin < chunk.End) payloads.Add(TakeFirst(chunk));
                if (chunk.Begin < chunk.End || chunk == _last || payloads.Count > 0) break;
                _chunks.Dequeue();
            }
            if (_chunks.TryPeek(out var first) && first.Begin == first.End && first != _last) _chunks.Dequeue();
            _underWay += payloads.Count;
            return payloads.Count > 0;
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

    /// <summary>How many were lost since this was asked last.</summary>
    public long TakeUntold()
    {
        lock (_lock)
        {
            var untold = _untold;
            _untold = 0;
            return untold;
        }
    }

    public void PutBackUntold(long count)
    {
        lock (_lock) _untold += count;
    }

    public long[] Dropped()
    {
        lock (_lock) return [.. _dropped];
    }

    private static int SizeOf(int payload) => payload + (payload <= LongestShort ? ShortHeader : LongHeader);

    private bool HasRoom(int payload) => _messages == 0 || (_messages < options.Capacity && _bytes + payload <= options.CapacityBytes);

    private void Append(ReadOnlySpan<byte> payload)
    {
        var size = SizeOf(payload.Length);
        if (_last is null || size > _last.Bytes.Length - _last.End) Begin(size);
        var target = _last!.Bytes.AsSpan(_last.End);
        if (payload.Length <= LongestShort)
        {
            target[0] = 0;
            target[1] = (byte)payload.Length;
        }
        else
        {
            target[0] = Long;
            BinaryPrimitives.WriteUInt64BigEndian(target[1..], (ulong)payload.Length);
        }
        payload.CopyTo(target[(size - payload.Length)..]);
        _last.End += size;
        _messages++;
        _bytes += payload.Length;
    }

    private void Begin(int size)
    {
        var bytes = size > LargestShared ? GC.AllocateUninitializedArray<byte>(size) : _spares.TryPop(out var spare) ? spare : GC.AllocateUninitializedArray<byte>(ChunkSize);
        _last = new Chunk(bytes);
        _chunks.Enqueue(_last);
    }

    private ReadOnlyMemory<byte> TakeFirst(Chunk chunk)
    {
        var header = chunk.Bytes.AsSpan(chunk.Begin);
        var (length, start) = header[0] == Long ? ((int)BinaryPrimitives.ReadUInt64BigEndian(header[1..]), LongHeader) : (header[1], ShortHeader);
        var payload = chunk.Bytes.AsMemory(chunk.Begin + start, length);
        chunk.Begin += start + length;
        _messages--;
        _bytes -= length;
        return payload;
    }

    private void DropOldest()
    {
        while (_chunks.Peek() is var chunk)
        {
            if (chunk.Begin == chunk.End)
            {
                _chunks.Dequeue();
                continue;
            }
            TakeFirst(chunk);
            Count(DropReason.Full, 1);
            return;
        }
    }

    private bool Refuse(DropReason reason)
    {
        Count(reason, 1);
        return false;
    }

    private void Count(DropReason reason, long count)
    {
        _dropped[(int)reason] += count;
        _untold += count;
    }

    private sealed class Chunk(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        /// <summary>Where the first frame is that was not taken.</summary>
        public int Begin { get; set; }

        public int End { get; set; }
    }
}
