using System.Buffers;
using System.Buffers.Text;

namespace MessageRouter.Client.Logging;

/// <summary>The times of events as JSON has them. Most are of the same second as the one before, whose text is kept.</summary>
internal sealed class EventTime
{
    private const int SecondsEnd = 19, FractionEnd = 27;

    private readonly byte[] _text = new byte[FractionEnd + 1];
    private long _second = -1;

    /// <returns>The text, good until the next time.</returns>
    public ReadOnlySpan<byte> Text(DateTime utc)
    {
        var (second, fraction) = Math.DivRem(utc.Ticks, TimeSpan.TicksPerSecond);
        if (second != _second) Utf8Formatter.TryFormat(utc, _text, out _, 'O');
        _second = second;
        var end = SecondsEnd;
        if (fraction > 0)
        {
            _text[end++] = (byte)'.';
            Utf8Formatter.TryFormat(fraction, _text.AsSpan(end), out _, new StandardFormat('D', 7));
            end = _text.AsSpan(0, FractionEnd).LastIndexOfAnyExcept((byte)'0') + 1;
        }
        _text[end] = (byte)'Z';
        return _text.AsSpan(0, end + 1);
    }
}
