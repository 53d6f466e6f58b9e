using Akka.Event;
using MessageRouter.Mailboxes;

namespace MessageRouter.Components;

/// <summary>
/// What all filters have in common. A filter derives from one of its three forms: <see cref="FilterActor"/>,
/// <see cref="EmittingFilterActor"/> or <see cref="AsyncFilterActor"/>.
/// </summary>
public abstract class FilterBase : ComponentActor
{
    private Message? _waiting;
    private PassRate _passRate;
    private int _tried;
    private Again? _again;
    private ITimer? _timer;

    private protected FilterBase()
    {
    }

    /// <summary>What follows a failure on one message of a delivery.</summary>
    private protected enum Next
    {
        /// <summary>The message is in the error chain and the next one's turn has come.</summary>
        GoOn,

        /// <summary>The message and those behind it are in the mailbox again.</summary>
        TryAgain,

        /// <summary>The message is in the error chain, those behind it are in the mailbox again, and the exception is the supervisor's.</summary>
        Escalate,
    }

    /// <summary>How often the first message of this delivery has been tried before; all others never were.</summary>
    private protected int TriedBefore(Delivery delivery)
    {
        var tried = _waiting is not null && ReferenceEquals(_waiting, delivery.Batch[0]) ? _tried : 0;
        _waiting = null;
        return tried;
    }

    /// <summary>Deals with an exception on one message of a delivery, whose earlier ones are dealt with.</summary>
    private protected Next AfterFailure(Delivery delivery, int index, int attempts, Exception exception)
    {
        var message = delivery.Batch[index];
        if (MayTryAgain(exception, attempts))
        {
            (_waiting, _tried) = (message, attempts);
            Wait(RetryPause(attempts));
            PutBack([delivery.Skip(index)]);
            return Next.TryAgain;
        }
        Fail(message, exception, attempts);
        if (!Escalates(exception))
        {
            Cell.Restarts.Progressed = true;
            return Next.GoOn;
        }
        PutBack([delivery.Skip(index + 1)]);
        return Next.Escalate;
    }

    /// <summary>Sends what messages led to that did not fail.</summary>
    /// <param name="passed">What goes on.</param>
    /// <param name="handled">How many messages there were.</param>
    /// <param name="filtered">Those of them for which nothing goes on.</param>
    /// <param name="created">Messages that go on and stand for none of them.</param>
    private protected void Finish(MessageBatch passed, int handled, int filtered, int created = 0)
    {
        if (handled > 0) Cell.Restarts.Progressed = true;
        passed = _passRate.Pass(passed, handled);
        lock (Cell.Books)
        {
            if (Cell.IsAbandoned) return;
            Cell.Counts.Held.Remove(handled);
            Cell.Counts.Filtered.Add(filtered);
            Cell.Counts.Created.Add(created);
            Send(passed);
        }
    }

    /// <summary>Puts what follows the first messages of a delivery back, where the node's time is over.</summary>
    private protected bool PutBackAtTheEnd(Delivery delivery, int dealtWith)
    {
        if (!Cell.MustStop) return false;
        PutBack([delivery.Skip(dealtWith)]);
        return true;
    }

    /// <summary>Whether the failure is the supervisor's matter once its message is in the error chain.</summary>
    private protected virtual bool Escalates(Exception exception) => exception is not MessageException && MustEscalate;

    private protected bool MayTryAgain(Exception exception, int attempts) =>
        exception is not MessageException && attempts < Cell.Definition.Retry.Attempts;

    /// <summary>The pause after so many attempts; a node that stops does not wait.</summary>
    private protected TimeSpan RetryPause(int attempts) =>
        Cell.Draining ? TimeSpan.Zero : Cell.Definition.Supervision.Doubled(Cell.Definition.Retry.Backoff, attempts - 1);

    private protected void Fail(Message message, Exception exception, int attempts) => Fail(message, exception.Message, exception, attempts);

    private protected override bool HandleControl(object message)
    {
        switch (message)
        {
            case Again:
                // The timer of an earlier wait, or instance, may have run out just when that ended.
                if (message == _again) Cell.Mailbox.Resume(PauseReasons.Busy);
                return true;
            case AskWhy ask:
                Sender.Tell(new Reasons(ReasonsFor(ask.Message)), Self);
                return true;
            default:
                return base.HandleControl(message);
        }
    }

    private protected override void HandleDraining() => Cell.Mailbox.Resume(PauseReasons.Busy);

    private protected override void HandleClosing() => _timer?.Dispose();

    private IReadOnlyList<Reason> ReasonsFor(Message message)
    {
        try
        {
            return [.. (this as IExplains)?.Explain(message) ?? []];
        }
        catch (Exception exception)
        {
            return [new Reason($"why is not known: {exception.GetType().Name}: {exception.Message}")];
        }
    }

    private void Wait(TimeSpan pause)
    {
        if (pause == TimeSpan.Zero) return;
        Cell.Mailbox.Pause(PauseReasons.Busy);
        _again = new Again();
        _timer = TellLater(_again, pause);
    }

    /// <summary>Asks why the filter will do with a message what it does; answered with <see cref="Reasons"/>.</summary>
    internal sealed record AskWhy(Message Message);

    internal sealed record Reasons(IReadOnlyList<Reason> All);

    /// <summary>Of one pause before a message is tried again.</summary>
    private sealed class Again : IDeadLetterSuppression;
}
