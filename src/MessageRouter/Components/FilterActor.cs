using MessageRouter.Mailboxes;

namespace MessageRouter.Components;

/// <summary>
/// A filter: takes one message at a time and returns it, another one, or null so that nothing goes on.
/// A message on which it throws goes to the error chain; neither the others nor their order are touched by that.
/// Whether the filter is restarted then is its supervision's matter; a <see cref="MessageException"/> says that only the
/// message is at fault.
/// </summary>
/// <example>
/// <code>
/// public sealed class ErrorsOnly : FilterActor
/// {
///     protected override Message? Filter(Message message) =>
///         message["level"]?.ToString() == "error" ? message : null;
/// }
/// </code>
/// </example>
public abstract class FilterActor : ComponentActor
{
    /// <summary>Looks at one message.</summary>
    /// <returns>What goes on to every target; null where nothing does, counted as <c>filtered</c>.</returns>
    protected abstract Message? Filter(Message message);

    private protected override void Handle(Delivery delivery)
    {
        var messages = delivery.Batch.Messages;

        // As long as every message passes as it is, the batch itself goes on and nothing is copied.
        Message[]? passed = null;
        var count = 0;
        for (var i = 0; i < messages.Length; i++)
        {
            Message? result;
            try
            {
                result = Filter(messages[i]);
            }
            catch (Exception exception)
            {
                Cell.Counts.Failed.Add(1);
                Cell.Errors.Report(Cell, ErrorKind.Failed, messages[i], exception.Message, exception);
                if (exception is not MessageException && MustEscalate)
                {
                    Finish(passed is null ? delivery.Batch.Slice(0, i) : new MessageBatch(passed, count), i);
                    Cell.Mailbox.Return([delivery.Skip(i + 1)]);
                    throw;
                }
                Copy(messages, i);
                continue;
            }

            if (passed is null && ReferenceEquals(result, messages[i])) continue;
            Copy(messages, i);
            if (result is not null) passed![count++] = result;
            else Cell.Counts.Filtered.Add(1);
        }
        Finish(passed is null ? delivery.Batch : new MessageBatch(passed, count), messages.Length);

        void Copy(ReadOnlySpan<Message> from, int until)
        {
            if (passed is not null) return;
            passed = new Message[from.Length];
            from[..until].CopyTo(passed);
            count = until;
        }
    }

    private void Finish(MessageBatch passed, int handled)
    {
        if (handled > 0) Cell.Restarts.Progressed = true;
        Send(passed);
    }
}
