namespace MessageRouter.Inputs;

/// <summary>
/// Makes lines of blocks of bytes: <c>\n</c> ends a line, one <c>\r</c> before it is not part of it, empty lines are
/// left out, and what follows the last <c>\n</c> is a line once <see cref="End"/> has been said.
/// </summary>
/// <remarks>
/// Bytes are read into <see cref="Free"/>, reported by <see cref="Advance"/> and taken by <see cref="Take"/> until it
/// gives no more. Lines are copied out in chunks that neighbours share: one copy for many lines, and small enough that
/// one line kept for long keeps little else in memory.
/// </remarks>
/// <param name="maxLineSize">The longest line in bytes; longer ones are left out and counted.</param>
internal sealed class LineSplitter(int maxLineSize)
{
    private const int BlockSize = 256 * 1024;
    private const int ChunkSize = 4 * 1024;

    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(BlockSize);
    private int _start;
    private int _end;
    private int _searched;
    private bool _skipping;
    private bool _ended;
    private byte[] _chunk = [];
    private int _chunkStart;
    private long _tooLarge;

    /// <summary>The longest line in bytes; longer ones are left out and counted.</summary>
    public int MaxLineSize { get; set; } = maxLineSize;

    /// <summary>Bytes of a line that has not ended yet.</summary>
    public int Incomplete => _end - _start;

    /// <summary>Room for what is read next; never empty. Everything complete must have been taken.</summary>
    public Memory<byte> Free
    {
        get
        {
            MakeRoom();
            return _buffer.AsMemory(_end);
        }
    }

    /// <summary>So many bytes were put into <see cref="Free"/>.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Nothing more comes: what is left is the last line.</summary>
    public void End() => _ended = true;

    /// <summary>Takes the next lines, as many as are complete and fit; each owns its bytes.</summary>
    /// <returns>The number of lines.</returns>
    public int Take(Span<ReadOnlyMemory<byte>> lines)
    {
        var count = 0;
        while (count < lines.Length && (_chunkStart < _chunk.Length || NextChunk()))
        {
            var rest = _chunk.AsSpan(_chunkStart);
            var length = rest.IndexOf((byte)'\n');
            if (length < 0) length = rest.Length;
            var stripped = length > 0 && rest[length - 1] == '\r' ? length - 1 : length;
            if (stripped > MaxLineSize) _tooLarge++;
            else if (stripped > 0) lines[count++] = _chunk.AsMemory(_chunkStart, stripped);
            _chunkStart += length + 1;
        }
        return count;
    }

    /// <summary>The number of lines that were too large since the last call.</summary>
    public long TakeTooLarge()
    {
        var tooLarge = _tooLarge;
        _tooLarge = 0;
        return tooLarge;
    }

    /// <summary>Copies whole lines out of the buffer: as many as a chunk holds, or one that is larger.</summary>
    private bool NextChunk()
    {
        _chunk = [];
        _chunkStart = 0;
        if (_skipping && !SkipToLineEnd()) return false;

        var data = _buffer.AsSpan(_start, _end - _start);
        var length = data[..Math.Min(ChunkSize, data.Length)].LastIndexOf((byte)'\n') + 1;
        if (length == 0)
        {
            var lineEnd = data[_searched..].IndexOf((byte)'\n');
            if (lineEnd >= 0)
            {
                length = _searched + lineEnd + 1;
            }
            else if (data.Length > MaxLineSize + 1)
            {
                // The one byte more may be a \r.
                _tooLarge++;
                _skipping = true;
                Discard(data.Length);
                return false;
            }
            else if (_ended)
            {
                length = data.Length;
            }
            else
            {
                _searched = data.Length;
            }
        }
        if (length == 0) return false;

        _chunk = GC.AllocateUninitializedArray<byte>(length);
        data[..length].CopyTo(_chunk);
        Discard(length);
        return true;
    }

    private bool SkipToLineEnd()
    {
        var lineEnd = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        Discard(lineEnd < 0 ? _end - _start : lineEnd + 1);
        _skipping = lineEnd < 0;
        return !_skipping;
    }

    private void Discard(int count)
    {
        _start += count;
        _searched = 0;
    }

    private void MakeRoom()
    {
        var incomplete = Incomplete;
        var target = _buffer;
        if (incomplete == _buffer.Length)
        {
            // One byte more than the largest line with \r shows that a line is too large.
            target = GC.AllocateUninitializedArray<byte>((int)Math.Min(_buffer.Length * 2L, MaxLineSize + 2L));
        }
        else if (_buffer.Length > BlockSize && incomplete < BlockSize / 2)
        {
            target = GC.AllocateUninitializedArray<byte>(BlockSize);
        }
        if (_start == 0 && target == _buffer) return;
        _buffer.AsSpan(_start, incomplete).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = incomplete;
    }
}
