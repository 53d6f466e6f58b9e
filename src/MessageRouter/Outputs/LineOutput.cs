using System.Buffers;
using MessageRouter.Components;

namespace MessageRouter.Outputs;

/// <summary>
/// An output that writes each message as a line. Lines are collected in one buffer and written in large pieces; a
/// message counts as delivered when its piece has been written to the operating system.
/// </summary>
internal abstract class LineOutput : OutputActor
{
    private const int BufferSize = 256 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _size;
    private int _lines;

    /// <summary>Whether lines wait in the buffer.</summary>
    protected bool HasBuffered => _lines > 0;

    /// <summary>Writes whole lines, all of them or, as far as possible, none.</summary>
    protected abstract void WriteLines(ReadOnlySpan<byte> lines);

    /// <summary>What was delivered is in the buffer: decides when the buffer is written. Until it is full it may wait.</summary>
    private protected abstract override void AfterDelivery();

    protected sealed override void WriteBatch(MessageBatch batch)
    {
        for (var i = 0; i < batch.Count; i++) Add(batch.PayloadAt(i));
    }

    protected sealed override void Flush()
    {
        if (_lines == 0) return;
        var lines = _buffer.AsSpan(0, _size);
        var count = _lines;

        // Should writing fail, the messages are given again or go to the error chain: here they must not be any more.
        _size = 0;
        _lines = 0;
        WriteLines(lines);
        Delivered(count);
    }

    private void Add(ReadOnlySpan<byte> payload)
    {
        if (payload.Length >= _buffer.Length - _size)
        {
            Flush();
            if (payload.Length >= _buffer.Length)
            {
                WriteLarge(payload);
                return;
            }
        }
        payload.CopyTo(_buffer.AsSpan(_size));
        _size += payload.Length;
        _buffer[_size++] = (byte)'\n';
        _lines++;
    }

    private void WriteLarge(ReadOnlySpan<byte> payload)
    {
        var line = ArrayPool<byte>.Shared.Rent(payload.Length + 1);
        try
        {
            payload.CopyTo(line);
            line[payload.Length] = (byte)'\n';
            WriteLines(line.AsSpan(0, payload.Length + 1));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(line);
        }
        Delivered(1);
    }
}
