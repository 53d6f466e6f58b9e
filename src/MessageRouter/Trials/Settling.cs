namespace MessageRouter.Trials;

/// <summary>Waits in a trial until a component has dealt with what it was given, and moves the clock where it waits for that.</summary>
/// <param name="clock">The trial's clock.</param>
/// <param name="errors">The output of the error chain.</param>
/// <param name="isOver">Whether the trial's real time is over.</param>
internal sealed class Settling(TrialClock clock, TrialUnit errors, Func<bool> isOver)
{
    /// <summary>How long work elsewhere, such as a request, is waited for before a timer is taken for what ends it.</summary>
    private static readonly TimeSpan WorkPatience = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a filter that sends when it likes is waited for, by the trial's clock.</summary>
    private static readonly TimeSpan EmissionPatience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(100);

    /// <summary>Most messages are dealt with at once.</summary>
    private const int LooksAtOnce = 50;

    /// <summary>Timers that run out for one message, at most.</summary>
    private const int MostTimers = 10_000;

    /// <returns>False where it has not dealt with it before the time is over.</returns>
    public async Task<bool> SettleAsync(TrialUnit unit)
    {
        var (moves, at, timers, looks) = (-1L, 0L, 0, 0);
        while (true)
        {
            // Asked after that: an actor that has counted a message may still be at what follows from it, such as a failure.
            var isEmpty = unit.Queued == 0 && errors.Queued == 0;
            var hasHandled = await unit.HasHandledAsync() && await errors.HasHandledAsync();
            if (isEmpty && hasHandled && unit.Queued == 0 && errors.Queued == 0) return true;
            if (isOver() || timers >= MostTimers) return false;
            if (!hasHandled || !unit.IsAtRest || unit.Moves != moves) (moves, at) = (unit.Moves, TimeProvider.System.GetTimestamp());
            else if (!isEmpty && (!unit.IsAsync || TimeProvider.System.GetElapsedTime(at) > WorkPatience) && clock.TryAdvance(LongestWait))
            {
                timers++;
                continue;
            }
            if (looks++ >= LooksAtOnce) await Task.Delay(1);
        }
    }

    /// <summary>Waits, within bounds, until a filter has sent something that sends when it likes.</summary>
    public async Task EmissionAsync(TrialUnit unit, long outsBefore)
    {
        var end = clock.Passed + EmissionPatience;
        for (var timers = 0; unit.Outs == outsBefore && timers < MostTimers && !isOver() && clock.TryAdvance(end); timers++) await unit.HasHandledAsync();
    }
}
