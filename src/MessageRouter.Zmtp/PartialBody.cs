namespace MessageRouter.Zmtp;

/// <summary>Bytes of which only a part has come. What is announced is believed as far as it is small; beyond that memory grows with what has really come.</summary>
/// <param name="partial">The connection's share of what such bytes may take together; null for no limit.</param>
internal sealed class PartialBody(PartialShare? partial) : IDisposable
{
    /// <summary>Up to this size memory is taken on the peer's word; beyond, as it comes. As many peers as there may be can announce as much.</summary>
    private const int Trusted = 64 << 10;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    /// <summary>What has come.</summary>
    public Span<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Bytes of memory that are wanted for more of it.</summary>
    public long Wanted { get; private set; }

    /// <summary>Bytes of memory that were taken for it.</summary>
    public long Taken { get; private set; }

    /// <summary>What was <see cref="Wanted"/> has been taken.</summary>
    public void Granted()
    {
        Taken += Wanted;
        Wanted = 0;
    }

    /// <summary>Adds bytes.</summary>
    /// <param name="bytes">The next ones.</param>
    /// <param name="whole">How many there are to be, as far as it is announced.</param>
    /// <param name="most">The most that there may be beyond that.</param>
    /// <returns>False where there is no room for them yet: what is <see cref="Wanted"/> is to be taken, <see cref="Granted"/> to be said, and the bytes to be added again.</returns>
    public bool TryAdd(ReadOnlySpan<byte> bytes, long whole, long most)
    {
        var needed = Length + bytes.Length;
        if (needed > _bytes.Length)
        {
            var size = (int)Math.Max(Math.Max(needed, Math.Min(whole, Trusted)), Math.Min(most, 2L * _bytes.Length));
            if (partial is not null && size - Trusted - Taken is > 0 and var more)
            {
                Wanted = more;
                if (!partial.TryTake(more, Taken)) return false;
                Granted();
            }
            Array.Resize(ref _bytes, size);
        }
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length = needed;
        return true;
    }

    /// <summary>Takes all of it; what comes next is another one.</summary>
    public byte[] Take()
    {
        if (_bytes.Length > Length) Array.Resize(ref _bytes, Length);
        var taken = _bytes;
        _bytes = [];
        Length = 0;
        Dispose();
        return taken;
    }

    /// <summary>Gives back what was taken for it.</summary>
    public void Dispose()
    {
        partial?.Give(Taken);
        Taken = 0;
    }
}
