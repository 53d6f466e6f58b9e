using Akka.Actor;
using Akka.Event;
using MessageRouter.Mailboxes;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Components;

/// <summary>
/// What inputs, filters and outputs have in common. A component is an Akka.NET actor: it may have timers, children and
/// handlers for messages of its own (<c>Receive&lt;T&gt;</c> in the constructor). The router's messages come through
/// the methods of the three roles; batches, counts, restarts and delivery are done here.
/// </summary>
public abstract partial class ComponentActor : ReceiveActor, IWithTimers
{
    private readonly ClockTimers _timers;
    private ITimer? _backoff;
    private Reopen? _reopen;

    private protected ComponentActor()
    {
        Cell = ComponentCells.Of(Context.System).Find(Self.Path);
        _timers = new ClockTimers(Self, Cell.Clock);
        var self = Self;
        Cell.Outbox.Emptied = () => self.Tell(Recheck.Instance);
    }

    /// <summary>Akka's timers, run by the node's clock; they end with the instance.</summary>
    public ITimerScheduler Timers
    {
        get => _timers;
        set
        {
            // Akka hands out timers of its own clock.
        }
    }

    /// <summary>The full name, such as <c>filters.errors</c>.</summary>
    protected string Name => Cell.Name;

    /// <summary>Logs under the component's full name.</summary>
    protected ILogger Logger => Cell.Logger;

    /// <summary>The node's clock.</summary>
    protected TimeProvider Clock => Cell.Clock;

    private protected ComponentCell Cell { get; }

    /// <summary>
    /// Opens what the component needs. Runs at the start, before anything feeds it, and again after each restart.
    /// An exception at the start ends the node with an error that names the component; later it is a failure as any other.
    /// </summary>
    protected virtual void Open()
    {
    }

    /// <summary>Closes what <see cref="Open"/> opened. Runs before each restart and at the end, also where Open failed half-way.</summary>
    protected virtual void Close()
    {
    }

    /// <summary>What the component is connected to, for status and ledger; set it in <see cref="Open"/>.</summary>
    protected void SetEndpoints(params IEnumerable<string> endpoints) => Cell.Endpoints = [.. endpoints];

    /// <summary>
    /// Takes other options while it works: a reload has changed keys that are all <see cref="LiveAttribute">live</see>. Runs between two messages. What it
    /// throws is a failure as any other; the next instance is made with the new options.
    /// </summary>
    /// <param name="options">An instance of the component's <c>Options</c>.</param>
    protected virtual void Change(object options) =>
        throw new NotSupportedException($"{GetType().Name} has live options, and does not override {nameof(Change)}.");

    private protected abstract void Handle(Delivery delivery);

    /// <summary>All messages have been handled; whatever is still held must leave now.</summary>
    private protected virtual void HandleEnd()
    {
    }

    /// <summary>The instance ends: its timers and what it has under way end with it. Runs before <see cref="Close"/>.</summary>
    private protected virtual void HandleClosing()
    {
    }

    /// <summary>The node is stopping: what is held for later must leave now.</summary>
    private protected virtual void HandleDraining()
    {
    }

    private protected virtual bool HandleControl(object message) => false;

    /// <summary>Runs the component's own handler for a message that is not the router's.</summary>
    private protected virtual bool HandleOwn(Receive receive, object message) => base.AroundReceive(receive, message);

    private protected bool Ended { get; private set; }

    /// <summary>
    /// Whether it waits for its restart. In a node that stops it waits no longer than until it has a message; an input then
    /// has nothing more to open, and its messages pass.
    /// </summary>
    private bool IsClosed => !Cell.IsOpen && Cell.Intake is null;

    /// <summary>After the last message: whether all of them have gone.</summary>
    private protected virtual bool IsDrained => Cell.Counts.Held.Value == 0 && Cell.Outbox.IsEmpty;

    /// <summary>Deliveries that were taken and are not dealt with, in order; they go back to the mailbox on a restart.</summary>
    private protected virtual IEnumerable<Delivery> TakeUnfinished() => [];

    /// <summary>Has the mailbox have back what the component had taken, in front of what waits there.</summary>
    private protected void PutBack(IEnumerable<Delivery> deliveries)
    {
        lock (Cell.Books)
        {
            if (!Cell.IsAbandoned) Cell.Mailbox.Return(deliveries);
        }
    }

    /// <summary>Counts a message that was taken as failed, and sends it to the error chain.</summary>
    private protected void Fail(Message message, string problem, Exception? exception = null, int attempts = 1)
    {
        lock (Cell.Books)
        {
            if (Cell.IsAbandoned) return;
            Cell.Counts.Held.Remove(1);
            Cell.Counts.Failed.Add(1);
            message.Receipt?.Settle(Fate.Failed, problem);
            Cell.Errors.Report(Cell, ErrorKind.Failed, message, problem, exception, attempts);
        }
    }

    /// <summary>Has this actor told something when the node's clock has moved on; the timer must be disposed in Close.</summary>
    private protected ITimer TellLater(object message, TimeSpan delay)
    {
        var self = Self;
        return Clock.CreateTimer(_ => self.Tell(message), null, delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Counts messages as gone on and hands them to the targets; with <see cref="ComponentCell.Books"/> held.</summary>
    private protected void Send(MessageBatch batch, bool unpaused = false)
    {
        if (batch.Count == 0) return;
        Cell.Counts.Out.Add(batch.Count);
        Cell.Outbox.Send(batch.Written(), unpaused);
    }

    /// <summary>Passes the failure on to the supervisor where the policy is to restart or stop.</summary>
    private protected bool MustEscalate => Cell.Definition.Supervision.OnError != OnError.Resume;

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        Cell.BusySince = Clock.GetTimestamp();
        try
        {
            return HandleAny(receive, message);
        }
        finally
        {
            Cell.BusySince = null;
        }
    }

    private bool HandleAny(Receive receive, object message)
    {
        var handled = true;
        switch (message)
        {
            case Delivery delivery when IsClosed:
                PutBack([delivery]);
                Begin();
                break;
            case Delivery delivery:
                Handle(delivery);
                Cell.Copy?.Rate.Add(delivery.Batch.Count);
                break;
            case EndOfMessages:
                Ended = true;

                // Where the policy is to resume, a failure to end must not keep the node from stopping.
                if (!MustEscalate) Self.Tell(Recheck.Instance);

                // One that waits to be opened again has nothing that must leave, or does it when it is open.
                if (Cell.IsOpen) HandleEnd();
                break;
            case NodeDrains:
                if (IsClosed) Cell.Mailbox.Resume(PauseReasons.Backoff);
                HandleDraining();
                break;
            case Recheck:
                break;
            case ChangeOptions change:
                HandleChange(change);
                break;
            case TurnChanged:
                HandleTurn();
                break;
            case Reopen reopen:
                // The timer of an earlier instance may have run out just when that was restarted.
                if (reopen != _reopen || Cell.IsOpen || (Ended && IsDrained && Cell.Mailbox.IsEmpty)) break;
                Begin();
                if (Ended) HandleEnd();
                break;
            case ClockTimers.Timer timer:
                if (_timers.Accept(timer)) handled = HandleOwn(receive, timer.Message);
                break;
            default:
                handled = HandleControl(message) || HandleOwn(receive, message);
                break;
        }
        if (Ended && IsDrained) Cell.Drained.TrySetResult();
        Cell.Copy?.SayWhetherQuiet();
        return handled;
    }

    private void HandleChange(ChangeOptions change)
    {
        try
        {
            if (Cell.IsOpen) Change(change.Options);
        }
        catch (Exception exception)
        {
            change.Done.TrySetException(exception);
            throw;
        }
        change.Done.TrySetResult();
    }

    /// <inheritdoc/>
    public override void AroundPreStart()
    {
        base.AroundPreStart();
        var self = Self;
        Cell.Turn?.Begin(() => self.Tell(TurnChanged.Instance));

        // Akka makes a restart whose last instance could not even be made into a first start.
        if (Cell.Started.Task.IsCompleted)
        {
            BeginAgain();
            return;
        }
        Cell.BusySince = Clock.GetTimestamp();
        Begin();
        Cell.BusySince = null;
    }

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object message)
    {
        try
        {
            Shut();
            base.AroundPreRestart(cause, message);
        }
        finally
        {
            PutBackUnfinished();
        }
    }

    /// <inheritdoc/>
    public override void AroundPostRestart(Exception cause, object message)
    {
        base.AroundPostRestart(cause, message);
        BeginAgain();
    }

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        Cell.IsEnding = true;
        Cell.BusySince = Clock.GetTimestamp();
        try
        {
            Shut();
            base.AroundPostStop();
        }
        finally
        {
            // The mailbox, which is closed after this, counts them and says that the component has ended.
            PutBackUnfinished();
        }
    }

    /// <summary>Opens after the pause, and never within the restart itself: Akka does not expect one of those to fail.</summary>
    private void BeginAgain()
    {
        if (Cell.Turn is { IsHeld: false } turn && !Cell.Draining)
        {
            StandBy(turn);
            return;
        }
        Cell.Mailbox.Pause(PauseReasons.Backoff);
        Cell.Copy?.TellState();
        _reopen = new Reopen();
        Cell.OpensAgainAt = Clock.GetTimestamp() + (long)(Cell.Restarts.Delay.TotalSeconds * Clock.TimestampFrequency);
        if (Cell.Restarts.Delay > TimeSpan.Zero) _backoff = TellLater(_reopen, Cell.Restarts.Delay);
        else Self.Tell(_reopen);
    }

    private void Begin()
    {
        // Before the component is asked, which may be busy again from the start.
        Cell.Mailbox.Resume(PauseReasons.Busy);
        try
        {
            // An input that restarts while the node stops has nothing more to read.
            if (Cell is { Draining: true, Intake: { } intake })
            {
                intake.Complete();
            }
            else if (Cell.Turn is { IsHeld: false } turn)
            {
                StandBy(turn);
                return;
            }
            else
            {
                if (Cell.Turn is not null) HasItsTurn();
                Open();
            }
        }
        catch (Exception exception) when (!Cell.Started.Task.IsCompleted)
        {
            Cell.Started.TrySetException(exception);
            Context.Stop(Self);
            return;
        }
        Cell.IsOpen = true;
        Cell.OpensAgainAt = null;
        Cell.Mailbox.Resume(PauseReasons.Backoff);
        Cell.Started.TrySetResult();
        Cell.Copy?.TellState();
    }

    private void PutBackUnfinished()
    {
        lock (Cell.Books)
        {
            if (!Cell.IsAbandoned) PutBack(TakeUnfinished());
        }
    }

    private void Shut()
    {
        Cell.IsOpen = false;
        _backoff?.Dispose();
        HandleClosing();
        try
        {
            Close();
        }
        catch (Exception exception)
        {
            ComponentLog.CloseFailed(Logger, exception);
        }
    }

    /// <summary>Told by a reload; an instance that is not open is followed by one that knows.</summary>
    internal sealed record ChangeOptions(object Options)
    {
        /// <summary>Done when it has taken them, or failed to.</summary>
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Told by the router when the node stops.</summary>
    internal sealed record NodeDrains;

    /// <summary>Has the actor look whether everything has gone.</summary>
    internal sealed class Recheck : IDeadLetterSuppression
    {
        public static readonly Recheck Instance = new();
    }

    /// <summary>Of one wait before opening.</summary>
    private sealed class Reopen : IDeadLetterSuppression;
}
