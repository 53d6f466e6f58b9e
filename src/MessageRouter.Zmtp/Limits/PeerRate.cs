namespace MessageRouter.Zmtp.Limits;

/// <summary>
/// How much one peer may send now: each second as much more as it may send in one, up to what it may send in one. It is looked at for each batch that was read, not for each message, and
/// only by the task that reads.
/// </summary>
internal sealed class PeerRate
{
    /// <summary>Who has to wait waits for at least so much of a second's worth: to be read for each single message would cost more than the message.</summary>
    private const double Portion = 0.05;

    private readonly TimeProvider _clock;
    private readonly double _messagesPerSecond;
    private readonly double _bytesPerSecond;
    private readonly bool _drops;
    private double _messages;
    private double _bytes;
    private long _at;

    private PeerRate(ZmtpLimits limits, TimeProvider clock)
    {
        Limits = limits;
        _clock = clock;
        _messages = _messagesPerSecond = limits.MessagesPerSecond ?? double.PositiveInfinity;
        _bytes = _bytesPerSecond = limits.BytesPerSecond ?? double.PositiveInfinity;
        _drops = limits.OverRate == RateExcess.Drop;
        _at = clock.GetTimestamp();
    }

    /// <summary>What it was made of.</summary>
    public ZmtpLimits Limits { get; }

    /// <returns>Null where there is no limit.</returns>
    public static PeerRate? Of(ZmtpLimits limits, TimeProvider clock) => limits is { MessagesPerSecond: null, BytesPerSecond: null } ? null : new PeerRate(limits, clock);

    /// <summary>How many messages may be taken together.</summary>
    public int Most(int most) => _drops ? most : (int)Math.Clamp(_messages, 0, most);

    /// <summary>So many bytes were read.</summary>
    public void Read(int bytes)
    {
        if (!_drops) _bytes -= bytes;
    }

    /// <summary>Messages have come.</summary>
    /// <returns>How many of the first of them may come in; the others are to be dropped.</returns>
    public int Take(ZmtpBatch batch)
    {
        if (!_drops)
        {
            _messages -= batch.Count;
            return batch.Count;
        }
        Refill();
        var taken = (int)Math.Clamp(_messages, 0, batch.Count);
        var size = batch.Slice(0, taken).Size;
        if (size > _bytes)
        {
            // One of any size where none was taken before it: a message that is larger than a second's worth must come some day.
            var room = _bytes;
            for (taken = 0; taken < batch.Count && taken + 1 <= _messages && room > 0; taken++) room -= batch.Slice(taken, 1).Size;
            size = batch.Slice(0, taken).Size;
        }
        _messages -= taken;
        _bytes -= size;
        return taken;
    }

    /// <summary>How long the peer is not to be read from before this is asked again; null where it may be.</summary>
    public TimeSpan? Pause()
    {
        if (_drops) return null;
        Refill();
        if (_messages >= 1 && _bytes > 0) return null;
        var seconds = Math.Max(Seconds(Math.Max(1, _messagesPerSecond * Portion) - _messages, _messagesPerSecond), Seconds(_bytesPerSecond * Portion - _bytes, _bytesPerSecond));

        // Rounded up, to find enough then; and no longer than a second, since the limits may change.
        return TimeSpan.FromTicks((long)Math.Ceiling(Math.Clamp(seconds, 0.001, 1) * TimeSpan.TicksPerSecond) + 1);
    }

    private static double Seconds(double wanted, double perSecond) => double.IsPositiveInfinity(perSecond) ? 0 : wanted / perSecond;

    private void Refill()
    {
        var now = _clock.GetTimestamp();
        var seconds = _clock.GetElapsedTime(_at, now).TotalSeconds;
        _at = now;
        _messages = Math.Min(_messagesPerSecond, _messages + Added(_messagesPerSecond));
        _bytes = Math.Min(_bytesPerSecond, _bytes + Added(_bytesPerSecond));

        double Added(double perSecond) => double.IsPositiveInfinity(perSecond) ? 0 : perSecond * seconds;
    }
}
