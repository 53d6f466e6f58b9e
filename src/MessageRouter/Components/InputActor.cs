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

    /// <summary>Reports, from any thread, that reading failed: the supervision policy decides what follows.</summary>
    protected static Action<Exception> FailureReporter(IActorRef self) => exception => self.Tell(new ReadingFailed(exception));

    private protected override bool HandleControl(object message)
    {
        switch (message)
        {
            case StopInput:
                Cell.Mailbox.Resume(PauseReasons.Backoff);
                try
                {
                    StopReading();
                }
                catch
                {
                    Intake.Complete();
                    throw;
                }
                return true;
            case ReadingFailed failed:
                throw new InputFailedException(failed.Exception);
            default:
                return false;
        }
    }

    private protected override void Handle(Delivery delivery)
    {
        var messages = delivery.Batch.Messages;
        Message[]? good = null;
        var count = 0;
        for (var i = 0; i < messages.Length; i++)
        {
            if (_decoder.Check(messages[i]) is { } problem)
            {
                if (good is null)
                {
                    good = new Message[messages.Length];
                    messages[..i].CopyTo(good);
                    count = i;
                }
                Cell.Counts.Dropped.Add(DropReasons.Undecodable, 1);
                messages[i].Receipt?.Settle(Fate.Failed, problem);
                Cell.Errors.Report(Cell, ErrorKind.Undecodable, messages[i], problem);
            }
            else if (good is not null)
            {
                good[count++] = messages[i];
            }
        }
        Cell.Restarts.Progressed = true;
        Send(good is null ? delivery.Batch : new MessageBatch(good, count));
    }

    /// <summary>Told by the router when the node stops.</summary>
    internal sealed record StopInput;

    private sealed record ReadingFailed(Exception Exception);
}
