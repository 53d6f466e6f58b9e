using System.Threading.Channels;
using MessageRouter.Monitoring.Taps;

namespace MessageRouter.Control.Serving;

/// <summary>
/// Judges what a tap has taken, on a thread of its own, since a condition is anybody's code: what throws is counted, and one that does not come back
/// ends the tap and leaves its thread behind.
/// </summary>
internal sealed class TapRun
{
    /// <summary>How long a condition may be at one message.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly MessageTap _tap;
    private readonly TapCondition _condition;
    private readonly Channel<TappedMessage> _met = Channel.CreateBounded<TappedMessage>(new BoundedChannelOptions(256) { SingleReader = true, SingleWriter = true });
    private long _since;
    private long _thrown;
    private string? _lastProblem;

    public TapRun(MessageTap tap, TapCondition condition)
    {
        _tap = tap;
        _condition = condition;
        new Thread(Run) { IsBackground = true, Name = "tap" }.Start();
    }

    /// <summary>What meets the condition.</summary>
    public ChannelReader<TappedMessage> Messages => _met.Reader;

    /// <summary>Whether the condition has been at one message for too long.</summary>
    public bool IsStuck => Interlocked.Read(ref _since) is not 0 and var since && TimeProvider.System.GetElapsedTime(since) > Patience;

    /// <summary>How often it threw since this was asked last, and what.</summary>
    public (long Count, string? Problem) TakeThrown() => (Interlocked.Exchange(ref _thrown, 0), _lastProblem);

    private void Run()
    {
        var reader = _tap.Messages;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out var message))
            {
                _tap.Read(message);
                if (!IsMet(message)) continue;
                try
                {
                    _met.Writer.WriteAsync(message).AsTask().GetAwaiter().GetResult();
                }
                catch (ChannelClosedException)
                {
                    return;
                }
            }
        }
        _met.Writer.TryComplete();
    }

    /// <summary>Nobody reads any more.</summary>
    public void End() => _met.Writer.TryComplete();

    private bool IsMet(TappedMessage message)
    {
        Interlocked.Exchange(ref _since, TimeProvider.System.GetTimestamp());
        try
        {
            return _condition.IsMet(message.ToMessage(MessageFormat.Json));
        }
        catch (Exception exception)
        {
            _lastProblem = $"{exception.GetType().Name}: {exception.Message.Split('\n')[0]}";
            Interlocked.Increment(ref _thrown);
            return false;
        }
        finally
        {
            Interlocked.Exchange(ref _since, 0);
        }
    }
}
