using Akka.Actor;
using MessageRouter.Codecs;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;

namespace MessageRouter.Components;

/// <summary>
/// An input: starts to read in <see cref="ComponentActor.Open"/> and hands what it reads to the <see cref="Intake"/>,
/// from whatever thread it reads on.
/// </summary>
/// <example>
/// <code>
/// public sealed class TickInput : InputActor
/// {
///     private readonly TimeSpan _every;
///
///     public TickInput(Options options)
///     {
///         _every = options.Every;
///         Receive&lt;string&gt;(_ => Intake.TryAdd(MessageBatch.Of(Intake.NewMessage("{}"u8.ToArray()))));
///     }
///
///     protected override void Open() => Timers.StartPeriodicTimer("tick", "tick", _every);
///
///     public sealed record Options { public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1); }
/// }
/// </code>
/// </example>
public abstract class InputActor : ComponentActor
{
    private readonly Decoder _decoder;
    private PassRate _passRate;

    /// <summary>Makes the input; its node does this.</summary>
    protected InputActor()
    {
        _decoder = Decoder.For(Cell.Definition.Codec);
    }

    /// <summary>The door into the node.</summary>
    protected Intake Intake => Cell.Intake!;

    /// <summary>
    /// The node is stopping: read no more. Call <see cref="Intake.Complete"/> when the last message is handed in; as it
    /// stands this happens at once, after <see cref="ComponentActor.Close"/>.
    /// </summary>
    protected virtual void StopReading()
    {
        Close();
        Intake.Complete();
    }

    /// <summary>A reload has put another input in its place, or removed it: as it stands this is the same as the end of the node.</summary>
    private protected virtual void LeaveReading() => StopReading();

    /// <summary>Reports, from any thread, that reading failed: the supervision policy decides what follows.</summary>
    protected static Action<Exception> FailureReporter(IActorRef self) => exception => self.Tell(new ReadingFailed(exception));

    private protected override bool HandleControl(object message)
    {
        switch (message)
        {
            case StopInput or Leave:
                Cell.Mailbox.Resume(PauseReasons.Backoff);
                Intake.IsStopping = true;
                try
                {
                    if (message is Leave) LeaveReading();
                    else StopReading();
                }
                catch
                {
                    Intake.Complete();
                    throw;
                }
                return true;
            case ReadingFailed when Cell is { Turn: not null, IsOpen: false }:
                return true;
            case ReadingFailed failed:
                throw new InputFailedException(failed.Exception);
            default:
                return false;
        }
    }

    private protected override void Handle(Delivery delivery)
    {
        // Codecs are no code of a component's own: nothing can hold up who waits for the books.
        lock (Cell.Books)
        {
            if (!Cell.IsAbandoned) Decode(delivery.Batch);
        }
    }

    private void Decode(MessageBatch batch)
    {
        Message[]? good = null;
        var count = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            if (_decoder.Check(batch.PayloadAt(i)) is { } problem)
            {
                if (good is null)
                {
                    good = new Message[batch.Count];
                    batch.Messages[..i].CopyTo(good);
                    count = i;
                }
                Cell.Counts.Dropped.Add(DropReasons.Undecodable, 1);
                batch[i].Receipt?.Settle(Fate.Failed, problem);
                Cell.Errors.Report(Cell, ErrorKind.Undecodable, batch[i], problem);
            }
            else if (good is not null)
            {
                good[count++] = batch[i];
            }
        }
        Cell.Restarts.Progressed = true;
        Cell.Counts.Held.Remove(batch.Count);
        Send(_passRate.Pass(good is null ? batch : new MessageBatch(good, count), batch.Count));
    }

    /// <summary>Told by the router when the node stops.</summary>
    internal sealed record StopInput;

    /// <summary>Told by a reload to an input that belongs to the node no more.</summary>
    internal sealed record Leave;

    private sealed record ReadingFailed(Exception Exception);
}
