namespace MessageRouter.Zmtp;

/// <summary>Batches that wait, counted in messages and bytes.</summary>
internal sealed class BatchQueue
{
    private readonly Queue<ZmtpBatch> _batches = [];

    /// <summary>Messages of the oldest batch that do not wait any more.</summary>
    private int _gone;

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Whether there is room for messages; one batch has it always where there is nothing.</summary>
    public bool HasRoom(ZmtpBatch batch, int messages, long bytes) =>
        Messages == 0 || (Messages + batch.Count <= messages && Bytes + batch.Size <= bytes);

    public void Add(ZmtpBatch batch)
    {
        if (batch.Count == 0) return;
        _batches.Enqueue(batch);
        Messages += batch.Count;
        Bytes += batch.Size;
    }

    /// <summary>Takes the oldest batch, or what is left of it.</summary>
    public bool TryTake(out ZmtpBatch batch)
    {
        if (!_batches.TryDequeue(out batch)) return false;
        batch = batch.Slice(_gone, batch.Count - _gone);
        _gone = 0;
        Messages -= batch.Count;
        Bytes -= batch.Size;
        return true;
    }

    /// <summary>Looks at the oldest batch, or what is left of it.</summary>
    public bool TryPeek(out ZmtpBatch batch)
    {
        if (!_batches.TryPeek(out batch)) return false;
        batch = batch.Slice(_gone, batch.Count - _gone);
        return true;
    }

    /// <summary>Takes away the oldest messages.</summary>
    public void Remove(int count)
    {
        Messages -= count;
        while (count > 0)
        {
            var batch = _batches.Peek();
            var taken = Math.Min(count, batch.Count - _gone);
            Bytes -= batch.Slice(_gone, taken).Size;
            count -= taken;
            _gone += taken;
            if (_gone < batch.Count) return;
            _batches.Dequeue();
            _gone = 0;
        }
    }

    /// <summary>Takes all that is left, oldest first.</summary>
    public List<ZmtpBatch> TakeAll()
    {
        var all = new List<ZmtpBatch>(_batches.Count);
        while (TryTake(out var batch)) all.Add(batch);
        return all;
    }
}
