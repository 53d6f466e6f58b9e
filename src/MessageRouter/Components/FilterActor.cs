using MessageRouter.Mailboxes;

namespace MessageRouter.Components;

/// <summary>
/// A filter: takes one message at a time and returns it, another one, or null so that nothing goes on.
/// A message on which it throws goes to the error chain; neither the others nor their order are touched by that.
/// Whether the filter is restarted then is its supervision's matter; a <see cref="MessageException"/> says that only the
/// message is at fault. With <c>retry</c> in its block a message is tried several times first.
/// </summary>
/// <remarks>
/// What makes several messages of one, or emits at other times, is an <see cref="EmittingFilterActor"/>; what waits for a
/// database or the network is an <see cref="AsyncFilterActor"/>.
/// </remarks>
/// <example>
/// <code>
/// public sealed class ErrorsOnly : FilterActor
/// {
///     protected override Message? Filter(Message message) =>
///         message["level"]?.ToString() == "error" ? message : null;
/// }
/// </code>
/// </example>
public abstract class FilterActor : FilterBase
{
    /// <summary>Looks at one message.</summary>
    /// <returns>What goes on to every target; null where nothing does, counted as <c>filtered</c>.</returns>
    protected abstract Message? Filter(Message message);

    private protected override void Handle(Delivery delivery)
    {
        var messages = delivery.Batch.Messages;
        var triedBefore = TriedBefore(delivery);

        // As long as every message passes as it is, the batch itself goes on and nothing is copied.
        Message[]? passed = null;
        var (count, filtered, failed) = (0, 0, 0);
        for (var i = 0; i < messages.Length; i++)
        {
            Message? result;
            try
            {
                result = Filter(messages[i]);
            }
            catch (Exception exception)
            {
                var next = AfterFailure(delivery, i, i == 0 ? triedBefore + 1 : 1, exception);
                if (next == Next.GoOn)
                {
                    Copy(messages, i);
                    failed++;
                    continue;
                }
                FinishFirst(i);
                if (next == Next.Escalate) throw;
                return;
            }

            if (passed is not null || !ReferenceEquals(result, messages[i]))
            {
                Copy(messages, i);
                if (result is not null)
                {
                    passed![count++] = result.InPlaceOf(messages[i]);
                }
                else
                {
                    filtered++;
                    messages[i].Receipt?.Settle(Fate.Done);
                }
            }
            if (!PutBackAtTheEnd(delivery, i + 1)) continue;
            FinishFirst(i + 1);
            return;
        }
        FinishFirst(messages.Length);

        void FinishFirst(int dealtWith) =>
            Finish(passed is null ? delivery.Batch.Slice(0, dealtWith) : new MessageBatch(passed, count).Trimmed(), dealtWith - failed, filtered);

        void Copy(ReadOnlySpan<Message> from, int until)
        {
            if (passed is not null) return;
            passed = new Message[from.Length];
            from[..until].CopyTo(passed);
            count = until;
        }
    }
}
