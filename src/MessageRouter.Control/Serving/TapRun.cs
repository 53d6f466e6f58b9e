using System.Threading.Channels;
using MessageRouter.Components;
using MessageRouter.Control.Listening;
using MessageRouter.Monitoring.Taps;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Control.Serving;

/// <summary>
/// Judges what a tap has taken, on a thread of its own that is the last to get a processor, since a condition is anybody's code: what throws is counted, and one that does
/// not come back ends the tap and leaves its thread behind, which is logged. Nothing can end a thread but the process.
/// </summary>
internal sealed class TapRun
{
    /// <summary>How long a condition may be at one message.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Threads that may be left behind before nobody is given another one.</summary>
    private const int MostLeftBehind = 4;

    private static int leftBehind;

    private readonly MessageTap _tap;
    private readonly ILogger _logger;
    private readonly TapCondition _condition;
    private readonly Channel<TappedMessage> _met = Channel.CreateBounded<TappedMessage>(new BoundedChannelOptions(256) { SingleReader = true, SingleWriter = true });
    private long _since;
    private long _thrown;
    private string? _lastProblem;

    public TapRun(MessageTap tap, TapCondition condition, ILogger logger)
    {
        _logger = logger;
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
        LastInLine.Put();
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

    /// <summary>Whether so many conditions never came back that there is no thread for another one.</summary>
    public static bool AreTooManyStuck => Volatile.Read(ref leftBehind) >= MostLeftBehind;

    /// <summary>Nobody reads any more.</summary>
    public void End()
    {
        _met.Writer.TryComplete();
        if (Interlocked.Read(ref _since) is not 0 and var since) _ = WatchAsync(since);
    }

    /// <summary>Waits for the message that the condition is at.</summary>
    private async Task WatchAsync(long since)
    {
        await Task.Delay(Patience, TimeProvider.System);
        if (Interlocked.Read(ref _since) != since) return;
        Interlocked.Increment(ref leftBehind);
        ControlLog.LeftBehind(_logger);
        while (Interlocked.Read(ref _since) == since) await Task.Delay(Patience, TimeProvider.System);
        Interlocked.Decrement(ref leftBehind);
    }

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
