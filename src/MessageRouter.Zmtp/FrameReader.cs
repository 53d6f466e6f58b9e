using System.Buffers.Binary;
using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>
/// Takes the frames out of what a peer sends, and trusts none of it: every size is checked before anything is kept for
/// it, and what is kept grows only with what has really come.
/// </summary>
/// <param name="capacity">Bytes that are read at once; more than a command takes.</param>
/// <param name="maxMessageSize">The most bytes of a message, all its frames together.</param>
/// <param name="takesMessages">Whether the socket receives messages at all.</param>
/// <param name="partial">What messages may take together of which only a part has come; null for no limit.</param>
internal sealed class FrameReader(int capacity, long maxMessageSize, bool takesMessages, PartialShare? partial = null) : IDisposable
{
    /// <summary>Bytes of messages that are kept as one piece of memory: of it, one that is kept for long keeps the others too.</summary>
    private const int LargestRun = 4 << 10;

    private const int LargestInRun = LargestRun / 4;

    /// <summary>Bytes that are read at once at first: most peers never fill that.</summary>
    private const int InitialCapacity = 8 << 10;

    private byte[] _buffer = new byte[Math.Min(capacity, InitialCapacity)];
    private readonly PayloadCopies _payloads = new();
    private readonly List<int> _ends = [];
    private int _start;
    private int _end;
    private int _missing;
    private bool _inFrame;
    private bool _more;

    public enum Found
    {
        /// <summary>Nothing that is complete; read more.</summary>
        Nothing,

        /// <summary>A message goes on that there is no room for: what <see cref="Body"/> wants is to be taken for it.</summary>
        NoRoom,

        Command,

        Message,
    }

    /// <summary>Frames of a message at most.</summary>
    public int MostFrames { get; set; } = ZmtpLimits.Default.Frames;

    /// <summary>Whether something has come that is not whole yet.</summary>
    public bool IsUnfinished => _inFrame || _ends.Count > 0 || _start < _end;

    /// <summary>Whether the peer has to introduce itself before it sends messages.</summary>
    public bool AwaitsIntroduction { get; set; }

    /// <summary>Where to read to; never empty after <see cref="Next"/> has found nothing.</summary>
    public Memory<byte> Space => _buffer.AsMemory(_end);

    /// <summary>What has come and was not looked at yet.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>The body of the command that was found, until the next call.</summary>
    public ReadOnlySpan<byte> Command => CommandMemory.Span;

    /// <inheritdoc cref="Command"/>
    public ReadOnlyMemory<byte> CommandMemory => _buffer.AsMemory(_commandAt, _commandLength);

    /// <summary>The last frame of the message that was found.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>The frames before it.</summary>
    public ReadOnlyMemory<byte>[] LeadingFrames { get; private set; } = [];

    /// <summary>The message that is being received.</summary>
    public PartialBody Body { get; } = new(partial);

    /// <summary>Gives back what was taken for a message that will not come any more.</summary>
    public void Dispose() => Body.Dispose();

    private int _commandAt;
    private int _commandLength;

    /// <summary>So many bytes were read into <see cref="Space"/>.</summary>
    public void Arrived(int count) => _end += count;

    public void Skip(int count) => _start += count;

    /// <summary>
    /// Takes the messages that come next, as long as each is one frame, as nearly all are. Neighbours are copied together, with the
    /// headers between them, so that who sends them on as they are can do that too.
    /// </summary>
    /// <param name="messages">Where they go; nothing where not all of those are plain.</param>
    /// <param name="most">How many there should be at most with those that are there.</param>
    public void TakeRuns(ReceivedMessages messages, int most)
    {
        if (_inFrame || _ends.Count > 0 || AwaitsIntroduction || !takesMessages || !messages.ArePlain) return;
        while (RunOf(Unread, most - messages.Count) is > 0 and var run)
        {
            var chunk = GC.AllocateUninitializedArray<byte>(run);
            Unread[..run].CopyTo(chunk);
            Skip(run);
            for (var at = 0; at < run;)
            {
                FrameFlags.IsWholeMessage(chunk.AsSpan(at), out var size);
                at += FrameFlags.HeaderOf((int)size);
                messages.Add(chunk, (ushort)at, (int)size);
                at += (int)size;
            }
        }
    }

    /// <returns>How many bytes at the front are whole messages of one frame each that can share a chunk.</returns>
    private int RunOf(ReadOnlySpan<byte> unread, int most)
    {
        var largest = (ulong)Math.Min(LargestInRun, maxMessageSize);
        if (unread.Length > LargestRun) unread = unread[..LargestRun];
        var run = 0;
        for (; most > 0 && FrameFlags.IsWholeMessage(unread[run..], out var size) && size <= largest; most--)
        {
            var end = run + FrameFlags.HeaderOf((int)size) + (int)size;
            if (end > unread.Length) break;
            run = end;
        }
        return run;
    }

    /// <summary>Looks for the next command or message.</summary>
    /// <exception cref="ZmtpException">What came is not ZMTP or breaks a limit.</exception>
    public Found Next()
    {
        while (true)
        {
            if (!_inFrame)
            {
                switch (ReadHeader())
                {
                    case null:
                        MakeSpace();
                        return Found.Nothing;
                    case Found.Command:
                        return Found.Command;
                    case Found.Message:
                        return Found.Message;
                }
            }

            if (!TryCollect()) return Found.NoRoom;
            if (_missing > 0)
            {
                MakeSpace();
                return Found.Nothing;
            }
            _inFrame = false;
            if (_more)
            {
                _ends.Add(Body.Length);
                continue;
            }
            TakeCollected();
            return Found.Message;
        }
    }

    /// <summary>Null where more bytes are needed first; Nothing where a frame's body is to be collected.</summary>
    private Found? ReadHeader()
    {
        var unread = Unread;
        if (unread.Length < 2) return null;
        var flags = unread[0];
        if (flags > (FrameFlags.More | FrameFlags.Long | FrameFlags.Command) || (flags & (FrameFlags.Command | FrameFlags.More)) == (FrameFlags.Command | FrameFlags.More))
            throw new ZmtpException("It sent a frame with flags that do not exist.");
        var header = (flags & FrameFlags.Long) == 0 ? 2 : FrameFlags.LongestHeader;
        if (unread.Length < header) return null;
        var size = header == 2 ? unread[1] : BinaryPrimitives.ReadUInt64BigEndian(unread[1..]);
        return (flags & FrameFlags.Command) != 0 ? ReadCommand(header, size) : BeginFrame(header, size, (flags & FrameFlags.More) != 0);
    }

    private Found? ReadCommand(int header, ulong size)
    {
        if (size > Zmtp.Command.MaxSize) throw new ZmtpException($"It sent a command of more than {Zmtp.Command.MaxSize} bytes.");
        if (Unread.Length < header + (int)size) return null;
        _commandAt = _start + header;
        _commandLength = (int)size;
        Skip(header + _commandLength);
        return Found.Command;
    }

    private Found BeginFrame(int header, ulong size, bool more)
    {
        if (AwaitsIntroduction) throw new ZmtpException("It sent a message before it had introduced itself.");
        if (!takesMessages) throw new ZmtpException("It sent a message to a socket that only sends.");
        if (size > (ulong)(maxMessageSize - Body.Length)) throw new MessageTooLargeException((long)Math.Min(size, long.MaxValue - (ulong)Body.Length) + Body.Length, maxMessageSize);
        if (more && _ends.Count + 1 >= MostFrames) throw new ZmtpException($"It sent a message of more than {MostFrames} frames (limits.frames).", Refusals.Frames);
        Skip(header);
        if (!more && _ends.Count == 0 && (int)size <= Unread.Length)
        {
            // Nearly every message: one frame that is there as a whole.
            (Payload, LeadingFrames) = (_payloads.Copy(Unread[..(int)size]), []);
            Skip((int)size);
            return Found.Message;
        }
        _inFrame = true;
        _more = more;
        _missing = (int)size;
        return Found.Nothing;
    }

    /// <returns>False where there is no room for it yet.</returns>
    private bool TryCollect()
    {
        var count = Math.Min(_missing, _end - _start);
        var whole = Body.Length + (long)_missing;

        // Memory doubles with what has come, however small the frames are.
        if (!Body.TryAdd(Unread[..count], whole, _more || _ends.Count > 0 ? maxMessageSize : whole)) return false;
        Skip(count);
        _missing -= count;
        return true;
    }

    private void TakeCollected()
    {
        var body = Body.Take();
        var leading = new ReadOnlyMemory<byte>[_ends.Count];
        var start = 0;
        for (var i = 0; i < leading.Length; i++)
        {
            leading[i] = body.AsMemory(start, _ends[i] - start);
            start = _ends[i];
        }
        (Payload, LeadingFrames) = (body.AsMemory(start), leading);
        _ends.Clear();
    }

    /// <summary>Whether so many bytes could be read at once where nothing else is there.</summary>
    public bool HasCapacityFor(int count) => count <= capacity;

    /// <summary>Makes room to read so many bytes at once, as far as what is not looked at yet leaves some.</summary>
    public bool TryMakeSpace(int count)
    {
        if (Space.Length >= count) return true;
        if (count > capacity - Unread.Length) return false;
        if (count > _buffer.Length - Unread.Length) Array.Resize(ref _buffer, capacity);
        MakeSpace();
        return true;
    }

    private void MakeSpace()
    {
        var unread = Unread;
        if (_end == _buffer.Length && _buffer.Length < capacity) _buffer = new byte[capacity];
        unread.CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }
}
