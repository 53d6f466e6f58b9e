namespace MessageRouter.Zmtp;

/// <summary>
/// Where in the stream of a connection's bytes messages end, and from that which of them the operating system has taken
/// and which of those the peer's machine has confirmed.
/// </summary>
internal sealed class SentLog
{
    private readonly Queue<long> _unwritten = [];
    private readonly Queue<long> _unconfirmed = [];
    private long _added;
    private long _taken;

    /// <summary>Bytes up to the end of the message that is being written; as many as one likes where none is.</summary>
    public long RestOfMessage => _unwritten.TryPeek(out var end) ? end - _taken : long.MaxValue;

    /// <summary>Messages that were written and not found confirmed.</summary>
    public int Open => _unconfirmed.Count;

    /// <summary>A message of so many bytes, all its frames with their headers, is to be written next.</summary>
    public void AddMessage(long bytes) => _unwritten.Enqueue(_added += bytes);

    /// <summary>So many bytes that belong to no message are to be written next.</summary>
    public void AddOther(int bytes) => _added += bytes;

    /// <summary>The operating system has taken the next bytes.</summary>
    /// <returns>How many messages it now has as a whole and had not before.</returns>
    public int Taken(int bytes)
    {
        _taken += bytes;
        var count = 0;
        while (_unwritten.TryPeek(out var end) && end <= _taken)
        {
            _unconfirmed.Enqueue(_unwritten.Dequeue());
            count++;
        }
        return count;
    }

    /// <summary>The peer's machine has confirmed everything but the last bytes.</summary>
    /// <returns>How many written messages it has not confirmed.</returns>
    public int Confirm(long unconfirmedBytes)
    {
        while (_unconfirmed.TryPeek(out var end) && end <= _taken - unconfirmedBytes) _unconfirmed.Dequeue();
        return _unconfirmed.Count;
    }
}
