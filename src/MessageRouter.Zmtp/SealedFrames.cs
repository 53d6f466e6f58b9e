using System.Buffers.Binary;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>
/// Opens the frames that a peer has sealed and gives them on as if they had come as they are, so that whoever reads frames knows nothing of encryption. Nothing of a frame is given on
/// before it was found to be the peer's.
/// </summary>
/// <param name="cipher">Opens them.</param>
/// <param name="capacity">Bytes that are read at once.</param>
/// <param name="maxMessageSize">The most bytes of a message.</param>
/// <param name="partial">What may be taken for frames of which only a part has come; null for no limit.</param>
internal sealed class SealedFrames(IFrameCipher cipher, int capacity, long maxMessageSize, PartialShare? partial) : IDisposable
{
    private readonly byte[] _buffer = new byte[capacity];
    private int _start;
    private int _end;

    /// <summary>What is wrong with the next frame, where those before it have to be looked at first.</summary>
    private ZmtpException? _problem;

    // Of a frame that is larger than the buffer.
    private long _missing;
    private byte[] _opened = [];
    private int _given;

    /// <summary>A frame that is being collected.</summary>
    public PartialBody Body { get; } = new(partial);

    /// <summary>Whether something has come that is not whole yet.</summary>
    public bool IsUnfinished => _missing > 0 || _start < _end;

    /// <summary>Where to read to; never empty after <see cref="Pour"/> has given on nothing.</summary>
    public Memory<byte> Space => _buffer.AsMemory(_end);

    private ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>So many bytes were read into <see cref="Space"/>.</summary>
    public void Arrived(int count) => _end += count;

    /// <summary>Takes what came behind the handshake.</summary>
    public void Arrived(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    public void Dispose()
    {
        Body.Dispose();
        cipher.Dispose();
    }

    /// <summary>Opens what is there, as far as the reader has room for it.</summary>
    /// <returns>Whether anything was given on.</returns>
    /// <exception cref="ZmtpException">What came was not sealed by the peer, or breaks a limit.</exception>
    public bool Pour(FrameReader reader)
    {
        if (_problem is not null) throw _problem;
        var poured = false;
        try
        {
            while (Step(reader)) poured = true;
        }
        catch (ZmtpException problem) when (poured)
        {
            // What came before was good.
            _problem = problem;
            return true;
        }
        if (_start > 0)
        {
            Unread.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        return poured;
    }

    private bool Step(FrameReader reader)
    {
        if (_given < _opened.Length) return GiveRest(reader);
        if (_missing > 0) return Collect(reader);
        var unread = Unread;
        if (unread.Length < FrameFlags.ShortestHeader) return false;

        // libzmq sends what is sealed as a message, the protocol's text has it as a command.
        var flags = unread[0];
        if ((flags & ~(FrameFlags.Long | FrameFlags.Command)) != 0) throw new ZmtpException("It sent a frame that is not sealed.", Refusals.Forged);
        var header = (flags & FrameFlags.Long) == 0 ? FrameFlags.ShortestHeader : FrameFlags.LongestHeader;
        if (unread.Length < header) return false;
        var size = header == FrameFlags.ShortestHeader ? unread[1] : BinaryPrimitives.ReadUInt64BigEndian(unread[1..]);
        if (size < (ulong)cipher.Overhead) throw new ZmtpException("It sent a frame that is not sealed.", Refusals.Forged);

        // A command may always be as large as one may be.
        var most = Math.Min((ulong)Math.Max(maxMessageSize, Command.MaxSize) + (ulong)cipher.Overhead, (ulong)Array.MaxLength);
        if (size > most) throw new MessageTooLargeException((long)Math.Min(size - (ulong)cipher.Overhead, long.MaxValue), maxMessageSize);
        var length = (int)size;
        if (header + length > _buffer.Length || !reader.HasCapacityFor(FrameFlags.LongestHeader + length - cipher.Overhead))
        {
            _start += header;
            _missing = length;
            return true;
        }
        if (unread.Length < header + length || !reader.TryMakeSpace(FrameFlags.LongestHeader + length - cipher.Overhead)) return false;
        Open(unread.Slice(header, length), reader);
        _start += header + length;
        return true;
    }

    /// <summary>Opens a frame to where the reader reads: behind the header with which it would have come, in whose last byte the flags first are.</summary>
    private void Open(ReadOnlySpan<byte> body, FrameReader reader)
    {
        var payload = body.Length - cipher.Overhead;
        var header = FrameFlags.HeaderOf(payload);
        var frame = reader.Space.Span[..(header + payload)];
        var content = frame[(header - 1)..];
        cipher.Open(body, content);
        WriteHeader(frame, content[0], payload);
        reader.Arrived(frame.Length);
    }

    private bool Collect(FrameReader reader)
    {
        var count = (int)Math.Min(_missing, _end - _start);
        var whole = Body.Length + _missing;
        if (count > 0)
        {
            if (!Body.TryAdd(Unread[..count], whole, whole)) return false;
            _start += count;
            _missing -= count;
        }
        if (_missing > 0) return false;
        _opened = Body.Take();

        // The content is where the box was; the header fits before it.
        var content = _opened.AsSpan(cipher.Overhead - 1);
        cipher.Open(_opened, content);
        var payload = content.Length - 1;
        _given = cipher.Overhead - FrameFlags.HeaderOf(payload);
        WriteHeader(_opened.AsSpan(_given), content[0], payload);
        return GiveRest(reader);
    }

    private bool GiveRest(FrameReader reader)
    {
        reader.TryMakeSpace(1);
        var space = reader.Space.Span;
        var count = Math.Min(space.Length, _opened.Length - _given);
        if (count == 0) return false;
        _opened.AsSpan(_given, count).CopyTo(space);
        reader.Arrived(count);
        _given += count;
        if (_given == _opened.Length) (_opened, _given) = ([], 0);
        return true;
    }

    private static void WriteHeader(Span<byte> frame, byte flags, int payload)
    {
        if ((flags & ~(FrameFlags.More | FrameFlags.Sealed.Command)) != 0) throw new ZmtpException("It sealed a frame with flags that do not exist.");
        var plain = (byte)((flags & FrameFlags.More) | ((flags & FrameFlags.Sealed.Command) != 0 ? FrameFlags.Command : 0));
        FrameFlags.WriteHeader(frame, plain, payload);
    }
}
