namespace MessageRouter.Tests.Support;

/// <summary>A stream whose reads or writes a test writes down.</summary>
internal sealed class ScriptedStream : Stream
{
    public delegate int ReadInto(Span<byte> buffer);

    public delegate void WriteFrom(ReadOnlySpan<byte> bytes);

    public ReadInto OnRead { get; init; } = _ => 0;

    public WriteFrom OnWrite { get; init; } = _ => { };

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads that bring one of these each, then the end.</summary>
    public static ScriptedStream OfChunks(params IEnumerable<byte[]> chunks)
    {
        var left = new Queue<byte[]>(chunks);
        return new ScriptedStream
        {
            OnRead = buffer =>
            {
                if (!left.TryDequeue(out var chunk)) return 0;
                chunk.CopyTo(buffer);
                return chunk.Length;
            },
        };
    }

    public override int Read(Span<byte> buffer) => OnRead(buffer);

    public override int Read(byte[] buffer, int offset, int count) => OnRead(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => OnWrite(buffer);

    public override void Write(byte[] buffer, int offset, int count) => OnWrite(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
