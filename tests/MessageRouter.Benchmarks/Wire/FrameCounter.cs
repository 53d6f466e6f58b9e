using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net.Sockets;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>Reads frames off a connection; counts messages and remembers how long they were under way.</summary>
/// <param name="stream">The connection.</param>
/// <param name="size">Bytes that are read at once.</param>
internal sealed class FrameCounter(ZmtpStream stream, int size)
{
    private const int LongestHeader = 9;

    /// <summary>Microseconds.</summary>
    private const long LongestAge = 600_000_000;

    private readonly byte[] _buffer = new byte[size];
    private int _kept;
    private long _skip;

    public long Messages { get; private set; }

    /// <summary>When the first message came; 0 before.</summary>
    public long FirstAt { get; private set; }

    /// <summary>Whether <see cref="Read"/> would not wait.</summary>
    public bool HasCome => stream.Socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Of messages that carry a time; null where nobody asks.</summary>
    public Histogram? Latencies { get; init; }

    /// <summary>Reads what there is, and waits where there is nothing.</summary>
    /// <returns>How many bytes; 0 when the peer has closed the connection.</returns>
    public int Read()
    {
        var count = stream.Socket.Receive(_buffer.AsSpan(_kept), SocketFlags.None, out var error);
        if (error != SocketError.Success) return 0;
        var bytes = _buffer.AsSpan(0, _kept + count);
        var rest = bytes[Walk(bytes)..];
        rest.CopyTo(_buffer);
        _kept = rest.Length;
        return count;
    }

    /// <returns>How many bytes are dealt with; the rest is the head of a frame that is not all there.</returns>
    private int Walk(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (true)
        {
            var skipped = (int)Math.Min(_skip, bytes.Length - at);
            at += skipped;
            _skip -= skipped;
            var rest = bytes[at..];
            if (rest.Length < 2) return at;
            var flags = rest[0];
            var header = (flags & 2) != 0 ? LongestHeader : 2;
            if (rest.Length < header) return at;
            var size = header == 2 ? rest[1] : BinaryPrimitives.ReadInt64BigEndian(rest[1..]);
            var looked = (flags & 4) != 0 || Latencies is not null ? (int)Math.Min(size, Payload.StampEnd) : 0;
            if (rest.Length < header + looked) return at;
            var body = rest.Slice(header, looked);
            if ((flags & 4) != 0) Answer(body);
            else if ((flags & 1) == 0) Count(body);
            at += header;
            _skip = size;
        }
    }

    private void Count(ReadOnlySpan<byte> body)
    {
        if (Messages++ == 0) FirstAt = Clock.Microseconds;
        if (body.Length < Payload.StampEnd || !Utf8Parser.TryParse(body[Payload.StampStart..], out long sent, out _, 'x') || sent <= 0) return;

        // Who writes JSON anew puts something else in this place.
        var age = Clock.Microseconds - sent;
        if (age is >= 0 and < LongestAge) Latencies!.Add(age);
    }

    private void Answer(ReadOnlySpan<byte> command)
    {
        if (command.Length < 7 || !command[..5].SequenceEqual("\u0004PING"u8)) return;
        byte[] pong = [4, (byte)(command.Length - 2), 4, .. "PONG"u8, .. command[7..]];
        stream.Write(pong);
    }
}
