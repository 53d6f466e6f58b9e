using Akka.Actor;
using MessageRouter.Codecs;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Monitoring.Taps;

namespace MessageRouter.Components;

/// <summary>
/// An output: hands messages, already written by its codec, to the outside. The simple form overrides
/// <see cref="Write"/>; an output that collects, or learns only later that a message has arrived, overrides
/// <see cref="WriteBatch"/> and says so with <see cref="Delivered"/>.
/// </summary>
public abstract class OutputActor : ComponentActor
{
    private readonly Encoder _encoder;
    private readonly LinkedList<Delivery> _unfinished = [];

    /// <summary>Makes the output; its node does this.</summary>
    protected OutputActor()
    {
        _encoder = Encoder.For(Cell.Definition.Codec);
    }

    /// <summary>Messages that were given to <see cref="WriteBatch"/> and not yet delivered or dropped.</summary>
    protected int Unfinished { get; private set; }

    /// <summary>The bytes of these messages, their frames included.</summary>
    protected long UnfinishedBytes { get; private set; }

    /// <summary>
    /// Writes one message. Returning means delivered; an exception sends the message to the error chain, a
    /// <see cref="MessageException"/> without a restart.
    /// </summary>
    protected virtual void Write(Message message) =>
        throw new NotSupportedException($"{GetType().Name} overrides neither {nameof(Write)} nor {nameof(WriteBatch)}.");

    /// <summary>
    /// Takes messages to deliver, in order. Each must end in <see cref="Delivered"/> or <see cref="Drop"/>, now or
    /// later, in the same order. After an exception everything unfinished is given again to the restarted output.
    /// </summary>
    protected virtual void WriteBatch(MessageBatch batch)
    {
        foreach (var message in batch.Messages)
        {
            // What is left then goes back to the mailbox with everything unfinished.
            if (Cell.MustStop) return;
            try
            {
                Write(message);
            }
            catch (Exception exception)
            {
                Fail(message, exception);
                if (exception is not MessageException && MustEscalate) throw;
                continue;
            }
            Delivered(1);
        }
    }

    /// <summary>Writes out what is buffered. Called after the last message.</summary>
    protected virtual void Flush()
    {
    }

    /// <summary>The oldest <paramref name="count"/> unfinished messages have left the node.</summary>
    protected void Delivered(int count)
    {
        lock (Cell.Books)
        {
            if (Finish(count, Fate.Done, TapSide.Out)) Cell.Counts.Out.Add(count);
        }
        if (count > 0) Cell.Restarts.Progressed = true;
    }

    /// <summary>The oldest <paramref name="count"/> unfinished messages will not be delivered, for a reason of one word or a few joined by hyphens.</summary>
    protected void Drop(int count, string reason)
    {
        lock (Cell.Books)
        {
            if (Finish(count, Fate.Failed, TapSide.Dropped, reason)) Cell.Counts.Dropped.Add(reason, count);
        }
    }

    /// <summary>Takes no more messages until <see cref="ResumeTaking"/>; the mailbox's policy decides what happens meanwhile.</summary>
    protected void PauseTaking() => Cell.Mailbox.Pause(PauseReasons.Busy);

    /// <summary>Takes messages again.</summary>
    protected void ResumeTaking() => Cell.Mailbox.Resume(PauseReasons.Busy);

    /// <summary>Runs after each delivery, also after one of which no message could be encoded.</summary>
    private protected virtual void AfterDelivery()
    {
    }

    private protected override void Handle(Delivery delivery)
    {
        var batch = Encode(delivery.Batch);
        try
        {
            if (batch.Count > 0)
            {
                _unfinished.AddLast(delivery with { Batch = batch });
                Unfinished += batch.Count;
                UnfinishedBytes += batch.Bytes;
                WriteBatch(batch);
            }
            AfterDelivery();
        }
        catch (Exception exception) when (!MustEscalate)
        {
            FailUnfinished(exception);
        }
    }

    private protected override void HandleEnd()
    {
        try
        {
            Flush();
        }
        catch (Exception exception) when (!MustEscalate)
        {
            FailUnfinished(exception);
        }
    }

    /// <remarks>A later write, on a timer for example, fails for the messages that it was to write, as an earlier one does.</remarks>
    private protected override bool HandleOwn(Receive receive, object message)
    {
        try
        {
            return base.HandleOwn(receive, message);
        }
        catch (Exception exception) when (!MustEscalate && Unfinished > 0)
        {
            FailUnfinished(exception);
            return true;
        }
    }

    private protected override IEnumerable<Delivery> TakeUnfinished()
    {
        var taken = _unfinished.ToArray();
        _unfinished.Clear();
        Unfinished = 0;
        UnfinishedBytes = 0;
        return taken;
    }

    /// <summary>Writes messages by the codec; those that cannot be written go to the error chain.</summary>
    private protected MessageBatch Encode(MessageBatch batch)
    {
        if (_encoder.Keeps(batch)) return batch;
        var messages = batch.Messages;
        Message[]? encoded = null;
        var count = 0;
        for (var i = 0; i < messages.Length; i++)
        {
            Message? result = null;
            try
            {
                result = _encoder.Encode(messages[i]);

                // A tree is written only now; what cannot be written must fail here and not in the middle of a batch.
                _ = result.Payload;
            }
            catch (Exception exception)
            {
                lock (Cell.Books)
                {
                    if (DropTaken(1, DropReasons.Unencodable))
                    {
                        messages[i].Receipt?.Settle(Fate.Failed, exception.Message);
                        Cell.Errors.Report(Cell, ErrorKind.Unencodable, messages[i], exception.Message, exception);
                    }
                }
            }

            if (encoded is null && ReferenceEquals(result, messages[i])) continue;
            if (encoded is null)
            {
                encoded = new Message[messages.Length];
                messages[..i].CopyTo(encoded);
                count = i;
            }
            if (result is not null) encoded[count++] = result;
        }
        return encoded is null ? batch : new MessageBatch(encoded, count);
    }

    /// <summary>Counts messages as delivered, whichever of those taken they are, with their receipts settled by the caller.</summary>
    private protected void CountDelivered(int count)
    {
        lock (Cell.Books)
        {
            if (Cell.IsAbandoned) return;
            Cell.Counts.Held.Remove(count);
            Cell.Counts.Out.Add(count);
        }
        Cell.Restarts.Progressed = true;
    }

    /// <summary>Counts messages that were taken and will not be delivered; with <see cref="ComponentCell.Books"/> held.</summary>
    /// <returns>False where somebody else has counted them.</returns>
    private protected bool DropTaken(int count, string reason)
    {
        if (Cell.IsAbandoned) return false;
        Cell.Counts.Held.Remove(count);
        Cell.Counts.Dropped.Add(reason, count);
        return true;
    }

    /// <summary>Ends the oldest unfinished messages; with <see cref="ComponentCell.Books"/> held.</summary>
    /// <returns>False where somebody else has counted them.</returns>
    private bool Finish(int count, Fate fate, TapSide? side, string? reason = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Unfinished);
        Unfinished -= count;
        while (count > 0)
        {
            var first = _unfinished.First!.Value;
            _unfinished.RemoveFirst();
            var finished = Math.Min(count, first.Batch.Count);
            if (finished < first.Batch.Count) _unfinished.AddFirst(first.Skip(finished));
            count -= finished;
            var done = first.Batch.Slice(0, finished);
            UnfinishedBytes -= done.Bytes;
            if (Cell.IsAbandoned) continue;
            Cell.Counts.Held.Remove(done);
            if (side is { } seen) Cell.Counts.Tap.Saw(seen, done, why: reason);
            done.Settle(fate, reason);
        }
        return !Cell.IsAbandoned;
    }

    private void Fail(Message message, Exception exception)
    {
        lock (Cell.Books)
        {
            if (!Finish(1, Fate.Failed, null, exception.Message)) return;
            Cell.Counts.Failed.Add(1);
            Cell.Errors.Report(Cell, ErrorKind.Failed, message, exception.Message, exception);
        }
    }

    private void FailUnfinished(Exception exception)
    {
        while (_unfinished.First is { } first) Fail(first.Value.Batch[0], exception);
    }
}
