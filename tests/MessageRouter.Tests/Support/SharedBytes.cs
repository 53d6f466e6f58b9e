namespace MessageRouter.Tests.Support;

/// <summary>A stream that threads write to while a test looks at it.</summary>
internal sealed class SharedBytes : MemoryStream
{
    private readonly Lock _lock = new();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock) base.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        lock (_lock) base.Write(buffer, offset, count);
    }

    public override byte[] ToArray()
    {
        lock (_lock) return base.ToArray();
    }
}
