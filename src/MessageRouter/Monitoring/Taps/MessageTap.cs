using System.Threading.Channels;
using MessageRouter.Routing;

namespace MessageRouter.Monitoring.Taps;

/// <summary>
/// Looks at messages that pass components, for one reader. It takes samples and counts what it leaves out, so that it never slows who routes: so
/// many messages a second, and no more than there is room for until the reader has read.
/// </summary>
internal sealed class MessageTap : ITap, IDisposable
{
    /// <summary>Bytes of a payload, and of a frame before it, that are shown.</summary>
    public const int MostBytes = 64 << 10;

    private const int MostFrames = 16;
    private const int Room = 2048;
    private const long RoomInBytes = 8 << 20;

    /// <summary>Of a batch; the next one may be of somebody else.</summary>
    private const int MostOfABatch = 64;

    private readonly HashSet<TapPoint> _places = [];
    private readonly TimeProvider _clock;
    private readonly int _perSecond;
    private readonly Channel<TappedMessage> _channel = Channel.CreateBounded<TappedMessage>(new BoundedChannelOptions(Room) { SingleReader = true });
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private double _tokens;
    private long _filled;
    private long _waitingBytes;
    private long _leftOut;
    private bool _isClosed;

    /// <param name="topology">The node's.</param>
    /// <param name="isMeant">Whether a component is to be looked at, by its full name; asked of those too that come later.</param>
    /// <param name="sides">What to look at.</param>
    /// <param name="perSecond">Messages a second that are taken at most.</param>
    /// <param name="clock">The node's.</param>
    public MessageTap(Topology topology, Func<string, bool> isMeant, TapSide sides, int perSecond, TimeProvider clock)
    {
        _clock = clock;
        _perSecond = perSecond;
        _tokens = perSecond;
        _filled = clock.GetTimestamp();
        _ = FollowAsync(topology, isMeant, sides);
    }

    /// <summary>What was taken.</summary>
    public ChannelReader<TappedMessage> Messages => _channel.Reader;

    /// <summary>Messages that passed and were not taken, since the last time that this was asked.</summary>
    public long TakeLeftOut() => Interlocked.Exchange(ref _leftOut, 0);

    /// <summary>One message has been read.</summary>
    public void Read(TappedMessage message) => Interlocked.Add(ref _waitingBytes, -Size(message));

    /// <remarks>It takes what it may and has room for.</remarks>
    public void Offer(string component, TapSide side, MessageBatch batch, string? peer, string? why)
    {
        var taken = Take(Math.Min(batch.Count, MostOfABatch));
        var now = _clock.GetUtcNow();
        for (var i = 0; i < taken; i++)
        {
            if (Interlocked.Read(ref _waitingBytes) < RoomInBytes && Copy(now, component, side, batch, i, peer, why) is { } message && _channel.Writer.TryWrite(message)) continue;
            Interlocked.Increment(ref _leftOut);
        }
        if (taken < batch.Count) Interlocked.Add(ref _leftOut, batch.Count - taken);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
        }
        foreach (var place in _places) place.Remove(this);
        _closed.SetResult();
        _channel.Writer.TryComplete();
    }

    /// <summary>A component that takes another one's place goes on with its counts, and with whoever looks at it; one that is new has none yet.</summary>
    private async Task FollowAsync(Topology topology, Func<string, bool> isMeant, TapSide sides)
    {
        while (true)
        {
            var changed = topology.Changed;
            lock (_lock)
            {
                if (_isClosed) return;
                foreach (var cell in topology.All.Where(cell => isMeant(cell.Name) && _places.Add(cell.Counts.Tap))) cell.Counts.Tap.Add(this, cell.Name, sides);
            }
            await Task.WhenAny(changed, _closed.Task);
        }
    }

    private int Take(int count)
    {
        lock (_lock)
        {
            if (_isClosed) return 0;
            var now = _clock.GetTimestamp();
            _tokens = Math.Min(_perSecond, _tokens + (_clock.GetElapsedTime(_filled, now).TotalSeconds * _perSecond));
            _filled = now;
            var taken = (int)Math.Min(count, _tokens);
            _tokens -= taken;
            return taken;
        }
    }

    private TappedMessage Copy(DateTimeOffset now, string component, TapSide side, MessageBatch batch, int index, string? peer, string? why)
    {
        byte[] payload;
        int length;
        try
        {
            var bytes = batch.PayloadAt(index);
            (payload, length) = (bytes[..Math.Min(bytes.Length, MostBytes)].ToArray(), bytes.Length);
        }
        catch (Exception)
        {
            // A tree that cannot be written, which is said where it fails.
            (payload, length) = ([], 0);
        }
        List<byte[]> frames = [];
        foreach (var frame in batch.LeadingFramesAt(index))
        {
            if (frames.Count == MostFrames) break;
            frames.Add(frame.Span[..Math.Min(frame.Length, MostBytes)].ToArray());
        }
        var message = new TappedMessage(now, component, side, peer, why, payload, length, frames);
        Interlocked.Add(ref _waitingBytes, Size(message));
        return message;
    }

    private static long Size(TappedMessage message) => message.Payload.Length + message.Frames.Sum(frame => (long)frame.Length);
}
