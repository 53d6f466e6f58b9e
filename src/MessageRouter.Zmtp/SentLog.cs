using System.Runtime.CompilerServices;

namespace MessageRouter.Zmtp;

/// <summary>
/// Where in the stream of a connection's bytes messages end, and from that which of them the operating system has taken
/// and which of those the peer's machine has confirmed.
/// </summary>
internal sealed class SentLog
{
    private const int LeastSize = 16;

    /// <summary>The ends of all messages that are not confirmed, in a ring; its size is a power of two.</summary>
    private long[] _ends = new long[LeastSize];

    // How many messages were confirmed, written and added since the beginning; of each its place in the ring follows.
    private long _confirmed;
    private long _written;
    private long _messages;

    // Bytes since the beginning.
    private long _added;
    private long _taken;

    /// <summary>Bytes up to the end of the message that is being written; as many as one likes where none is.</summary>
    public long RestOfMessage => _written < _messages ? _ends[_written & (_ends.Length - 1)] - _taken : long.MaxValue;

    /// <summary>Messages that the operating system has taken as a whole; to be read on any thread.</summary>
    public long Messages => Volatile.Read(ref _written);

    /// <summary>Bytes that it has taken; to be read on any thread.</summary>
    public long Bytes => Volatile.Read(ref _taken);

    /// <summary>Messages that were written and not found confirmed.</summary>
    public int Open => (int)(_written - _confirmed);

    /// <summary>A message of so many bytes, all its frames with their headers, is to be written next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddMessage(long bytes)
    {
        var ends = _ends;
        if (_messages - _confirmed == ends.Length) ends = Grow();
        ends[_messages++ & (ends.Length - 1)] = _added += bytes;
    }

    /// <summary>So many bytes that belong to no message are to be written next.</summary>
    public void AddOther(int bytes) => _added += bytes;

    /// <summary>The operating system has taken the next bytes.</summary>
    /// <returns>How many messages it now has as a whole and had not before.</returns>
    public int Taken(int bytes)
    {
        var (taken, before, written) = (_taken + bytes, _written, _written);
        var ends = _ends;
        while (written < _messages && ends[written & (ends.Length - 1)] <= taken) written++;
        Volatile.Write(ref _taken, taken);
        Volatile.Write(ref _written, written);
        return (int)(written - before);
    }

    /// <summary>The peer's machine has confirmed everything but the last bytes.</summary>
    /// <returns>How many written messages it has not confirmed.</returns>
    /// <remarks>By halves: there may be thousands since somebody last asked, of each of thousands of connections.</remarks>
    public int Confirm(long unconfirmedBytes)
    {
        var (ends, position) = (_ends, _taken - unconfirmedBytes);
        for (var last = _written; _confirmed < last;)
        {
            var middle = _confirmed + (last - _confirmed) / 2;
            if (ends[middle & (ends.Length - 1)] <= position) _confirmed = middle + 1;
            else last = middle;
        }
        return Open;
    }

    private long[] Grow()
    {
        var larger = new long[2 * _ends.Length];
        for (var message = _confirmed; message < _messages; message++) larger[message & (larger.Length - 1)] = _ends[message & (_ends.Length - 1)];
        return _ends = larger;
    }
}
