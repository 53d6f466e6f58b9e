using System.Globalization;
using Akka.Actor;
using MessageRouter.Ledger;
using MessageRouter.ZeroMq;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Routing;

/// <content>How a node stops.</content>
public sealed partial class RouterNode
{
    private long _stopBegun;

    /// <summary>Counts what components have that have not ended, as dropped at shutdown: for who waits for them no longer. Callable from any thread.</summary>
    /// <remarks>Who calls this while somebody else is at it waits for that: the ledger is not complete before.</remarks>
    internal void Abandon()
    {
        lock (_abandoning)
        {
            foreach (var cell in _topology.All.Where(cell => !cell.HasEnded)) cell.Abandon(DropReasons.Shutdown);
        }
    }

    /// <summary>What components that have not ended are at; "nothing" where all have.</summary>
    internal string DescribeHoldups() => Holdup.Describe([.. _topology.All, .. _topology.LeftBehind]);

    /// <summary>What a node that has drained may take to leave its cluster: what is left of the drain timeout, and a moment in any case.</summary>
    internal TimeSpan TimeToLeave
    {
        get
        {
            var most = HasAllTime ? Unhurried : Definition.DrainTimeout - _clock.GetElapsedTime(_stopBegun);
            return most > Grace / 2 ? most : Grace / 2;
        }
    }

    private bool HasAllTime => Definition.DrainTimeout == Timeout.InfiniteTimeSpan;

    private async Task<bool> StopOnceAsync(CancellationToken cancellation)
    {
        var begun = _clock.GetTimestamp();
        _stopBegun = begun;
        await _reloads.EndAsync();
        using (var timeout = new CancellationTokenSource(Definition.DrainTimeout, _clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation, _startFailed.Token))
        {
            var drain = _router.Ask<RouterActor.Drained>(new RouterActor.Drain(), Timeout.InfiniteTimeSpan, either.Token);
            using var progress = _clock.CreateTimer(_ => LogProgress(_clock.GetElapsedTime(begun)), null, ProgressStep, ProgressStep);
            try
            {
                // Where the actor system has ended there is nobody to drain any more.
                if (await Task.WhenAny(drain, _system!.WhenTerminated) != drain) return false;
                await drain;
            }
            catch (Exception exception) when (exception is OperationCanceledException or AskTimeoutException)
            {
                // The start stops what it had started itself.
                if (_startFailed.IsCancellationRequested) return true;

                // Who has only peers left that do not hang up has lost nothing.
                if (_topology.All.All(cell => cell is { Queued: 0, Unwritten: 0 })) RoutingLog.NotWaitedFor(_logger, string.Join(", ", Ending()));
                else RoutingLog.DrainTimedOut(_logger, DescribeHoldups());
            }
        }
        var left = _topology.LeftBehind.Count > 0 ? TimeSpan.Zero : HasAllTime ? Unhurried : Definition.DrainTimeout - _clock.GetElapsedTime(begun);
        var ended = await StopActorsAsync(left > TimeSpan.Zero ? left + Grace : Grace, cancellation);

        // What was still under way when the drain was cut short may have gone while components closed.
        var (dropped, missed) = (Dropped(), Named(cell => cell.MissedAtShutdown.Value));
        if (dropped.Length > 0) RoutingLog.DroppedAtShutdown(_logger, dropped);
        if (missed.Length > 0) RoutingLog.MissedAtShutdown(_logger, missed);
        if (_history.IsValueCreated) _history.Value.Dispose();
        if (ended) await HaveAnsweredAsync(cancellation);
        return ended && dropped.Length == 0 && missed.Length == 0 && await HaveSentAsync(cancellation);
    }

    /// <summary>Waits until those have heard what has become of their messages who otherwise give them to another: nothing is left in the node, so that they do within their linger time.</summary>
    private async Task HaveAnsweredAsync(CancellationToken atOnce) =>
        await Task.WhenAll(_topology.All.Select(cell => cell.Answered)).WaitAsync(TimeToLeave, _clock, atOnce).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Waits for sockets that hide what they have: within their linger time it leaves, or is lost.</summary>
    private async Task<bool> HaveSentAsync(CancellationToken atOnce)
    {
        if (_services.GetService<IZeroMqEngine>() is not { } engine) return true;
        await engine.DisposeAsync().AsTask().WaitAsync(atOnce).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (engine.StillSending is not { Count: > 0 } senders) return true;
        RoutingLog.NotAllSent(_logger, string.Join(", ", senders));
        return false;
    }

    /// <returns>False where a component did not end, because it blocks its thread.</returns>
    private async Task<bool> StopActorsAsync(TimeSpan limit, CancellationToken atOnce)
    {
        var stop = new RouterActor.Stop(atOnce);
        foreach (var cell in _topology.All)
        {
            cell.Mailbox.ReasonWhenClosed = DropReasons.Shutdown;
            cell.MustStop = true;
            foreach (var copy in cell.Pool?.Copies ?? []) copy.Cell.MustStop = true;
        }
        var ended = _router.GracefulStop(Timeout.InfiniteTimeSpan, stop);
        using var impatience = new CancellationTokenSource(limit, _clock);
        using var hurry = atOnce.Register(() => impatience.CancelAfter(Moment));
        try
        {
            // Worker processes have stop timeouts of their own.
            await Task.WhenAny(stop.ComponentsEnded.Task, ended).WaitAsync(impatience.Token);
            await ended;
            return true;
        }
        catch (OperationCanceledException)
        {
            IsCutShort = true;
            RoutingLog.ComponentsLeft(_logger, DescribeHoldups());
            Abandon();
            stop.ComponentsLeft.TrySetResult();
            await stop.WorkersEnded.Task;
            return false;
        }
    }

    /// <summary>What was dropped because the node stopped, by component.</summary>
    private string Dropped() =>
        string.Join(", ", Ledger().Components.Where(line => line.Dropped.ContainsKey(DropReasons.Shutdown)).Select(line => $"{line.Name} {line.Dropped[DropReasons.Shutdown]}"));

    /// <summary>What a node that drains still waits for.</summary>
    private string DescribeDrain() =>
        Named(Left) is { Length: > 0 } left ? left : Ending() is { Count: > 0 } ending ? $"{string.Join(", ", ending)} to end" : "nothing";

    private void LogProgress(TimeSpan elapsed)
    {
        var seconds = (long)Math.Round(elapsed.TotalSeconds);
        if (Named(Left) is { Length: > 0 } left) RoutingLog.Draining(_logger, seconds, _topology.All.Sum(Left) is var count && count == 1 ? "1 message" : string.Create(CultureInfo.InvariantCulture, $"{count} messages"), left);
        else if (Ending() is { Count: > 0 } ending) RoutingLog.Ending(_logger, seconds, string.Join(", ", ending));
    }

    /// <summary>The components that nothing comes to any more and that have not ended.</summary>
    private List<string> Ending() =>
        [.. _topology.Components.Where(cell => !cell.Drained.Task.IsCompleted && _topology.Feeders[cell].All(feeder => feeder.Drained.Task.IsCompleted)).Select(cell => cell.Name)];
}
